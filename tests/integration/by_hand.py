"""A release worked out by hand from raw counts: complete grid, the policy `opensafely`, the files' text.

What the release says of the range of a ratio is found by trying all true counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, NamedTuple

Interval = tuple[date, date]
Row = dict[str, Any]


class Counts(NamedTuple):
    numerator: int = 0
    denominator: int = 0
    numerator_patients: int = 0
    denominator_patients: int = 0


class Place(NamedTuple):
    """Where counts stand: `groups` has a value for each group of the study, None where not grouped."""

    measure: str
    interval_start: date
    interval_end: date
    group_by: str
    groups: tuple[str | None, ...]


Raw = Mapping[Place, Counts]


def release(
    raw: Raw, groupings: Mapping[str, str], intervals: Sequence[Interval], groups: Sequence[str], proportions: set[str]
) -> list[Row]:
    """The rows of the release in order. `groupings`: of each measure; `proportions`: measures that cannot exceed 1."""
    places = sorted(_grid(raw, groupings, intervals, len(groups)), key=_place_in_order)
    return [_row(place, raw.get(place, Counts()), groups, place.measure in proportions) for place in places]


def _grid(raw: Raw, groupings: Mapping[str, str], intervals: Sequence[Interval], width: int) -> Iterable[Place]:
    """Every group that any measure with this grouping has in any interval, for all of them."""
    for measure, grouping in groupings.items():
        occurring = {place.groups for place in raw if place.group_by == grouping}
        for (start, end), values in product(intervals, occurring if grouping else {(None,) * width}):
            yield Place(measure, start, end, grouping, values)


def _place_in_order(place: Place) -> tuple:
    return (*place[:4], [(value is not None, value) for value in place.groups])


def _row(place: Place, counts: Counts, groups: Sequence[str], is_proportion: bool) -> Row:
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
    """None, which is redacted, if 1 to 7 people stand behind it; else the nearest multiple of 5."""
    if 1 <= people <= 7 or 1 <= count <= 7:
        return None
    return min(range(0, count + 5, 5), key=lambda multiple: abs(multiple - count))


def _ratios(numerator: int | None, denominator: int | None, is_proportion: bool) -> Row:
    if numerator is None or not denominator:
        return dict.fromkeys(("ratio", "ratio_low", "ratio_high"))
    true = product(_true_counts(numerator), _true_counts(denominator))
    possible = [n / d for n, d in true if n <= d or not is_proportion]
    return {"ratio": numerator / denominator, "ratio_low": min(possible), "ratio_high": max(possible)}


def _true_counts(released: int) -> list[int]:
    """All counts of people that are released as this one."""
    return [count for count in range(max(0, released - 9), released + 10) if protected(count, count) == released]


# As text --------------------------------------------------------------------------------------------


def cells(row: Row) -> dict[str, str]:
    """The row as it is in measures.csv."""
    return {name: _cell(name, value) for name, value in row.items()}


def _cell(name: str, value: object) -> str:
    if value is None:
        return "[REDACTED]" if name in ("numerator", "denominator") else ""
    return repr(value) if isinstance(value, float) else str(value)


def of_measure(rows: Sequence[Row], measure: str, groups: Sequence[str]) -> list[dict[str, str]]:
    """The rows of measures/<name>.csv, for a measure by these groups."""
    names = ("interval_start", "interval_end", "ratio", "numerator", "denominator", *groups)
    mine = [cells(row) for row in rows if row["measure"] == measure]
    return [{name: row[name] for name in names} for row in mine]
