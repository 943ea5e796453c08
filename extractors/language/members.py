"""What `is_in` looks for: a list of values, the patient's own values, a concept set."""

from collections.abc import Iterable
from typing import Any

from extractors.language.base import BaseSeries, called
from extractors.language.concept_ids import concept_ids, refuse_ids
from extractors.language.concept_sets import ConceptSet
from extractors.language.doubts import note_damaged
from extractors.language.literals import (
    OTHER_NUMBERS,
    as_code,
    literal,
    lost_zeros,
)
from extractors.language.operands import NO_NONE, note_digits, series_operand
from extractors.language.reading import current
from extractors.model import nodes
from extractors.model.types import WITH_CHECK_DIGIT, ConceptId, is_code, name_of


def members_of(values: Any, of: type) -> nodes.Series:
    """The values of type `of` among which `is_in` looks, as a node."""
    if isinstance(values, BaseSeries) and values._level == "event":
        return nodes.Aggregate("set", series_operand(values, of))
    if isinstance(values, BaseSeries):
        raise TypeError(
            "is_in needs a list of values or an event series, got a series with one "
            "value per patient"
        )
    if isinstance(values, ConceptSet):
        return _concepts(values, of)
    if not isinstance(values, list | tuple | set | frozenset | dict):
        raise TypeError(
            f"is_in needs a list of values or an event series, got {called(values)}"
        )
    if any(value is None for value in values):
        raise TypeError(NO_NONE)
    if of is ConceptId:
        return nodes.Values(tuple(concept_ids(values)), of)
    noted = refuse_ids_among(values, of)
    damaged = without_format(values, of) if is_code(of) else ()
    kept = [value for value in values if not is_text_of(value, damaged)]
    members = tuple(_member(value, of) for value in kept)
    if not noted:
        note_digits(members, of)
    return nodes.Values(members, of)


def refuse_ids_among(values: Iterable[Any], of: type) -> bool:
    """Refuse concept ids where codes belong; whether a doubt about them is noted.

    What an author calls a code is one.
    """
    return of in WITH_CHECK_DIGIT and refuse_ids(
        [value for value in values if type(value) is str], of
    )


def _concepts(values: ConceptSet, of: type) -> nodes.Series:
    if of is ConceptId:
        return nodes.Concepts(values.asked)
    reason = "a concept set is looked for in a column of concept ids"
    if is_code(of):
        reason = OTHER_NUMBERS
    raise TypeError(f"expected {name_of(of)}, got a concept set; {reason}")


def is_text_of(value: Any, texts: Iterable[str]) -> bool:
    return type(value) is str and value in texts


def without_format(values: Iterable[Any], of: Any) -> set[str]:
    """Codes of published files that are no codes of this coding system; notes them as
    matching nothing.

    ValueError if these are most of the values, as where a list meets the wrong column.
    What an author writes, and what a spreadsheet did on the way, is refused where it is
    used.
    """
    texts = {value for value in values if type(value) is str}
    published = texts & current().codes.keys()
    odd = {code for code in published if not of.pattern.fullmatch(code)}
    damaged = {code for code in odd if not lost_zeros(code, of)}
    if 2 * len(damaged) > len(texts):
        as_code(min(damaged), of)
    if damaged:
        note_damaged(sorted(damaged), of.label)
    return damaged


def _member(value: Any, of: type) -> Any:
    if isinstance(value, BaseSeries):
        raise TypeError(
            "is_in takes a list of plain values, got a series inside the list"
        )
    return literal(value, of)
