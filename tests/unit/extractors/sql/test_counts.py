"""Counts out of changes, where there are many groups and places and few people."""

from decimal import Decimal

import pyarrow as pa

from extractors.engine import Engine
from extractors.sql.cells import PLACE, UNTIL
from extractors.sql.columns import DENOMINATOR, numerator
from extractors.sql.counts import counts_sql
from extractors.sql.people import PEOPLE
from extractors.sql.tally import Tally

MB = 1 << 20


def test_groups_take_no_room_where_they_are_empty():
    """3,000 groups at 6,000 places, each with one person at one place: a grid of them
    needs more than 700 MB.
    """
    groups, places = range(3_000), 6_000
    changed = [(g, g, 1) for g in groups] + [(g, g + 1, -1) for g in groups]
    columns = {"g": [each[0] for each in changed], PLACE: [each[1] for each in changed]}
    packed = pa.array(
        [Decimal((1 << PEOPLE) * each[2]) for each in changed], pa.decimal128(38, 0)
    )
    people = {DENOMINATOR.people: packed, numerator(0).people: packed}
    nothing = pa.nulls(len(changed), pa.int64())
    kinds = {"tally": [0] * len(changed), "grouping": [1] * len(changed)}
    changes = pa.table({**kinds, **columns, **people, UNTIL: nothing})
    tally = Tally(("d", bool), (("n", bool),), ((), ("g",)))
    with Engine(memory=200 * MB) as engine:
        engine.register("changes", changes)
        rows = engine.arrow(counts_sql({0: tally}, "changes", places)).to_pylist()
    assert [(row[PLACE], row["g"], row["n0"]) for row in rows if row["grouping"]] == [
        (g, g, 1) for g in groups
    ]
    assert [row[PLACE] for row in rows if not row["grouping"]] == list(range(places)), (
        "totals are complete"
    )
