"""The snapshot: a copy of just the tables, columns and rows that a plan needs.

A snapshot is worked through in shards, each a range of patients, so that memory does
not grow with their number.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from extractors.cohorts import EVERYONE, make_static, write_narrow
from extractors.disk import read_kept
from extractors.engine import Engine
from extractors.errors import Damaged
from extractors.fingerprint import file_hashes, fingerprint
from extractors.needed import look_through, table_file, write_tables
from extractors.planner.kinds import STATIC_TABLE
from extractors.planner.needs import TableNeed
from extractors.planner.plan import Plan
from extractors.sources.base import Source
from extractors.sources.dirt import (
    Checked,
    Dirt,
    dirt_of,
    report,
)
from extractors.sources.ids import IDS, keyed, number, refuse_missing
from extractors.sql.files import read_parquet
from extractors.sql.people import PeopleKey
from extractors.sql.query import Steps
from extractors.sql.row_conditions import row_condition

FORMAT = 6  # part of every key: raise it when what is written for the same plan changes
DESCRIPTION = "snapshot.json"
DESCRIBED = 7  # its format; until 6 no snapshot had another one below
# patients at most: 0.7 GB; with fewer, the half second that each costs anyway counts
# for more
SHARD = 400_000
FEWEST = 5_000  # patients, however little memory there is
# bytes that DuckDB needs for itself, and for each series of a patient in a shard
ENGINE, VALUE = 60_000_000, 8
FEW_SERIES = 60
EVEN = 4  # shards, or a multiple: few workers end together
FEW = 100_000  # patients that are not worth a second shard


# Where a new load has the rows of an earlier one below: its folder, who has other rows
# now, and the number of these people's shard of the static table.
BASE = "base"
CHANGED = "changed people"
LAYER = 9_999
# the fingerprint of everybody's rows; with spaces, so no author's table is called so
PRINTS = "prints of people"


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
            rows = self.rows(name)
            engine.view(name, f"SELECT {self._columns} FROM ({rows}){where}")

    def rows(self, name: str) -> str:
        """SELECT of the rows of a table."""
        own = self.own_rows(name)
        if not self.is_layer:
            return own
        below = read_parquet([table_file(self.folder / BASE, name)])
        others = _others(table_file(self.folder, CHANGED))
        return f"SELECT * FROM {below} WHERE {others} UNION ALL BY NAME {own}"

    def own_rows(self, name: str) -> str:
        """SELECT of the rows of a table that it has itself: of a layer, those of
        changed people alone.
        """
        return f"SELECT * FROM {read_parquet([table_file(self.folder, name)])}"

    def open_changed(self, engine: Engine, static: Path | None = None) -> None:
        """As `open`, and with `static` as `open_static`, of the people alone who have
        changed since the load below.
        """
        for name in self.names:
            own = read_parquet([table_file(self.folder, name)])
            engine.view(name, f"SELECT {self._columns} FROM {own}")
        if static:
            own = read_parquet([static_file(static, LAYER)])
            engine.view(STATIC_TABLE, f"SELECT {self._columns} FROM {own}")

    @property
    def is_layer(self) -> bool:
        """Whether it has the rows of an earlier load below, and only changed people's
        rows itself.
        """
        return (self.folder / BASE).exists()

    def open_static(
        self, engine: Engine, folder: Path, shard: int | None = None
    ) -> None:
        """Make the static table, or a shard of it, readable in SQL."""
        # integers are as narrow as they fit in each shard; else the first shard's would
        # be those of all
        rows = f"SELECT * FROM {read_parquet(static_files(folder), by_name=True)}"
        if (without := table_file(folder, CHANGED)).exists():
            own = read_parquet([static_file(folder, LAYER)])
            rows += f" WHERE {_others(without)} UNION ALL BY NAME SELECT * FROM {own}"
        # the load below may have been cut into other shards
        where = "" if shard is None else f" WHERE {_within(self.shards, shard)}"
        engine.view(STATIC_TABLE, f"SELECT {self._columns} FROM ({rows}){where}")

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
        everyone = self.rows(EVERYONE)
        return f"SELECT patient_id, CAST(patient_id AS VARCHAR) AS id FROM ({everyone})"

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
        for n in plan.needs
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


def _others(people: Path) -> str:
    """The condition for a patient to be none of those in a file."""
    return f"patient_id NOT IN (SELECT patient_id FROM {read_parquet([people])})"


def write_snapshot(engine: Engine, source: Source, plan: Plan, folder: Path) -> None:
    """Write a snapshot into an empty folder. Raises RecordsError."""
    refuse_missing(engine, source, plan.needs)
    source = keyed(engine, source, plan.needs)
    checked = look_through(engine, source, plan)
    by_number = number(engine, source, plan.needs) if source.ids_are_texts else source
    rows = write_tables(engine, by_number, plan, folder, checked)
    if source.ids_are_texts:
        rows[IDS] = write_narrow(
            engine, IDS, table_file(folder, IDS), order=["patient_id"]
        )
    count = shard_count(rows[EVERYONE], engine.memory, len(plan.series))
    patients = _patients(engine, table_file(folder, EVERYONE), rows[EVERYONE], count)
    describe(folder, rows, {**seen_in(checked), **patients})


def seen_in(checked: Checked) -> dict[str, Any]:
    """What the description of a snapshot says of the records' rows."""
    return {"warnings": checked.said, "found": report(checked.dirt)}


def describe(folder: Path, rows: Mapping[str, int], facts: Mapping[str, Any]) -> None:
    """Write the description of a snapshot; `rows`: of each file how many it has."""
    found = file_hashes(table_file(folder, name) for name in rows)
    hashes = {name: found[table_file(folder, name)] for name in rows}
    described = {"format": DESCRIBED, "rows": dict(rows), "sha256": hashes, **facts}
    (folder / DESCRIPTION).write_text(
        json.dumps(described, indent=1, sort_keys=True), encoding="utf-8"
    )


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
    described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    files = {
        table_file(folder, name): hash_ for name, hash_ in described["sha256"].items()
    }
    return (
        all(path.exists() for path in files)
        and file_hashes(files) == files
        and ("base" not in described or is_whole(folder / BASE))
    )


def is_described(folder: Path) -> bool:
    """Whether there is a snapshot whose description can be read, and no file of it is
    missing.

    Raises AnotherVersion if the description has another format.
    """
    try:
        described = read_kept(folder / DESCRIPTION, DESCRIBED, {6: dict})
    except Damaged:
        return False
    if described is None or not described.keys() >= {"sha256", "found", "warnings"}:
        return False
    return all(table_file(folder, name).exists() for name in described["sha256"]) and (
        "base" not in described or is_described(folder / BASE)
    )


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
    """Compute a shard of the static table from a snapshot, or that of the changed
    people; the number of patients.
    """
    if shard == LAYER:
        snapshot.open_changed(engine)
    else:
        snapshot.open(engine, shard)
    make_static(
        engine, steps, people, snapshot.own_ids if snapshot.ids_are_texts else ""
    )
    return write_narrow(engine, STATIC_TABLE, path)


def static_file(folder: Path, shard: int) -> Path:
    return folder / f"static-{shard:04}.parquet"


def static_files(folder: Path) -> list[Path]:
    """Those of all shards that are there, in order of their patients; not that of
    changed people.
    """
    return sorted({*folder.glob("static-*.parquet")} - {static_file(folder, LAYER)})
