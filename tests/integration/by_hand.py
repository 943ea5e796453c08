"""A release worked out by hand from raw counts: complete grid, the policy `opensafely`,
the files' text.

What the release says of the range of a ratio is found by trying all true counts.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from itertools import product
from math import exp, factorial
from typing import Any, NamedTuple

Interval = tuple[date, date]
Row = dict[str, Any]
Z = 1.959963984540054  # the normal distribution's 97.5 %


class Counts(NamedTuple):
    numerator: int = 0
    denominator: int = 0
    numerator_patients: int = 0
    denominator_patients: int = 0


class Place(NamedTuple):
    """Where counts stand: `groups` has a value for each group of the study, None where
    not grouped.
    """

    measure: str
    interval_start: date
    interval_end: date
    group_by: str
    groups: tuple[str | None, ...]


Raw = Mapping[Place, Counts]


def release(
    raw: Raw,
    groupings: Mapping[str, str],
    intervals: Sequence[Interval],
    groups: Sequence[str],
    proportions: set[str],
) -> list[Row]:
    """The rows of the release in order. `groupings`: of each measure; `proportions`:
    measures that cannot exceed 1.
    """
    places = sorted(_grid(raw, groupings, intervals, len(groups)), key=_place_in_order)
    return [
        _row(place, raw.get(place, Counts()), groups, place.measure in proportions)
        for place in places
    ]


def _grid(
    raw: Raw, groupings: Mapping[str, str], intervals: Sequence[Interval], width: int
) -> Iterable[Place]:
    """Every group that any measure with this grouping has in any interval, for all of
    them.
    """
    for measure, grouping in groupings.items():
        occurring = {place.groups for place in raw if place.group_by == grouping}
        for (start, end), values in product(
            intervals, occurring if grouping else {(None,) * width}
        ):
            yield Place(measure, start, end, grouping, values)


def _place_in_order(place: Place) -> tuple:
    return (*place[:4], [(value is not None, value) for value in place.groups])


def _row(
    place: Place, counts: Counts, groups: Sequence[str], is_proportion: bool
) -> Row:
    numerator = protected(counts.numerator, counts.numerator_patients)
    denominator = protected(counts.denominator, counts.denominator_patients)
    redacted = numerator is None or denominator is None
    return {
        **dict(zip(Place._fields[:4], place[:4], strict=True)),
        **dict(zip(groups, place.groups, strict=True)),
        "numerator": numerator,
        "denominator": denominator,
        **_ratios(numerator, denominator, is_proportion),
        "status": "redacted" if redacted else "released",
    }


def protected(count: int, people: int) -> int | None:
    """None, which is redacted, if 1 to 7 people stand behind it; else the nearest
    multiple of 5.
    """
    if 1 <= people <= 7 or 1 <= count <= 7:
        return None
    return min(range(0, count + 5, 5), key=lambda multiple: abs(multiple - count))


def _ratios(numerator: int | None, denominator: int | None, is_proportion: bool) -> Row:
    if numerator is None or not denominator:
        return dict.fromkeys(
            ("ratio", "ratio_at_least", "ratio_at_most", "ci_low", "ci_high")
        )
    true = product(_true_counts(numerator), _true_counts(denominator))
    pairs = [(n, d) for n, d in true if n <= d or not is_proportion]
    possible = [n / d for n, d in pairs]
    interval = wilson if is_proportion else poisson
    ends = [interval(n, d) for n, d in pairs]
    return {
        "ratio": float(f"{numerator / denominator:.3g}"),
        "ratio_at_least": three_digits(min(possible), ROUND_FLOOR),
        "ratio_at_most": three_digits(max(possible), ROUND_CEILING),
        "ci_low": three_digits(min(low for low, _ in ends), ROUND_FLOOR),
        "ci_high": three_digits(max(high for _, high in ends), ROUND_CEILING),
    }


def three_digits(value: float, rounding: str) -> float:
    """Rounded in decimals, as people would; what has fewer digits stays."""
    return float(Context(prec=3, rounding=rounding).create_decimal(repr(value)))


def wilson(n: int, d: int) -> tuple[float, float]:
    """Where the score test of a proportion would just not refuse it: solved, not
    written down.
    """
    if n in (0, d):
        bound = Z**2 / (d + Z**2)
        return (0.0, bound) if n == 0 else (1 - bound, 1.0)
    p = n / d
    return tuple(
        _root(lambda q: (p - q) ** 2 * d - Z**2 * q * (1 - q), *ends)
        for ends in ((0, p), (p, 1))
    )  # type: ignore[return-value]


def poisson(n: int, d: int) -> tuple[float, float]:
    """Exact below 10 events, by the probabilities themselves; Byar's from 10."""
    if n < 10:
        low = (
            0.0
            if n == 0
            else _root(lambda mean: 1 - _at_most(n - 1, mean) - 0.025, 0, n)
        )
        return low / d, _root(lambda mean: _at_most(n, mean) - 0.025, n, 100) / d
    below, above = (
        1 - 1 / (9 * n) - Z / (3 * n**0.5),
        1 - 1 / (9 * (n + 1)) + Z / (3 * (n + 1) ** 0.5),
    )
    return n * below**3 / d, (n + 1) * above**3 / d


def _at_most(n: int, mean: float) -> float:
    return sum(exp(-mean) * mean**k / factorial(k) for k in range(n + 1))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function changes its sign, by halving."""
    rising = function(high) > function(low)
    for _ in range(200):
        middle = (low + high) / 2
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _true_counts(released: int) -> list[int]:
    """All counts of people that are released as this one."""
    return [
        count
        for count in range(max(0, released - 9), released + 10)
        if protected(count, count) == released
    ]


# As text ------------------------------------------------------------------------------


def cells(row: Row) -> dict[str, str]:
    """The row as text, with a column for each group."""
    return {name: _cell(name, value) for name, value in row.items()}


def tidy(row: Row, groups: Sequence[str]) -> dict[str, str]:
    """The row as it is in measures.csv."""
    names = [name for name in row["group_by"].split("+") if name]
    group = {"group": json.dumps([row[name] for name in names])}
    return {
        name: text for name, text in cells(row).items() if name not in groups
    } | group


def _cell(name: str, value: object) -> str:
    if value is None:
        return "[REDACTED]" if name in ("numerator", "denominator") else ""
    return repr(value) if isinstance(value, float) else str(value)


def of_measure(
    rows: Sequence[Row], measure: str, groups: Sequence[str]
) -> list[dict[str, str]]:
    """The rows of measures/<name>.csv, for a measure by these groups."""
    names = (
        "interval_start",
        "interval_end",
        "ratio",
        "numerator",
        "denominator",
        *groups,
    )
    mine = [cells(row) for row in rows if row["measure"] == measure]
    return [{name: row[name] for name in names} for row in mine]
