"""The snapshot: a copy of just the tables, columns and rows that a plan needs.

Each table of the source is read once, streamed through DuckDB within its memory limit, typed narrowly
and sorted: tables in which periods look for their rows by date, everything else by patient. A sorted
Parquet file is read by row group, so a period touches only its own slice.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from extractors.cohorts import EVERYONE, everyone_sql, static_query, write_narrow
from extractors.engine import ROW_GROUP, Engine
from extractors.fingerprint import file_hash, fingerprint
from extractors.planner.kinds import STATIC_TABLE
from extractors.planner.needs import TableNeed
from extractors.planner.plan import Plan
from extractors.sources.base import Source
from extractors.sql.query import row_condition
from extractors.sql.words import quote, text

FORMAT = 2  # part of every key: raise it when what is written for the same plan changes
SLICE = 20_480  # rows per row group of a table read by date; of 100,000 patients about a week and a half
DESCRIPTION = "snapshot.json"


@dataclass(frozen=True)
class Snapshot:
    """Where a snapshot lies and which tables it holds."""

    folder: Path
    tables: tuple[str, ...]

    def open(self, engine: Engine) -> None:
        """Make its tables readable in SQL under their own names."""
        for name in (*self.tables, EVERYONE):
            engine.view(name, f"SELECT * FROM read_parquet({text(table_file(self.folder, name))})")


def snapshot_key(plan: Plan, source_fingerprint: str) -> str:
    """What determines a snapshot's content, in short."""
    needs = [(n.schema.describe(), n.columns, row_condition(n.rows), n.window) for n in plan.needs]
    return fingerprint(FORMAT, source_fingerprint, needs, plan.candidates.tables, plan.candidates.any_row)


def table_file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '_')}.parquet"


def write_snapshot(engine: Engine, source: Source, plan: Plan, folder: Path) -> list[str]:
    """Write a snapshot into an empty folder; the warnings of the source. Raises RecordsError."""
    warnings = [warning for need in plan.needs for warning in source.check(engine, need.schema, need.columns)]
    rows = {need.schema.name: _write_table(engine, source, need, folder) for need in plan.needs}
    rows[EVERYONE] = _write_everyone(engine, source, plan, folder)
    hashes = {name: file_hash(table_file(folder, name)) for name in rows}
    description = {"format": FORMAT, "rows": rows, "sha256": hashes, "warnings": warnings}
    (folder / DESCRIPTION).write_text(json.dumps(description, indent=1, sort_keys=True))
    return warnings


def warnings_of(folder: Path) -> list[str]:
    """The warnings that came with the records when the snapshot was made."""
    return json.loads((folder / DESCRIPTION).read_text())["warnings"]


def is_whole(folder: Path) -> bool:
    """Whether every file of a snapshot is there with the content it was written with."""
    if not (folder / DESCRIPTION).exists():
        return False
    hashes = json.loads((folder / DESCRIPTION).read_text())["sha256"]
    files = {table_file(folder, name): hash_ for name, hash_ in hashes.items()}
    return all(path.exists() and file_hash(path) == hash_ for path, hash_ in files.items())


def write_static(engine: Engine, snapshot: Snapshot, plan: Plan, path: Path) -> int:
    """Compute the static table from a snapshot; the number of patients."""
    snapshot.open(engine)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(STATIC_TABLE)} AS {static_query(plan).sql}")
    return write_narrow(engine, STATIC_TABLE, path)


def open_static(engine: Engine, path: Path) -> None:
    engine.view(STATIC_TABLE, f"SELECT * FROM read_parquet({text(path)})")


def _write_table(engine: Engine, source: Source, need: TableNeed, folder: Path) -> int:
    name = need.schema.name
    columns = ", ".join(["e.patient_id", *(f"e.{quote(column)}" for column in need.columns)])
    where = f" WHERE {row_condition(need.rows)}" if need.rows else ""
    relation = source.relation(engine, need.schema, need.columns)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS SELECT {columns} FROM ({relation}) AS e{where}")
    # sorted down to the last column, so that equal records give equal files
    order = list(dict.fromkeys([*filter(None, [need.window]), "patient_id", *need.columns]))
    rows = write_narrow(
        engine, name, table_file(folder, name), order=order, row_group=SLICE if need.window else ROW_GROUP
    )
    engine.execute(f"DROP TABLE {quote(name)}")
    return rows


def _write_everyone(engine: Engine, source: Source, plan: Plan, folder: Path) -> int:
    """The patients who may be counted, from the snapshot's rows or, where any row counts, the source's."""
    for need in plan.needs:
        if plan.candidates.any_row:
            engine.view(need.schema.name, source.relation(engine, need.schema, ()))
        else:
            engine.view(need.schema.name, f"SELECT * FROM read_parquet({text(table_file(folder, need.schema.name))})")
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(EVERYONE)} AS {everyone_sql(plan.candidates)}")
    return write_narrow(engine, EVERYONE, table_file(folder, EVERYONE))
