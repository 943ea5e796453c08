"""How much happens to people: rows of a table per person and year.

Appointments in general practice: NHS Digital, 2019. Admissions, outpatients and
emergency care: NHS Digital, Hospital Episode Statistics 2019/20. Items: NHSBSA,
2019/20. All over England's 56 million, rounded. Coded events: what ten years of a
record hold, as `--other-events 40` adds it, three times over, since most codes are
written beside others.
"""

from extractors.trial.days import YEAR, Span
from extractors.trial.dice import Array
from extractors.trial.people.clinic import Curve, at_age
from extractors.trial.people.draw import People

RATES = {
    "appointments": 5.4,
    "clinical_events": 12.0,
    "clinical_events_ranges": 12.0,
    "medications": 19.0,
    "apcs": 0.3,
    "apcs_cost": 0.3,
    "ec": 0.42,
    "ec_cost": 0.42,
    "emergency_care_attendances": 0.42,
    "opa": 1.7,
    "opa_cost": 1.7,
    "opa_diag": 0.2,
    "opa_proc": 0.6,
    "sgss_covid_all_tests": 0.8,
    # far above the real number, so that a few thousand people show it
    "covid_therapeutics": 0.05,
}
OF_AN_AGE: Curve = (
    (0, 0.9),
    (5, 0.55),
    (15, 0.55),
    (30, 0.8),
    (50, 1.0),
    (65, 1.5),
    (80, 2.1),
    (95, 2.2),
)
AVERAGE = 1.0  # of the curve over England's ages, nearly


def expected(people: People, table: str, since: int) -> Array | None:
    """How many rows of a table to expect of each of the people from a day on; None
    where it is not known.
    """
    if table not in RATES:
        return None
    span: Span = people.span
    years = max(span.last - since, 0) / YEAR
    age = people.age(span.middle)
    return RATES[table] / AVERAGE * years * at_age(OF_AN_AGE, age) * people.busy
