"""Python values as values of a series' type: dates, codes, concept ids, numbers.

Only literals are adapted: whole numbers to float, ISO strings to dates, strings to
codes. A wrong type raises TypeError and a wrong value ValueError, on the author's own
line.
"""

import datetime
import re
from typing import Any

from extractors.language.base import called
from extractors.language.concept_ids import concept_id
from extractors.model.types import Code, ConceptId, is_code, name_of

COLLECTIONS = (list, tuple, set, frozenset, dict)
LONGEST_CODE = 18  # characters
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
OTHER_NUMBERS = (
    "concept ids and codes are different numbers of the same things; compare a "
    "column of concept ids with concept_set([ids]), and a column of codes with codes "
    "in quotes"
)


def literal(value: Any, of: type) -> Any:
    """A Python value as a value of type `of`; TypeError or ValueError if it is none."""
    if of is float and type(value) is int:
        return float(value)
    if of is datetime.date and type(value) is str:
        return parse_date(value)
    if is_code(of) and type(value) in (str, of):
        return as_code(value, of)
    if of is ConceptId:
        return concept_id(value)
    if type(value) is not of:
        raise TypeError(
            f"expected {name_of(of)}, got {called(value)}{_instead_of(value, of)}"
        )
    return value


def _instead_of(value: Any, of: type) -> str:
    """What an author may have meant by a value of another type."""
    if is_code(of) and isinstance(value, ConceptId):
        return f"; {OTHER_NUMBERS}"
    if isinstance(value, datetime.datetime):
        return "; take its .date()"
    if isinstance(value, COLLECTIONS):
        return "; is_in(…) compares with several values"
    return "; write codes in quotes" if is_code(of) and type(value) is int else ""


def as_code(value: str, of: Any) -> Code:
    try:
        return of(value)
    except ValueError as error:
        raise ValueError(f"{error}; {_trouble(value, of)}") from None


def _trouble(value: str, of: Any) -> str:
    """What may have happened to a code that is none."""
    if value.strip() != value:
        return "there are spaces around it"
    if "E+" in value.upper() or value.endswith(".0"):
        return (
            "a spreadsheet turned it into a number; get the codes again and keep "
            "them out of spreadsheets"
        )
    if lost_zeros(value, of):
        return (
            "a spreadsheet took zeros from its beginning; get the codes again and "
            "keep them out of spreadsheets"
        )
    return f"{of.label} codes look different"


def lost_zeros(value: str, of: Any) -> bool:
    """Whether zeros at its beginning would make it a code: a spreadsheet takes them off
    numbers.
    """
    lengths = range(len(value) + 1, LONGEST_CODE + 1)
    return value.isdigit() and any(
        of.pattern.fullmatch(value.zfill(length)) for length in lengths
    )


def parse_date(value: str) -> datetime.date:
    """A date from YYYY-MM-DD, and nothing else."""
    if not ISO_DATE.fullmatch(value):
        raise ValueError(f"Dates must be in YYYY-MM-DD format, got {value!r}")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{error} in {value!r}") from None
