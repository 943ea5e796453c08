# mypy: ignore-errors
"""Codes of which only the beginning is known are found in made-up records."""

import pytest

from extractors.model.types import ICD10Code, OPCS4Code
from extractors.tables.tpp import apcs, opa_proc, patients
from extractors.trial.definition import codelists_in
from extractors.trial.prefixes import completed


def node(series):
    return series.node


@pytest.mark.parametrize(
    ("condition", "place", "codes"),
    [
        (
            apcs.primary_diagnosis.first_characters(3).is_in(["I63", "A0"]),
            "primary_diagnosis",
            {"I63", "A00"},
        ),
        (
            apcs.primary_diagnosis.first_characters(3) == "I63",
            "primary_diagnosis",
            {"I63"},
        ),
        (apcs.all_diagnoses.word_begins("I63 E11"), "all_diagnoses", {"I63", "E11"}),
        (apcs.all_procedures.word_begins("W37"), "all_procedures", {"W37"}),
        (
            apcs.primary_diagnosis.first_characters(3).is_in(["lower", "63"]),
            "primary_diagnosis",
            set(),
        ),
    ],
)
def test_beginnings_are_wished_for(condition, place, codes):
    found = codelists_in([node(condition)])
    assert {code for each in found["apcs", place] for code in each} == codes


def test_a_part_of_a_procedure():
    found = codelists_in(
        [node(opa_proc.primary_procedure_code.as_text().contains("W371"))]
    )
    assert found == {("opa_proc", "primary_procedure_code"): (("W371",),)}


def test_what_has_categories_is_drawn_from_these():
    assert codelists_in([node(patients.sex.first_characters(1) == "f")]) == {}


def test_codes_are_completed_within_their_system():
    assert completed(ICD10Code, "I") == "I00"
    assert completed(OPCS4Code, "W3") == "W30"
    assert completed(ICD10Code, "i6") == ""
