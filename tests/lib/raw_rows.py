"""Raw counts of one measure by sex in one week, from bare numbers."""

from datetime import date

import pyarrow as pa

from measures.counts.columns import COUNTS
from measures.counts.types import MeasureShape, RawCounts, raw_schema

WEEK = (date(2019, 4, 1), date(2019, 4, 7))


GROUPS = {"sex": pa.string()}


def raw_counts(counts, is_proportion=False, groups=GROUPS):
    """One row for each (numerator, denominator, people behind the numerator, behind the
    denominator).

    Nobody adds more to a sum than they must, unless the largest amounts are given as
    well.
    """
    rows = [
        dict(zip(COUNTS, (*count, *_least(*count[:4]))[: len(COUNTS)], strict=True))
        for count in counts
    ]
    keys = {
        "measure": "m",
        "interval_start": WEEK[0],
        "interval_end": WEEK[1],
        "group_by": "sex",
    }
    table = pa.Table.from_pylist(
        [{**keys, **row} for row in rows], schema=raw_schema(groups)
    )
    return RawCounts(table, (MeasureShape("m", ("sex",), (WEEK,), is_proportion),))


def _least(numerator, denominator, some, all_):
    """The least that the person with the most must add."""
    return [
        -(-abs(count or 0) // people) if people else 0
        for count, people in ((numerator, some), (denominator, all_))
    ]


def of_people(numerator, denominator):
    return numerator, denominator, numerator, denominator
