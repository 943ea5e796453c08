# mypy: ignore-errors
"""Concepts of OMOP"""

import pytest

from extractors import ConceptId, concept_set
from extractors.tables.omop import condition_occurrence, person

ROWS = {
    condition_occurrence: """
          | condition_concept_id | condition_start_date
        --+----------------------+---------------------
        1 | 201826               | 2020-01-01
        1 | 443732               | 2020-01-02
        1 | 0                    | 2020-01-03
        2 | 317009               | 2020-01-01
        3 |                      | 2020-01-01
    """
}
concept = condition_occurrence.condition_concept_id


def test_equals(spec):
    """OMOP's own tables hold concept ids, which are whole numbers without quotes"""
    spec(
        ROWS,
        condition_occurrence.where(concept == 201826).exists_for_patient(),
        {1: True, 2: False, 3: False},
    )


def test_no_matching_concept(spec):
    """0 means that there is no matching concept; it is a value, and not NULL"""
    spec(
        ROWS,
        condition_occurrence.where(concept == 0).count_for_patient(),
        {1: 1, 2: 0, 3: 0},
    )


def test_is_in(spec):
    """A list of concept ids is looked for with is_in"""
    spec(
        ROWS,
        condition_occurrence.where(concept.is_in([201826, 317009])).count_for_patient(),
        {1: 1, 2: 1, 3: 0},
    )


def test_concept_set(spec):
    """The records' vocabulary says what is in a concept set; without one, as here, it
    is what it names
    """
    diabetes = concept_set([201826, 443732], include_descendants=True, exclude=[443732])
    spec(
        ROWS,
        condition_occurrence.where(concept.is_in(diabetes)).count_for_patient(),
        {1: 1, 2: 0, 3: 0},
    )


def test_to_category(spec):
    """to_category() gives the category of a concept id"""
    first = condition_occurrence.sort_by(
        condition_occurrence.condition_start_date
    ).first_for_patient()
    kinds = {201826: "diabetes", 317009: "asthma"}
    spec(
        ROWS,
        first.condition_concept_id.to_category(kinds),
        {1: "diabetes", 2: "asthma", 3: None},
    )


def test_codes_are_no_ids():
    """A code of SNOMED CT is refused"""
    with pytest.raises(TypeError, match="expected ConceptId, got str"):
        concept == "44054006"


def test_numbers_that_look_like_codes():
    """It is refused as a number, too"""
    with pytest.raises(ValueError, match="44054006 looks like a code of SNOMED CT"):
        concept == 44054006


def test_ids_that_look_like_codes():
    """Who means a concept id of that form, says so"""
    concept == ConceptId(44054006)


def test_person(spec):
    """date_of_birth is made of year, month and day; age_on() gives completed years"""
    table = {
        person: """
              | date_of_birth
            --+--------------
            1 | 1980-05-17
            2 |
        """
    }
    spec(table, person.age_on("2020-05-16"), {1: 39, 2: None})
