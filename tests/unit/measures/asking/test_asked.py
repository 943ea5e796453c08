"""What a definition asks, in words: of its model and its codelists, and of nothing
else.
"""

import json
from pathlib import Path

import pytest

from measures.asking.asked import asked
from tests.lib.definitions import load, project

__all__ = ["project"]

DEFINITION = """
from ehrql import INTERVAL, case, codelist_from_csv, create_measures, weeks, when
from ehrql.tables.tpp import clinical_events, patients, practice_registrations

codes = codelist_from_csv("codelists/seen.csv", column="code")
seen = clinical_events.where(clinical_events.date.is_during(INTERVAL)).where(clinical_events.snomedct_code.is_in(codes))
age = patients.age_on(INTERVAL.start_date)
measures = create_measures()
measures.define_defaults(
    denominator=practice_registrations.exists_for_patient_on(INTERVAL.start_date),
    intervals=weeks(2).starting_on("2020-01-06"),
)
measures.define_measure("seen", numerator=seen.exists_for_patient())
measures.define_measure("seen_by_band", numerator=seen.exists_for_patient(), group_by={
    "band": case(when(age < 40).then("young"), when(age >= 40).then("old"), otherwise="not known"),
})
measures.define_measure("times", numerator=seen.count_for_patient())
measures.define_measure("one", numerator=seen.where(seen.snomedct_code == codes[0]).exists_for_patient())
measures.define_measure("not_there", numerator=~seen.exists_for_patient() & patients.date_of_birth.is_not_null())
measures.describe(title="Seen")
measures.describe("seen", title="People seen", baseline="2020-01-06")
"""
REGISTERED = (
    "people for whom there is a row in the table practice registrations (where start "
    "date is on or before the first day of the period and (end date is on or after "
    "the first day of the period or is missing))"
)
SEEN = (
    "in the table clinical events (where date is in the period and snomedct code is "
    "one of all 3 codes of the codelist “seen”)"
)


@pytest.fixture
def said(project: Path) -> dict:
    (project / "codelists").mkdir(exist_ok=True)
    (project / "codelists" / "seen.csv").write_text(
        "code\n271649006\n413606001\n413605002\n", encoding="utf-8"
    )
    return asked(load(DEFINITION))


def of(said: dict, name: str) -> dict:
    return next(each for each in said["measures"] if each["name"] == name)


def test_numerators_and_denominators_in_words(said):
    assert of(said, "seen")["numerator"] == f"people for whom there is a row {SEEN}"
    assert of(said, "seen")["denominator"] == REGISTERED
    assert (
        of(said, "times")["numerator"]
        == f"the number of rows {SEEN}, added up over all people"
    )
    no_row = f"there is no row {SEEN} and date of birth in patients is known"
    assert of(said, "not_there")["numerator"] == f"people for whom {no_row}"
    assert "snomedct code is “271649006”" in of(said, "one")["numerator"]


def test_groups_in_words(said):
    assert of(said, "seen_by_band")["groups"] == {
        "band": "of (the full years from date of birth in patients to the first day of "
        "the period): “young” if it is below 40; “old” if it is at least 40; "
        "else “not known”"
    }


def test_measures_that_differ_in_their_groups_are_one_family(said):
    family = {each["name"]: each["family"] for each in said["measures"]}
    assert family["seen"] == family["seen_by_band"]
    assert len(set(family.values())) == 4


def test_codelists_and_text_and_the_authors_words(said):
    [codelist] = said["codelists"]
    assert (codelist["name"], codelist["codes"]) == ("codelists/seen.csv", 3)
    assert said["definition"] == [{"name": "study.py", "text": DEFINITION}]
    assert said["described"]["title"] == "Seen"
    assert said["described"]["measures"] == {
        "seen": {"title": "People seen", "baseline": "2020-01-06"}
    }


def test_no_path_of_this_machine_is_in_it(said, project):
    assert str(project.parent) not in json.dumps(said)


def test_shipped_study_is_told_in_words():
    from measures.loading import load_study
    from measures.study import find_study

    told = asked(load_study(find_study("nhs_at_home")))
    numerator = of(told, "bp_weekly_patients")["numerator"]
    assert "one of all 4 codes of the codelist “home-blood-pressure”" in numerator
    # of everybody who was there on the first day, and of who was there on any
    assert len({each["denominator"] for each in told["measures"]}) == 2
