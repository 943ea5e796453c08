"""What true counts say of mistakes in a definition: measures of no person, of
everybody, that never move.

On made-up records they are shown; on real ones they stay on the highly_sensitive shelf,
because that a count is 0 is a count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from extractors.late import pc
from extractors.notice import Notice
from measures.counts.columns import Part
from measures.counts.types import RawCounts
from measures.definitions import Measure
from measures.study import Study

# numerator and denominator of all groups together, by period
Totals = list[tuple[int, int]]
EMPTY = "empty"  # the denominator has no people
NOBODY = "nobody"  # the numerator has no people
# the numerator has no people, and would have some outside of the denominator
OUTSIDE = "outside"
EVERYBODY = "everybody"  # all of the denominator are in the numerator
CONSTANT = "constant"  # the same numbers in all periods
ABOVE = "above"  # the numerator is larger than the denominator
ONE_VALUE = "one value"  # a group that everybody is in
ALL_OUTSIDE = (
    "there are people whom it would count, and all of them are outside of the "
    "denominator"
)


def without_numerator(study: Study, counts: RawCounts) -> list[Measure]:
    """The measures that have people in the denominator and none in the numerator."""
    totals = _totals(counts.table)
    found: list[Measure] = []
    for measure in study.measures:
        if _is_empty(totals.get(measure.name, [])):
            found.append(measure)
    return found


def doubts_of_counts(
    study: Study, counts: RawCounts, elsewhere: frozenset[str] = frozenset()
) -> list[Notice]:
    """The doubts about each measure, in the order of the measures, at the author's
    lines.

    What the definition alone tells is noted while it is read, and is not said again.
    `elsewhere`: the measures of which people outside of the denominator would be in the
    numerator.
    """
    totals, values = _totals(counts.table), _values(counts)
    found: list[Notice] = []
    for measure in study.measures:
        is_elsewhere = measure.name in elsewhere
        for kind, message in _doubts(
            measure, totals.get(measure.name, []), values, is_elsewhere
        ):
            place = study.defined.get(f"measure {measure.name}", Notice(message=""))
            found.append(replace(place, message=message, kind=kind))
    return found


def _is_empty(totals: Totals) -> bool:
    has_denominator = any(denominator for _, denominator in totals)
    return has_denominator and not any(numerator for numerator, _ in totals)


def _totals(table: pa.Table) -> dict[str, Totals]:
    """By measure: the numerator and the denominator of each period."""
    keys = ["measure", "interval_start", "interval_end"]
    sums = table.group_by(keys).aggregate([(part.value, "sum") for part in Part])
    pairs = zip(*(sums[f"{part}_sum"].to_pylist() for part in Part), strict=True)
    found: dict[str, Totals] = {}
    for measure, pair in zip(sums["measure"].to_pylist(), pairs, strict=True):
        found.setdefault(measure, []).append(pair)
    return found


def _values(counts: RawCounts) -> dict[tuple[str, str], set]:
    """By measure and group: the values that anybody has."""
    there = counts.table.filter(pc.greater(counts.table[Part.DENOMINATOR], 0))
    names = list(counts.groups)
    # the periods leave first, so that few rows are left
    few = there.group_by(["measure", *names]).aggregate([])
    measures = few["measure"].to_pylist()
    found: dict[tuple[str, str], set] = {}
    for name in names:
        for measure, value in zip(measures, few[name].to_pylist(), strict=True):
            found.setdefault((measure, name), set()).add(value)
    return found


def _doubts(
    measure: Measure, totals: Totals, values: Mapping, is_elsewhere: bool
) -> Iterator[tuple[str, str]]:
    """The kind and the text of each doubt."""
    if not any(denominator for _, denominator in totals):
        yield (
            EMPTY,
            f"no person is in the denominator of {measure.name!r} in any of "
            f"{_all(totals)}",
        )
        return
    if _is_empty(totals):
        message = f"the numerator of {measure.name!r} is 0 in all of {_all(totals)}"
        yield (
            (OUTSIDE, f"{message}; {ALL_OUTSIDE}")
            if is_elsewhere
            else (NOBODY, message)
        )
    else:
        yield from _of_both(measure, totals)
    for name in sorted(measure.group_by):
        yield from _of_group(measure, name, values.get((measure.name, name), set()))


def _all(totals: Totals) -> str:
    return f"its {len(totals)} periods" if len(totals) > 1 else "its one period"


def _of_both(measure: Measure, totals: Totals) -> Iterator[tuple[str, str]]:
    name, counts = measure.name, set(totals)
    is_share = measure.numerator.type is bool and measure.denominator.type is bool
    same = measure.numerator == measure.denominator
    if (
        is_share
        and not same
        and all(numerator == denominator for numerator, denominator in counts)
    ):
        yield (
            EVERYBODY,
            f"all of the denominator of {name!r} are in its numerator, in all of "
            f"{_all(totals)}",
        )
    if _is_moving(measure) and len(totals) > 1 and len(counts) == 1:
        yield (
            CONSTANT,
            f"{name!r} has the same numerator and denominator in all of {_all(totals)}",
        )
    if (
        not measure.most
        and _is_part(measure)
        and any(numerator > denominator for numerator, denominator in counts)
    ):
        yield (
            ABOVE,
            f"the numerator of {name!r} is larger than its denominator, so it is no "
            "part of it",
        )


def _is_moving(measure: Measure) -> bool:
    return measure.numerator.interval or measure.denominator.interval


def _is_part(measure: Measure) -> bool:
    """Whether both count the same: people, or events and the like."""
    return measure.numerator.type is measure.denominator.type


def _of_group(measure: Measure, name: str, values: set) -> Iterator[tuple[str, str]]:
    if len(values) == 1:
        only = next(iter(values))
        shown = "a missing value" if only is None else repr(only)
        yield (
            ONE_VALUE,
            f"the group {name!r} of {measure.name!r} has one value only: {shown}",
        )
