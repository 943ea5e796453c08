"""By which group the values of a variable are counted.

Few values are counted as they are, numbers in bands whose borders are round, and days in years or months. No
border depends on records: a band that the largest value made would name the one who has it.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.model import nodes
from extractors.model.types import MULTI_CODE_TYPES
from measures.labels import Labels, is_of_many, labels_of

CATEGORY, NUMBER, DATE, PRESENCE = "category", "number", "date", "presence"
# Of what is 1 to 10 times as much: about a tenth between two borders below 2, a sixth above.
STEPS = (10, 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90)
LARGEST = 6  # the power of ten from which on all is one band
AGES = (*range(0, 100, 5), 100)  # years since a birth, and years in general below a hundred
FEWEST, MOST = "below {}", "{} or more"


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
    """The shape of a series of patients; `monthly`: of days the months, not the years."""
    if series.type is bool:
        return Shape(CATEGORY, series)
    if series.type is datetime.date:
        return Shape(DATE, nodes.Call("first_of_month" if monthly else "year", (series,)))
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
    """Whether bands would only hide them."""
    return 0 < len(labels.values) <= len(AGES)


def _is_age(series: nodes.Series) -> bool:
    """Whole years that the definition computes; a column of years of the calendar has thousands."""
    return isinstance(series, nodes.Call) and series.operation == "floor_divide" and not is_of_many(series)


def _borders(*, whole: bool) -> tuple[int | float, ...]:
    """From 0 on; of whole numbers each of the first ten is a band."""
    first = range(10) if whole else [0, *(step / 100 for step in STEPS), *(step / 10 for step in STEPS)]
    borders: list[int | float] = list(first)
    for power in range(LARGEST - 1):
        borders += [step * 10**power for step in STEPS]
    return tuple(dict.fromkeys([*borders, 10**LARGEST]))


def _banded(series: nodes.Series, borders: Sequence[int | float]) -> Shape:
    """The bands between borders, as labels that the definition says; missing where the number is."""
    whole = series.type is int
    names = [FEWEST.format(_said(borders[0]))]
    names += [_band(low, high, whole=whole) for low, high in pairwise(borders)]
    names.append(MOST.format(_said(borders[-1])))
    parts: list[nodes.Series] = []
    for border, name in zip(borders, names, strict=False):
        limit = nodes.Literal(border if whole else float(border), series.type)
        parts += [nodes.Call("lt", (series, limit)), nodes.Literal(name, str)]
    last = nodes.Literal(borders[-1] if whole else float(borders[-1]), series.type)
    parts += [nodes.Call("ge", (series, last)), nodes.Literal(names[-1], str)]
    banded = nodes.Call("case", (*parts, nodes.Literal(None, str)))
    return Shape(NUMBER, banded, tuple(names))


def _band(low: int | float, high: int | float, *, whole: bool) -> str:
    if not whole:
        return f"{_said(low)} to below {_said(high)}"
    return _said(low) if high == low + 1 else f"{_said(low)} to {_said(high - 1)}"


def _said(border: int | float) -> str:
    return f"{border:,}"


def _has_value(series: nodes.Series) -> nodes.Series:
    """True, or missing."""
    there = nodes.Call("not", (nodes.Call("is_null", (series,)),))
    return nodes.Call("case", (there, nodes.Literal(True, bool), nodes.Literal(None, bool)))
