"""In which weeks rows of a new load came, went or changed."""

from collections.abc import Mapping

import pyarrow as pa

from extractors.engine import Engine
from extractors.late import pc
from extractors.snapshot import Snapshot
from extractors.sql.words import quote
from extractors.time.layer import read_changed

UNDATED = ""  # the name of no week: rows that have no date
# with spaces, so no author's table can have these names
AMONG = "people to compare"
TIMES = "how often more"


def weeks_of_changes(
    engine: Engine, before: Snapshot, now: Snapshot, people: pa.Array
) -> Mapping[str, int]:
    """Of each week, by its Monday, how many people have rows in it that are in one of
    two snapshots alone.

    `people`: whom to look at; of the others all rows are the same. A row lies in the
    week of its first date column. The numbers are patient data.
    """
    engine.register(AMONG, pa.table({"patient_id": people}))
    # what lies below a layer is of other people then, so it need not be read
    is_enough = _has_all(now, people)
    parts = []
    for name in now.tables:
        new = now.own_rows(name) if is_enough else now.rows(name)
        parts.append(_differing(engine, before.rows(name), new))
    if not parts:
        return {}
    every = " UNION ALL ".join(parts)
    query = (
        f"SELECT week, count(DISTINCT patient_id) FROM ({every}) GROUP BY week ORDER "
        "BY week"
    )
    return dict(engine.execute(query))


def _has_all(snapshot: Snapshot, people: pa.Array) -> bool:
    """Whether a snapshot is a layer that has the rows of all of some people itself."""
    if not snapshot.is_layer:
        return False
    among = pc.is_in(people, read_changed(snapshot))
    return pc.all(among).as_py()


def _differing(engine: Engine, old: str, new: str) -> str:
    """SELECT of the patients and weeks of rows that are in one of two tables more often
    than in the other.

    `old`, `new`: SELECT of the rows of each.
    """
    types = engine.types(f"({new})")
    dates = [
        column for column, type_ in types.items() if type_ in ("DATE", "TIMESTAMP")
    ]
    columns = ", ".join(map(quote, types))
    week = (
        f"coalesce(strftime(date_trunc('week', {quote(dates[0])}), '%Y-%m-%d'), '')"
        if dates
        else f"'{UNDATED}'"
    )
    among = f"WHERE patient_id IN (SELECT patient_id FROM {quote(AMONG)})"
    both = (
        f"SELECT {columns}, -1 AS {quote(TIMES)} FROM ({old}) {among} "
        f"UNION ALL SELECT {columns}, 1 FROM ({new}) {among}"
    )
    return (
        f"SELECT patient_id, {week} AS week FROM ({both}) "
        f"GROUP BY {columns} HAVING sum({quote(TIMES)}) <> 0"
    )
