"""Concept ids as an author writes them: whole numbers, and no codes."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from extractors.model.concepts import MOST
from extractors.model.types import Code, ConceptId, name_of
from extractors.model.verhoeff import has_check_digit

FEWEST_DIGITS = 6  # of a code of SNOMED CT
MOST_DIGITS = 8  # of the ids of the vocabularies that OHDSI gives out
MANY = 10  # codes: fewer may be wrong by chance, or made up for a test
MOST_RIGHT = 0.8  # of codes that are wrong in so large a share, none was meant
PARTITIONS = ("00", "10")  # the two digits before the check digit, where a code is a concept's
CODES_INSTEAD = (
    "look for codes in clinical_events.snomedct_code or another column of codes, "
    "or find the ids of the concepts (concept_code in OMOP's table concept)"
)


def concept_id(value: Any) -> ConceptId:
    """A whole number as a concept id.

    Raises TypeError for anything else, ValueError for what is no id of a concept, or is rather a code.
    """
    if type(value) is ConceptId:
        return value
    if isinstance(value, Code) or type(value) is str:
        raise TypeError(_of_text(value))
    if type(value) is not int:
        raise TypeError(f"expected ConceptId, got {name_of(type(value))}; concept ids are whole numbers, as 201826")
    if value < 0 or value > MOST:
        raise ValueError(f"{value} is no concept id, which is a whole number from 0 to {MOST}; {CODES_INSTEAD}")
    if is_like_snomed(value):
        raise ValueError(
            f"{value} looks like a code of SNOMED CT and not like a concept id; {CODES_INSTEAD}. "
            f"If it is the id of a concept, write ConceptId({value})"
        )
    return ConceptId(value)


def concept_ids(values: Iterable[Any]) -> list[ConceptId]:
    """Several, as `concept_id` takes them; of many, a few may look like codes by chance."""
    values = list(values)
    alike = [value for value in values if type(value) is int and 0 <= value <= MOST and is_like_snomed(value)]
    by_chance = 2 * len(alike) <= len(values)
    return [ConceptId(value) if by_chance and value in alike else concept_id(value) for value in values]


def refuse_ids(codes: Sequence[str], system: type[Code]) -> None:
    """ValueError for many codes of which hardly any has its check digit: they are concept ids.

    Of concept ids one in ten has it by chance. Codes that follow each other are made up.
    """
    plain = [code for code in codes if code.isascii() and code.isdigit() and len(code) <= MOST_DIGITS]
    if len(plain) < MANY or len(plain) < len(codes) or _is_made_up(plain):
        return
    wrong = [code for code in plain if len(code) < FEWEST_DIGITS or not has_check_digit(code)]
    if len(wrong) > MOST_RIGHT * len(plain):
        raise ValueError(
            f"most of these {len(plain)} codes have not the check digit of {system.label} codes, such as {wrong[0]}; "
            "if they are concept ids of OMOP, look for them with concept_set([ids]) in a column of concept ids"
        )


def _is_made_up(codes: Iterable[str]) -> bool:
    """Whether each is as much larger than the one before."""
    numbers = sorted(set(map(int, codes)))
    return len({later - earlier for earlier, later in pairwise(numbers)}) <= 1


def _of_text(value: str) -> str:
    if isinstance(value, Code):
        return f"expected ConceptId, got {name_of(type(value))}; {CODES_INSTEAD}"
    without = f"; write it without quotes: {value}" if value.isdigit() and not is_like_snomed(int(value)) else ""
    return f"expected ConceptId, got str{without or f'; {CODES_INSTEAD}'}"


def is_like_snomed(number: int) -> bool:
    """Whether a number has the form of a concept's code: of 1,000 ids two have it by chance."""
    text = str(number)
    return len(text) >= FEWEST_DIGITS and text[-3:-1] in PARTITIONS and has_check_digit(text)
