# mypy: ignore-errors
"""How often does something happen for the first time? Incidence on OMOP records, as
IncidencePrevalence counts it.

Everybody is at risk while observed, from any day up to the first event, which counts.
As in OHDSI's tools an event is one within an observation period. README.md says what
can be chosen behind `--`, and sets each line beside OHDSI's own tools.
"""

from datetime import date

from extractors import INTERVAL, concept_set, in_bands, years
from extractors.language.parameters import get_parameter
from extractors.tables.omop import condition_occurrence, observation_period, person
from measures import create_measures

# What is looked for; 192671 is gastrointestinal hemorrhage.
outcome = get_parameter("outcome", type=int, default=192671)
outcome = outcome if isinstance(outcome, list) else [outcome]
below = get_parameter("descendants", type=bool, default=False)
first_year = get_parameter("first-year", type=int, default=2008)
number_of_years = get_parameter("years", type=int, default=10)

found = condition_occurrence.where(
    condition_occurrence.condition_concept_id.is_in(
        concept_set(outcome, include_descendants=below)
    )
)
first_event = found.where(
    found.in_observation
).condition_start_date.minimum_for_patient()

days_at_risk = observation_period.days_at_risk_during(INTERVAL, first_event)
is_new = person.exists_for_patient() & first_event.is_during(INTERVAL)
at_risk = person.exists_for_patient() & (days_at_risk > 0)
age_group = in_bands(
    person.age_on(INTERVAL.start_date), [(0, 17), (18, 39), (40, 64), (65, None)]
)

measures = create_measures()
measures.define_defaults(
    intervals=years(number_of_years).starting_on(date(first_year, 1, 1))
)
measures.define_measure("incidence", numerator=is_new, denominator=days_at_risk)
measures.define_measure("people_at_risk", numerator=is_new, denominator=at_risk)
measures.define_measure(
    "incidence_by_sex",
    numerator=is_new,
    denominator=days_at_risk,
    group_by={
        "sex": person.gender_concept_id.to_category(
            {8507: "Male", 8532: "Female"}, default="None"
        )
    },
)
measures.define_measure(
    "incidence_by_age",
    numerator=is_new,
    denominator=days_at_risk,
    group_by={"age_group": age_group},
)

measures.describe(
    title="Incidence on OMOP records", headline=["incidence", "people_at_risk"]
)
# The denominators are days: 365.25 * 100,000 of them.
by_years = {"per": 36_525_000, "unit": "per 100,000 person-years"}
measures.describe("incidence", title="First events by time at risk", **by_years)
measures.describe("incidence_by_sex", title="First events by time at risk", **by_years)
measures.describe("incidence_by_age", title="First events by time at risk", **by_years)
measures.describe("people_at_risk", title="People at risk with a first event")
