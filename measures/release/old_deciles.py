"""Deciles in the files of the old action deciles-charts: `old/deciles_table_ID.csv` and
`old/deciles_chart_ID.png`.

They are the deciles that a release has (`deciles.py`): of released rates, where there
are enough units of enough people, and without the outer percentiles. The old program
took the exact rates of however few rows there were.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from measures.release.files import OLD

HEADER = "date,percentile,value"


def write_old_deciles(
    tables: Mapping[str, pa.Table], measures: Iterable[str], folder: Path
) -> None:
    """A file for each measure of an old study that has deciles of all its units
    together.

    `tables`: measure -> its rows as `deciles_of` gives them. Of a measure with groups
    beside its units the old program mixed the groups; of these no file is written.
    """
    for measure in measures:
        if measure in tables:
            rows = [row for row in tables[measure].to_pylist() if not row["group_by"]]
            if rows:
                _write(rows, folder / OLD / f"deciles_table_{measure}.csv")


def _write(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Percentile by percentile, the dates of each in order; what is withheld is
    blank.
    """
    lines = [HEADER]
    for row in sorted(rows, key=lambda row: (row["percentile"], row["interval_start"])):
        value = "" if row["ratio"] is None else row["ratio"]
        lines.append(f"{row['interval_start']},{row['percentile']},{value}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def put_old_charts(pictures: Mapping[str, bytes], folder: Path) -> None:
    """The charts of the measures that have a table; `pictures`: measure -> PNG."""
    for measure, picture in pictures.items():
        if (folder / OLD / f"deciles_table_{measure}.csv").exists():
            (folder / OLD / f"deciles_chart_{measure}.png").write_bytes(picture)
