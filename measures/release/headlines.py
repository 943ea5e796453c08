"""The totals of a release that people ask for first."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from extractors.late import pc
from measures.counts.columns import PARTS
from measures.disclosure.types import ReleasedCounts


@dataclass(frozen=True)
class Headline:
    """What the closing table says of a measure: its total in the last interval, NULL if redacted.

    `periods`: number of intervals. `redacted_share`: of the counts of the total, 0 to 1.
    """

    measure: str
    periods: int
    interval_start: date
    interval_end: date
    numerator: int | None
    denominator: int | None
    ratio: float | None
    redacted_share: float


def headlines(released: ReleasedCounts) -> list[Headline]:
    """One for each ungrouped measure, in the order of the release."""
    totals = released.table.filter(pc.equal(released.table["group_by"], ""))
    names = pc.unique(totals["measure"]).to_pylist()
    return [_headline(totals.filter(pc.equal(totals["measure"], name))) for name in names]


def _headline(total: pa.Table) -> Headline:
    last = total.slice(len(total) - 1).to_pylist()[0]
    redacted = sum(total[name].null_count for name in PARTS)
    columns = ("measure", "interval_start", "interval_end", *PARTS, "ratio")
    return Headline(
        periods=len(total),
        redacted_share=redacted / (len(PARTS) * len(total)),
        **{name: last[name] for name in columns},
    )
