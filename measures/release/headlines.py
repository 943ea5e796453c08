"""What people ask of a release first: for every family of measures a line, and how it
went over time.

A family is measures that count the same and differ in their groups. Where none of them
is without groups, its line is the sum of the groups of one of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from extractors.late import pc
from measures.counts.columns import PARTS
from measures.disclosure.types import ReleasedCounts

Interval = tuple[date, date]


@dataclass(frozen=True)
class Headline:
    """What the closing table says of a family of measures: its total in the last
    interval.
    """

    # the measure; for added groups the family, which is its name without `_by_…`
    measure: str
    # how many intervals were released
    periods: int
    # the first day of the last interval, which the counts are of
    interval_start: date
    # its last day
    interval_end: date
    # how many are counted; None where it is redacted, or one of the added groups is
    numerator: int | None
    # of how many; None likewise
    denominator: int | None
    # numerator / denominator; None where there is none, also of one added group
    ratio: float | None
    # which part of the counts of all intervals is redacted, 0 to 1
    redacted_share: float
    # the ratio of every interval; None where it is redacted
    over_time: Sequence[float | None] = ()
    # the groups that were added up, as `age_band`; "" for a measure without groups
    sum_of: str = ""


def headlines(
    released: ReleasedCounts, families: Iterable[Sequence[str]] = ()
) -> list[Headline]:
    """One for each ungrouped measure, in the order of the release, then the families of
    which none is.

    `families`: the names of measures that count the same, each measure in one family.
    """
    totals = released.table.filter(pc.equal(released.table["group_by"], ""))
    names = pc.unique(totals["measure"]).to_pylist()
    found = []
    for name in names:
        found.append(_headline(totals.filter(pc.equal(totals["measure"], name))))
    for family in families:
        if not set(family) & set(names):
            found += _summed(released, family)
    return found


def _headline(total: pa.Table) -> Headline:
    last = total.slice(len(total) - 1).to_pylist()[0]
    redacted = sum(total[name].null_count for name in PARTS)
    columns = ("measure", "interval_start", "interval_end", *PARTS, "ratio")
    return Headline(
        periods=len(total),
        redacted_share=redacted / (len(PARTS) * len(total)),
        over_time=tuple(total["ratio"].to_pylist()),
        **{name: last[name] for name in columns},
    )


def _summed(released: ReleasedCounts, family: Sequence[str]) -> list[Headline]:
    """The groups of the measure with the fewest groupings added up; nothing if it has
    no rows.
    """
    shapes = [shape for shape in released.measures if shape.name in family]
    chosen = min(shapes, key=lambda shape: len(shape.group_by), default=None)
    if chosen is None:
        return []
    mine = pc.equal(released.table["measure"], chosen.name)
    columns = ["interval_start", "interval_end", *map(str, PARTS), "ratio"]
    rows = released.table.filter(mine).select(columns).to_pylist()
    by_interval: dict[Interval, list[dict]] = {}
    for row in rows:
        by_interval.setdefault((row["interval_start"], row["interval_end"]), []).append(
            row
        )
    if not by_interval:
        return []
    sums = [_sum(each) for each in by_interval.values()]
    hidden = 0
    for each in sums:
        # its two counts; the ratio follows from them
        hidden += each[:2].count(None)
    (start, end), (numerator, denominator, ratio) = list(by_interval)[-1], sums[-1]
    headline = Headline(
        measure=chosen.name.partition("_by_")[0],
        periods=len(sums),
        interval_start=start,
        interval_end=end,
        numerator=numerator,
        denominator=denominator,
        ratio=ratio,
        redacted_share=hidden / (len(PARTS) * len(sums)),
        over_time=tuple(each[2] for each in sums),
        sum_of=chosen.grouping,
    )
    return [headline]


def _sum(groups: Sequence[dict]) -> tuple[int | None, int | None, float | None]:
    """What the groups of one interval add up to; None where one of them is redacted."""
    numerator, denominator = (
        _added([group[part] for group in groups]) for part in PARTS
    )
    # Where a group is too small for a ratio, so is what is known of the sum.
    small = any(group["ratio"] is None for group in groups)
    if small or numerator is None or not denominator:
        return numerator, denominator, None
    return numerator, denominator, numerator / denominator


def _added(counts: Sequence[int | None]) -> int | None:
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total
