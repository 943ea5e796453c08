"""By which group the values of a variable are counted.

Few values are counted as they are, numbers in bands whose borders are round, and days
in years or months. No border depends on records: a band that the largest value made
would name the one who has it.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.model import nodes
from extractors.model.types import MULTI_CODE_TYPES
from measures.labels import Labels, chosen_by, is_of_many, labels_of

CATEGORY, NUMBER, DATE, PRESENCE = "category", "number", "date", "presence"
# Of what is 1 to 10 times as much: about a tenth between two borders below 2, a sixth
# above.
STEPS = (10, 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90)
LARGEST = 6  # the power of ten from which on all is one band
# years since a birth, and years in general below a hundred
AGES = (*range(0, 100, 5), 100)


@dataclass(frozen=True)
class Shape:
    """How the values of a variable are counted."""

    # CATEGORY, NUMBER, DATE, or PRESENCE: whether there is a value at all
    kind: str
    # the group, missing where the variable is
    series: nodes.Series
    # the groups from the lowest on, where they have an order of their own
    order: tuple[str, ...] = ()


def shape_of(series: nodes.Series, *, monthly: bool = False) -> Shape:
    """The shape of a series of patients; `monthly`: of days the months, not the
    years.
    """
    if series.type is bool:
        return Shape(CATEGORY, series)
    if series.type is datetime.date:
        return Shape(
            DATE, nodes.Call("first_of_month" if monthly else "year", (series,))
        )
    if series.type is float:
        return _banded(series, _borders(whole=False))
    if series.type is int:
        return _of_numbers(series)
    if series.type in MULTI_CODE_TYPES:
        return Shape(PRESENCE, _has_value(series))
    return Shape(CATEGORY, series)


def _of_numbers(series: nodes.Series) -> Shape:
    if _are_few(labels_of(series)):
        return Shape(CATEGORY, series)
    if _is_age(series):
        return _banded(series, AGES)
    return _banded(series, _borders(whole=True))


def _are_few(labels: Labels) -> bool:
    """Whether bands would only hide them. One number that an author puts for a missing
    one promises nothing.
    """
    promised = labels.values if not labels.open else labels.values - labels.written
    return bool(promised) and len(labels.values) <= len(AGES)


def _is_age(series: nodes.Series) -> bool:
    """Full years between two days, or a number that the author wrote in their place."""
    several = chosen_by(series)
    if several:
        computed = [each for each in several if not isinstance(each, nodes.Literal)]
        return bool(computed) and all(map(_is_age, computed))
    years = isinstance(series, nodes.Call) and series.operation == "floor_divide"
    return years and not is_of_many(series)


def _borders(*, whole: bool) -> tuple[int | float, ...]:
    """From 0 on; of whole numbers each of the first ten is a band."""
    first = (
        range(10)
        if whole
        else [0, *(step / 100 for step in STEPS), *(step / 10 for step in STEPS)]
    )
    borders: list[int | float] = list(first)
    for power in range(LARGEST - 1):
        borders += [step * 10**power for step in STEPS]
    return tuple(dict.fromkeys([*borders, 10**LARGEST]))


def _banded(series: nodes.Series, borders: Sequence[int | float]) -> Shape:
    """The bands between borders, as labels that the definition says; missing where the
    number is.

    Exactly 0 is a band of its own: many a definition puts it for what is missing.
    """
    whole = series.type is int
    parts: list[nodes.Series] = []
    names: list[str] = []
    for operation, border, name in _bands(borders, whole=whole):
        limit = nodes.Literal(border if whole else float(border), series.type)
        parts += [nodes.Call(operation, (series, limit)), nodes.Literal(name, str)]
        names.append(name)
    banded = nodes.Call("case", (*parts, nodes.Literal(None, str)))
    return Shape(NUMBER, banded, tuple(names))


def _bands(
    borders: Sequence[int | float], *, whole: bool
) -> Iterator[tuple[str, int | float, str]]:
    """What a number is asked, from the lowest band on, and the band whose first yes it
    is.
    """
    yield "lt", borders[0], f"below {_said(borders[0])}"
    if not whole:
        yield "eq", 0, "0"
    for low, high in pairwise(borders):
        yield "lt", high, _band(low, high, whole=whole)
    yield "ge", borders[-1], f"{_said(borders[-1])} or more"


def _band(low: int | float, high: int | float, *, whole: bool) -> str:
    if whole:
        return _said(low) if high == low + 1 else f"{_said(low)} to {_said(high - 1)}"
    return (
        f"{_said(low)} to below {_said(high)}"
        if low
        else f"above 0 to below {_said(high)}"
    )


def _said(border: int | float) -> str:
    return f"{border:,}"


def _has_value(series: nodes.Series) -> nodes.Series:
    """True, or missing."""
    there = nodes.Call("not", (nodes.Call("is_null", (series,)),))
    return nodes.Call(
        "case", (there, nodes.Literal(True, bool), nodes.Literal(None, bool))
    )
