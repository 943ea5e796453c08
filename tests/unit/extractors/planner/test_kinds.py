# mypy: ignore-errors
"""What the rules make of the series that studies are made of; `plan` shows it."""

import pytest

from extractors import (
    INTERVAL,
    case,
    days,
    maximum_of,
    minimum_of,
    months,
    weeks,
    when,
    years,
)
from extractors.planner.plan import make_plan
from extractors.tables.tpp import (
    addresses,
    clinical_events,
    ons_deaths,
    patients,
    practice_registrations,
)

START, END = INTERVAL.start_date, INTERVAL.end_date
coded = clinical_events.where(clinical_events.snomedct_code.is_in(["195967001"]))
in_period = coded.where(coded.date.is_during(INTERVAL))
before = coded.where(coded.date.is_on_or_before(START))
last_before = before.sort_by(coded.date).last_for_patient()
rolling = coded.where(coded.date.is_during(weeks(52).ending_on(END)))
age = patients.age_on(START)

KINDS = {
    "static": {
        "sex": patients.sex,
        "born before a day": patients.date_of_birth < "1980-01-01",
    },
    "timeline": {
        "ever before": coded.date.minimum_for_patient() <= START,
        "never before": ~coded.where(coded.date < START).exists_for_patient(),
        "age in bands": case(when(age < 40).then("young"), when(age >= 40).then("old")),
        "age": age,
        "age of ten years": age // 10,
        "age in a list": age.is_in([40, 41]),
        "months since": (START - patients.date_of_birth).months,
        "days since, compared": (START - coded.date.maximum_for_patient()).days < 90,
        "weeks until, compared": (patients.date_of_death - END).weeks >= 4,
        "registered": practice_registrations.exists_for_patient_on(START),
        "region": practice_registrations.for_patient_on(END).practice_nuts1_region_name,
        "deprivation": addresses.for_patient_on(START).imd_quintile,
        "latest value": last_before.numeric_value,
        "latest value, lately": last_before.date > START - months(6),
        "latest date before, lately": before.date.maximum_for_patient()
        > START - months(6),
        "weeks since the latest before": (
            START - before.date.maximum_for_patient()
        ).weeks
        < 13,
        "alive": minimum_of(patients.date_of_death, ons_deaths.date).is_null()
        | (ons_deaths.date > START),
        "mean of a year": rolling.numeric_value.mean_for_patient(),
        "all of it": (age >= 16)
        & practice_registrations.exists_for_patient_on(START)
        & ~(ons_deaths.date < END),
        "year of the period": (START.year == 2020) & patients.sex.is_in(["female"]),
        "not seen": ~in_period.exists_for_patient(),
    },
    "window": {
        "seen": in_period.exists_for_patient(),
        # on a ladder on which years overlap it becomes a timeline
        "events of a year": rolling.count_for_patient(),
        "first of a year, long ago": rolling.date.minimum_for_patient()
        < END - weeks(26),
        "how often": in_period.count_for_patient(),
        "seen, of an age": in_period.exists_for_patient() & (age >= 65),
        "highest is high": in_period.numeric_value.maximum_for_patient() > 140,
        "first of the period": in_period.sort_by(in_period.date)
        .first_for_patient()
        .numeric_value
        > 140,
        "seen in a narrower frame": in_period.where(
            in_period.numeric_value > 3
        ).exists_for_patient(),
    },
    "general": {
        "days since": (START - patients.date_of_birth).days,
        "the day itself": START,
        "later of two": maximum_of(patients.date_of_birth, START),
        "values that move by the day": (END - coded.date).days.sum_for_patient(),
    },
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, those in KINDS.items() for name in those]
)
def test_kind(kind: str, name: str):
    plan = make_plan({"x": KINDS[kind][name].node}, ())
    assert plan.parts["x"].kind == kind, plan.parts["x"]


def test_the_plan_says_why():
    plan = make_plan({"x": (age + (START - patients.date_of_birth).days).node}, ())
    assert plan.parts["x"].why == "the date of the period is used as a value"


def test_a_series_of_any_depth_is_general_rather_than_too_much_for_the_parser():
    deep = age
    for _ in range(400):
        deep = deep + 1
    assert make_plan({"x": deep.node}, ()).parts["x"].kind == "general"


def test_durations_of_other_units_move_the_date_of_a_period():
    for moved in (START - days(1), START + weeks(1), END - months(3), END + years(1)):
        flag = coded.date.maximum_for_patient() >= moved
        assert make_plan({"x": flag.node}, ()).parts["x"].kind == "timeline"


@pytest.mark.parametrize(("dates", "kind"), [(40, "timeline"), (300, "general")])
def test_a_series_that_may_change_for_hundreds_of_reasons_is_general(
    dates: int, kind: str
):
    flag = coded.date.maximum_for_patient() == START + days(0)
    for number in range(1, dates):
        flag = flag | (coded.date.maximum_for_patient() == START + days(number))
    assert make_plan({"x": flag.node}, ()).parts["x"].kind == kind


@pytest.mark.parametrize(
    ("moved", "kind"),
    [(lambda k: days(1), "timeline"), (lambda k: days(k + 1), "general")],
)
def test_a_date_chosen_from_itself_again_and_again_is_looked_through_once(
    moved, kind: str
):
    """Written out it is 2^40 dates: 41 different ones if each is a day later, else all
    of them.
    """
    date = last_before.date
    for k in range(40):
        date = maximum_of(date, date + moved(k))
    assert make_plan({"x": (date <= START).node}, ()).parts["x"].kind == kind


def test_a_date_of_any_depth_is_general():
    date = last_before.date
    for k in range(700):
        date = maximum_of(date, patients.date_of_birth + days(k))
    assert (
        make_plan({"x": (date <= START).node}, ()).parts["x"].why
        == "more than 150 operations are nested in it"
    )
