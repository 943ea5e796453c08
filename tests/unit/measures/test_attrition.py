"""Who is left after each condition: its words are whole, however long they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.preparing.prepare import period_of
from measures.attrition import attrition_of, steps_in, steps_of
from measures.describing import MOST_TITLE
from tests.lib.definitions import load, project

__all__ = ["project"]
STUDY = """
from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import patients, practice_registrations as registrations
regions = ["London", "South East", "South West", "East", "East Midlands", "West Midlands", "North West", "North East"]
measures = create_measures()
registered = registrations.for_patient_on(INTERVAL.start_date)
measures.define_measure(
    "women",
    numerator=patients.date_of_birth.is_after("1950-01-01"),
    denominator=(patients.sex == "female")
    & (registered.practice_nuts1_region_name.is_in(regions) | (patients.age_on(INTERVAL.start_date) > 17))
    & patients.is_alive_on(INTERVAL.start_date),
    intervals=months(2).starting_on("2020-01-01"),
)
"""


@pytest.fixture
def study(project: Path):
    return load(STUDY)


def test_long_conditions_are_whole(study):
    last = period_of(study, "")
    attrition = attrition_of(study, last)
    steps = steps_in(attrition)
    assert [(step.of, step.condition) for step in steps] == [
        (step.of, step.condition) for step in steps_of(study, last)
    ]
    long = steps[1].condition
    assert len(long) > MOST_TITLE and long.endswith("is above 17")
    assert [step.measure.name for step in steps] == ["left_1_1", "left_1_2", "left_1_3"]


def test_a_release_has_a_title_and_the_whole_sentence(study):
    attrition = attrition_of(study, period_of(study, ""))
    said = [
        attrition.described["measures"][measure.name] for measure in attrition.measures
    ]
    assert said[0] == {"title": "denominator of women: sex in patients is “female”"}
    assert said[1]["title"].endswith(" …") and len(said[1]["title"]) <= MOST_TITLE
    assert said[1]["sentence"] == steps_in(attrition)[1].condition


def test_it_is_asked_for_by_its_whole_name_too(study):
    period = period_of(study, "")
    named = attrition_of(study, period).name
    assert attrition_of(replace(study, called=named), period).name == named


def test_files_of_an_old_study_are_not_of_its_attrition(study):
    old = replace(
        study,
        forms={"sex": "text"},
        old_measures={"women": ("a", "b")},
        index=(period_of(study, ""),),
    )
    attrition = attrition_of(old, period_of(study, ""))
    assert not (attrition.forms or attrition.old_measures or attrition.index)
