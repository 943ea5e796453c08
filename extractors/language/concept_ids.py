"""Concept ids as an author writes them: whole numbers, and no codes."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from extractors.language.reading import current
from extractors.model.concepts import MOST
from extractors.model.types import Code, ConceptId, name_of
from extractors.model.verhoeff import has_check_digit

FEWEST_DIGITS = 6  # of a code of SNOMED CT
MOST_DIGITS = 8  # of the ids of the vocabularies that OHDSI gives out
MANY = 10  # codes: of fewer, whether they are made up for a test is not to be seen
# One code in ten has the right check digit by chance, and of published lists all have
# it. So a list of which more than half is wrong is none of SNOMED CT: of 166 ids of
# GiBleed's concepts ten random ones were taken for codes in 4 of 10,000 draws.
MOST_WRONG = 0.5
COLUMN_OF_IDS = re.compile(r"(.*_)?concept_?ids?", re.IGNORECASE)
# the two digits before the check digit, where a code is a concept's
PARTITIONS = ("00", "10")
CODES_INSTEAD = (
    "look for codes in clinical_events.snomedct_code or another column of codes, "
    "or find the ids of the concepts (concept_code in OMOP's table concept)"
)


def concept_id(value: Any) -> ConceptId:
    """A whole number as a concept id.

    Raises TypeError for anything else, ValueError for what is no id of a concept, or is
    rather a code.
    """
    if type(value) is ConceptId:
        return value
    if isinstance(value, Code) or type(value) is str:
        raise TypeError(_of_text(value))
    if type(value) is not int:
        raise TypeError(
            f"expected ConceptId, got {name_of(type(value))}; concept ids are whole "
            "numbers, as 201826"
        )
    if value < 0 or value > MOST:
        raise ValueError(
            f"{value} is no concept id, which is a whole number from 0 to {MOST}; "
            f"{CODES_INSTEAD}"
        )
    if is_like_snomed(value):
        raise ValueError(
            f"{value} looks like a code of SNOMED CT and not like a concept id; "
            f"{CODES_INSTEAD}. If it is the id of a concept, write ConceptId({value})"
        )
    return ConceptId(value)


def concept_ids(values: Iterable[Any]) -> list[ConceptId]:
    """Several, as `concept_id` takes them; of many, a few may look like codes by
    chance.
    """
    values = list(values)
    alike = [
        value
        for value in values
        if type(value) is int and 0 <= value <= MOST and is_like_snomed(value)
    ]
    by_chance = 2 * len(alike) <= len(values)
    return [
        ConceptId(value) if by_chance and value in alike else concept_id(value)
        for value in values
    ]


def refuse_ids(codes: Sequence[str], system: type[Code]) -> bool:
    """ValueError for codes of which most lack their check digit: they are concept ids.

    Of few of them, and of codes that follow each other, it is noted, for they may be
    made up; but not of those in a file that calls them concept ids. Whether it is
    noted.
    """
    plain = [
        code
        for code in codes
        if code.isascii() and code.isdigit() and len(code) <= MOST_DIGITS
    ]
    wrong = [
        code for code in plain if len(code) < FEWEST_DIGITS or not has_check_digit(code)
    ]
    if len(wrong) <= MOST_WRONG * len(codes):
        return False
    called = _called_ids(wrong)
    made_up = _is_made_up(plain)
    said = (
        f"{_most(len(wrong), len(codes))} the check digit of {system.label} codes, "
        f"such as {min(wrong)}; if they are concept ids of OMOP, look for them with "
        f"{called or 'concept_set([ids])'} in a column of concept ids"
    )
    if called or (len(codes) >= MANY and not made_up):
        raise ValueError(
            f"{said}. If they are made up, write {name_of(system)}('{min(wrong)}'), "
            "of ehrql.codes"
        )
    if not made_up:
        current().note(said)
    return not made_up


def _most(wrong: int, all_: int) -> str:
    if wrong == all_:
        return "this code lacks" if all_ == 1 else f"these {all_} codes lack"
    return f"{wrong} of these {all_} codes lack"


def _called_ids(codes: Iterable[str]) -> str:
    """How a file is read that holds such codes in a column called as concept ids; empty
    if there is none.
    """
    reading = current()
    names = {reading.codes.get(code, "") for code in codes}
    for file in reading.codelists:
        if file.name in names and COLUMN_OF_IDS.fullmatch(file.columns[0].strip()):
            return f"concept_set_from_csv({file.name!r}, column={file.columns[0]!r})"
    return ""


def _is_made_up(codes: Iterable[str]) -> bool:
    """Whether each is as much larger than the one before."""
    numbers = sorted(set(map(int, codes)))
    return len({later - earlier for earlier, later in pairwise(numbers)}) <= 1


def _of_text(value: str) -> str:
    if isinstance(value, Code):
        return f"expected ConceptId, got {name_of(type(value))}; {CODES_INSTEAD}"
    without = (
        f"; write it without quotes: {value}"
        if value.isdigit() and not is_like_snomed(int(value))
        else ""
    )
    return f"expected ConceptId, got str{without or f'; {CODES_INSTEAD}'}"


def is_like_snomed(number: int) -> bool:
    """Whether a number has the form of a concept's code: of 1,000 ids two have it by
    chance.
    """
    text = str(number)
    return (
        len(text) >= FEWEST_DIGITS
        and text[-3:-1] in PARTITIONS
        and has_check_digit(text)
    )
