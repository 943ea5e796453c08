# mypy: ignore-errors
"""A population that is True for a patient without any record is refused."""

import pytest

from extractors import INTERVAL, case, create_dataset, days, maximum_of, when
from extractors.model.empties import value_without_rows
from extractors.model.worth import UNKNOWN
from extractors.tables.tpp import clinical_events as events
from extractors.tables.tpp import ons_deaths, patients, practice_registrations

date = events.date.maximum_for_patient()
REFUSED = [
    patients.sex.is_null(),
    ~patients.exists_for_patient(),
    ~ons_deaths.exists_for_patient() & ~patients.exists_for_patient(),
    events.count_for_patient() == 0,
    events.count_for_patient() + 1 > 0,
    (events.count_for_patient() - 3).absolute() == 3,
    patients.is_alive_on("2020-01-01"),
    date.is_null() | (date > INTERVAL.start_date),
    patients.sex.when_null_then("male") == "male",
    patients.sex.is_in(["male"]).when_null_then(True),
    patients.sex.is_not_in([]),
    ~date.is_in(events.date),
    case(when(patients.sex == "male").then(False), otherwise=True),
    maximum_of(patients.date_of_birth.year, 7) == 7,
    events.date.count_episodes_for_patient(days(3)).as_float() / 1 == 0.0,
    practice_registrations.days_registered_during(("2020-01-01", "2020-01-31")) == 0,
]
FINE = [
    patients.sex.is_in(["male", "female"]),
    patients.exists_for_patient() & ons_deaths.date.is_null(),
    events.count_for_patient() > 0,
    patients.date_of_birth.is_on_or_before(INTERVAL.start_date),
    ~(patients.sex == "male"),
    patients.sex.is_in([]),
    1 / events.count_for_patient() > 0.0,
    case(when(patients.sex == "male").then(True)),
    INTERVAL.start_date > "2020-01-01",
    events.numeric_value.sum_for_patient() >= 0.0,
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_refused(number):
    assert value_without_rows(REFUSED[number].node) is True
    with pytest.raises(ValueError, match="must not evaluate as True for NULL inputs"):
        create_dataset().define_population(REFUSED[number])


@pytest.mark.parametrize("number", range(len(FINE)))
def test_fine(number):
    assert value_without_rows(FINE[number].node) is not True
    create_dataset().define_population(FINE[number])


def test_what_depends_on_the_interval_is_unknown():
    assert value_without_rows((INTERVAL.start_date.year > 2000).node) is UNKNOWN


def test_what_needs_more_than_64_bits_is_unknown():
    """Squared 28 times, ten had 200 million digits; and of an infinite number there was
    no whole one.
    """
    squares = events.count_for_patient() + 10
    for _ in range(40):
        squares = squares * squares
    infinite = (events.count_for_patient() + 1).as_float() * 1e308 * 10
    for series in (
        squares > 5,
        infinite.as_int() > 5,
        (infinite - infinite).as_int() > 5,
    ):
        assert value_without_rows(series.node) is UNKNOWN
