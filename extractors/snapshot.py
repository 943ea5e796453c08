"""The snapshot: a copy of just the tables, columns and rows that a plan needs.

Each table of the source is read once, streamed through DuckDB within its memory limit.
Tables in which periods look for their rows one by one are sorted by date: a sorted
Parquet file is read by row group, so a period touches only its own slice. Where all
periods are computed at once, the order of the source will do.

A snapshot is worked through in shards, each a range of patients, so that memory does
not grow with their number.
"""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq

from extractors.cohorts import EVERYONE, everyone_sql, make_static, write_narrow
from extractors.disk import read_kept
from extractors.engine import Engine
from extractors.errors import Damaged, EngineError, OutOfMemory
from extractors.fingerprint import file_hashes, fingerprint
from extractors.planner.kinds import STATIC_TABLE, Kind
from extractors.planner.needs import TableNeed
from extractors.planner.plan import Plan
from extractors.sources.base import Source
from extractors.sources.dirt import (
    Checked,
    Dirt,
    DirtyRecords,
    dirt_of,
    report,
    together,
)
from extractors.sources.ids import IDS, keyed, number, refuse_missing
from extractors.sql.files import read_parquet
from extractors.sql.people import PeopleKey
from extractors.sql.query import Steps
from extractors.sql.row_conditions import rough_condition, row_condition
from extractors.sql.words import quote

FORMAT = 6  # part of every key: raise it when what is written for the same plan changes
# rows per row group of a table read by date; of 100,000 patients about a week and a
# half
SLICE = 20_480
DESCRIPTION = "snapshot.json"
# patients at most: 0.7 GB; with fewer, the half second that each costs anyway counts
# for more
SHARD = 400_000
FEWEST = 5_000  # patients, however little memory there is
# bytes that DuckDB needs for itself, and for each series of a patient in a shard
ENGINE, VALUE = 60_000_000, 8
FEW_SERIES = 60
EVEN = 4  # shards, or a multiple: few workers end together
FEW = 100_000  # patients that are not worth a second shard


@dataclass(frozen=True)
class Snapshot:
    """Where a snapshot lies and which tables it holds."""

    # with one Parquet file for each table, sorted by patient
    folder: Path
    # names
    tables: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of all its tables."""
        return (*self.tables, EVERYONE)

    def open(self, engine: Engine, shard: int | None = None) -> None:
        """Make its tables, or a shard of them, readable in SQL under their own
        names.
        """
        where = "" if shard is None else f" WHERE {_within(self.shards, shard)}"
        for name in self.names:
            read = read_parquet([table_file(self.folder, name)])
            engine.view(name, f"SELECT {self._columns} FROM {read}{where}")

    def open_static(
        self, engine: Engine, folder: Path, shard: int | None = None
    ) -> None:
        """Make the static table, or a shard of it, readable in SQL."""
        files = static_files(folder) if shard is None else [static_file(folder, shard)]
        # integers are as narrow as they fit in each shard; else the first shard's would
        # be those of all
        read = read_parquet(files, by_name=True)
        engine.view(STATIC_TABLE, f"SELECT {self._columns} FROM {read}")

    @property
    def own_ids(self) -> str:
        """A SELECT of everybody's number, patient_id, and of the id as a text that the
        source has for them.

        The same person has the same text in every snapshot of a source, whatever the
        number is.
        """
        if self.ids_are_texts:
            return (
                "SELECT patient_id, id FROM "
                f"{read_parquet([table_file(self.folder, IDS)])}"
            )
        everyone = read_parquet([table_file(self.folder, EVERYONE)])
        return f"SELECT patient_id, CAST(patient_id AS VARCHAR) AS id FROM {everyone}"

    @property
    def ids_are_texts(self) -> bool:
        """Whether the numbers of patients are not the source's own."""
        return table_file(self.folder, IDS).exists()

    @property
    def _columns(self) -> str:
        """All columns: patients half as wide, and alike in all tables, are joined and
        grouped the faster.
        """
        every = "* REPLACE (CAST(patient_id AS {}) AS patient_id)"
        return every.format(
            "INTEGER" if _fits(self._description["patients"]) else "BIGINT"
        )

    @cached_property
    def _description(self) -> dict:
        return json.loads((self.folder / DESCRIPTION).read_text(encoding="utf-8"))

    @property
    def shards(self) -> list[int]:
        """The first patient of each shard; the first shard begins with the first
        patient there is.
        """
        return self._description["shards"]


def _fits(patients: list[int]) -> bool:
    return bool(patients) and patients[0] >= -(2**31) and patients[1] < 2**31


def _within(shards: list[int], number: int) -> str:
    """The condition for a patient to be in a shard."""
    after = f"patient_id >= {shards[number]}" if number else "TRUE"
    return (
        f"{after} AND patient_id < {shards[number + 1]}"
        if number + 1 < len(shards)
        else after
    )


def snapshot_key(plan: Plan, source_fingerprint: str) -> str:
    """What determines a snapshot's content, in short."""
    needs = [
        (n.schema.describe(), n.columns, _only(n), row_condition(n.rows), n.window)
        for n in _ordered(plan)
    ]
    return fingerprint(
        FORMAT,
        source_fingerprint,
        needs,
        plan.candidates.tables,
        plan.candidates.any_row,
    )


def _only(need: TableNeed) -> list[tuple]:
    """The categories of each column that is read: of some tables other values are
    NULL.
    """
    return [need.schema.column(name).categories for name in need.columns]


def table_file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '_')}.parquet"


def write_snapshot(engine: Engine, source: Source, plan: Plan, folder: Path) -> None:
    """Write a snapshot into an empty folder. Raises RecordsError."""
    refuse_missing(engine, source, plan.needs)
    source = keyed(engine, source, plan.needs)
    checked = look_through(engine, source, plan)
    by_number = number(engine, source, plan.needs) if source.ids_are_texts else source
    rows = {
        need.schema.name: _written(engine, by_number, need, folder, checked)
        for need in _ordered(plan)
    }
    rows[EVERYONE] = _write_everyone(engine, by_number, plan, folder)
    if source.ids_are_texts:
        rows[IDS] = write_narrow(
            engine, IDS, table_file(folder, IDS), order=["patient_id"]
        )
    found = file_hashes(table_file(folder, name) for name in rows)
    hashes = {name: found[table_file(folder, name)] for name in rows}
    description = {
        "format": FORMAT,
        "rows": rows,
        "sha256": hashes,
        "warnings": checked.said,
        "found": report(checked.dirt),
    }
    count = shard_count(rows[EVERYONE], engine.memory, len(plan.series))
    description |= _patients(
        engine, table_file(folder, EVERYONE), rows[EVERYONE], count
    )
    (folder / DESCRIPTION).write_text(
        json.dumps(description, indent=1, sort_keys=True), encoding="utf-8"
    )


def look_through(engine: Engine, source: Source, plan: Plan) -> Checked:
    """What was found in all tables. Raises RecordsError; DirtyRecords with all that was
    found until then.
    """
    found: list[Checked] = []
    for need in plan.needs:
        try:
            found.append(source.check(engine, need.schema, need.columns))
        except DirtyRecords as error:
            dirt = (*together(found).dirt, *error.dirt)
            raise DirtyRecords(error.message, error.detail, dirt) from None
    return together(found)


def warnings_of(folder: Path) -> list[str]:
    """The warnings that came with the records when the snapshot was made."""
    return json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))["warnings"]


def dirt_in(folder: Path) -> tuple[Dirt, ...]:
    """What was wrong with the records then, for the site's people."""
    return dirt_of(
        json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))["found"]
    )


def is_whole(folder: Path) -> bool:
    """Whether every file of a snapshot is there with the content it was written
    with.
    """
    if not is_described(folder):
        return False
    hashes = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))["sha256"]
    files = {table_file(folder, name): hash_ for name, hash_ in hashes.items()}
    return all(path.exists() for path in files) and file_hashes(files) == files


def is_described(folder: Path) -> bool:
    """Whether there is a snapshot whose description can be read, and no file of it is
    missing.

    Raises AnotherVersion if the description has another format.
    """
    try:
        described = read_kept(folder / DESCRIPTION, FORMAT, {})
    except Damaged:
        return False
    if described is None or not described.keys() >= {"sha256", "found", "warnings"}:
        return False
    return all(table_file(folder, name).exists() for name in described["sha256"])


def _ordered(plan: Plan) -> list[TableNeed]:
    """What is read of each table; in order of dates only if periods will look for rows
    one by one.
    """
    general = any(part.kind == Kind.GENERAL for part in plan.parts.values())
    return [need if general else replace(need, window="") for need in plan.needs]


def shard_count(patients: int, memory: int, series: int) -> int:
    """How many shards so many patients make, so that one can be worked through in so
    many bytes.

    Measured with 66 series: 40,000 patients fit into 80 MB, 100,000 into 100 MB,
    250,000 into 160 MB.
    """
    room = (memory - ENGINE) // (VALUE * max(series, FEW_SERIES))
    most = min(SHARD, max(FEWEST, room))
    if patients > most:
        return EVEN * -(-patients // (EVEN * most))
    return 2 if patients > FEW else 1


def _patients(
    engine: Engine, everyone: Path, patients: int, count: int
) -> dict[str, list[int]]:
    """The first patient of each of so many shards, and the first and the last of
    all.
    """
    numbered = (
        "SELECT patient_id, row_number() OVER () - 1 AS place FROM "
        f"{read_parquet([everyone])}"
    )
    firsts = [number * patients // count for number in range(count)]
    query = (
        f"SELECT patient_id FROM ({numbered}) WHERE place IN "
        f"({', '.join(map(str, firsts))}) ORDER BY place"
    )
    shards = [row[0] for row in engine.execute(query)]
    ends = engine.execute(
        f"SELECT min(patient_id), max(patient_id) FROM {read_parquet([everyone])}"
    )[0]
    return {"shards": shards or [0], "patients": list(ends) if shards else []}


def write_static(
    engine: Engine,
    snapshot: Snapshot,
    shard: int,
    steps: Steps,
    path: Path,
    *,
    people: PeopleKey,
) -> int:
    """Compute a shard of the static table from a snapshot; the number of patients."""
    snapshot.open(engine, shard)
    make_static(
        engine, steps, people, snapshot.own_ids if snapshot.ids_are_texts else ""
    )
    return write_narrow(engine, STATIC_TABLE, path)


def static_file(folder: Path, shard: int) -> Path:
    return folder / f"static-{shard:04}.parquet"


def static_files(folder: Path) -> list[Path]:
    """Those of all shards that are there, in order of their patients."""
    return sorted(folder.glob("static-*.parquet"))


def _written(
    engine: Engine, source: Source, need: TableNeed, folder: Path, checked: Checked
) -> int:
    """As `_write_table`; raises RecordsError if it fails because a file is damaged."""
    try:
        return _write_table(engine, source, need, folder, checked)
    except OutOfMemory:
        raise
    except EngineError:
        source.check(engine, need.schema, need.columns, thorough=True)
        raise


def _write_table(
    engine: Engine, source: Source, need: TableNeed, folder: Path, checked: Checked
) -> int:
    name, file = need.schema.name, table_file(folder, need.schema.name)
    relation = source.relation(
        engine, need.schema, need.columns, checked.clean_of(name)
    )
    query = needed_sql(need, f"({relation})")
    if not need.window:
        # zstd: a fifth smaller, a tenth more of this step
        engine.write_parquet(query, file, compression="snappy")
        return pq.read_metadata(file).num_rows
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS {query}")
    # sorted down to the last column, so that equal records give equal files
    order = list(dict.fromkeys([need.window, "patient_id", *need.columns]))
    rows = write_narrow(engine, name, file, order=order, row_group=SLICE)
    engine.execute(f"DROP TABLE {quote(name)}")
    return rows


def needed_sql(need: TableNeed, relation: str) -> str:
    """SELECT of the columns and rows of a table that are needed, from what goes
    behind FROM.
    """
    columns = ["e.patient_id", *(f"e.{quote(column)}" for column in need.columns)]
    where = f" WHERE {rough_condition(need.rows)}" if need.rows else ""
    return f"SELECT {', '.join(columns)} FROM {relation} AS e{where}"


def _write_everyone(engine: Engine, source: Source, plan: Plan, folder: Path) -> int:
    """The patients who may be counted, from the snapshot's rows or, where any row
    counts, the source's.
    """
    for need in plan.needs:
        if plan.candidates.any_row:
            engine.view(need.schema.name, source.relation(engine, need.schema, ()))
        else:
            file = table_file(folder, need.schema.name)
            engine.view(need.schema.name, f"SELECT * FROM {read_parquet([file])}")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {quote(EVERYONE)} AS "
        f"{everyone_sql(plan.candidates)}"
    )
    return write_narrow(engine, EVERYONE, table_file(folder, EVERYONE))
