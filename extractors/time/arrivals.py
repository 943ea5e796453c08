"""In which weeks rows of a new load came, went or changed."""

from collections.abc import Mapping

import pyarrow as pa

from extractors.engine import Engine
from extractors.snapshot import Snapshot
from extractors.sql.words import quote

UNDATED = ""  # the name of no week: rows that have no date
# with spaces, so no author's table can have these names
AMONG = "people to compare"
OLD, NEW = "old rows of {}", "new rows of {}"
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
    parts = []
    for name in now.tables:
        for snapshot, copy in ((before, OLD), (now, NEW)):
            engine.execute(
                f"CREATE OR REPLACE TEMP TABLE {quote(copy.format(name))} AS "
                f"SELECT * FROM ({snapshot.rows(name)}) WHERE patient_id IN "
                f"(SELECT patient_id FROM {quote(AMONG)})"
            )
        parts.append(_differing(engine, name))
    if not parts:
        return {}
    every = " UNION ALL ".join(parts)
    query = (
        f"SELECT week, count(DISTINCT patient_id) FROM ({every}) GROUP BY week ORDER "
        "BY week"
    )
    return dict(engine.execute(query))


def _differing(engine: Engine, name: str) -> str:
    """SELECT of the patients and weeks of a table's rows that are in one of two copies
    more often than in the other.
    """
    old, new = quote(OLD.format(name)), quote(NEW.format(name))
    types = engine.types(new)
    dates = [
        column for column, type_ in types.items() if type_ in ("DATE", "TIMESTAMP")
    ]
    columns = ", ".join(map(quote, types))
    week = (
        f"coalesce(strftime(date_trunc('week', {quote(dates[0])}), '%Y-%m-%d'), '')"
        if dates
        else f"'{UNDATED}'"
    )
    both = (
        f"SELECT {columns}, -1 AS {quote(TIMES)} FROM {old} "
        f"UNION ALL SELECT {columns}, 1 FROM {new}"
    )
    return (
        f"SELECT patient_id, {week} AS week FROM ({both}) "
        f"GROUP BY {columns} HAVING sum({quote(TIMES)}) <> 0"
    )
