"""True rows of made-up people in the form of released ones, so that one page shows
both.
"""

from collections.abc import Iterable, Iterator

from measures.counts.true_rows import TrueRow
from measures.release.reading import ReleasedRow

TRUE = "true"


def as_released(rows: Iterable[TrueRow]) -> Iterator[ReleasedRow]:
    """Nothing is withheld, and no range is wider than its number."""
    for row in rows:
        yield ReleasedRow(
            measure=row.measure,
            interval_start=row.interval_start,
            interval_end=row.interval_end,
            group_by=tuple(row.group_by.split("+")) if row.group_by else (),
            group=row.group,
            numerator=int(row.numerator),
            denominator=row.denominator,
            ratio=row.ratio,
            ratio_at_least=row.ratio,
            ratio_at_most=row.ratio,
            ci_low=None,
            ci_high=None,
            status=TRUE,
        )
