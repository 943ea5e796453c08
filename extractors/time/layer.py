"""The snapshot of a new load of the records, as a layer over an earlier one.

Everybody's rows are read and get a fingerprint, and most people have that which they
had. Only the rows of the others are written; those of the rest are the files of the
earlier load under other names. There is one layer and never two: what is below was
written of all people.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.cohorts import EVERYONE
from extractors.disk import link, read_json
from extractors.engine import Engine
from extractors.errors import CohortflowError, EngineError
from extractors.fingerprint import file_hash
from extractors.model.schema import TableSchema
from extractors.needed import (
    IS_NEEDED,
    look_through,
    marked_of_source,
    needed_of_source,
    table_file,
    write_tables,
)
from extractors.planner.plan import Plan
from extractors.snapshot import (
    BASE,
    CHANGED,
    DESCRIPTION,
    LAYER,
    PRINTS,
    Snapshot,
    describe,
    is_whole,
    seen_in,
    snapshot_key,
    static_file,
    write_snapshot,
)
from extractors.sources.base import Source, WholeIds
from extractors.sources.dirt import Checked
from extractors.sources.ids import keyed, refuse_missing
from extractors.sql.files import read_parquet
from extractors.sql.words import quote
from extractors.time.prints import Rows, changed_people, people_in, write_prints

MOST = 0.2  # of all people: with more of them changed, all are written anew


@dataclass(frozen=True)
class Below:
    """A snapshot that was written of all people."""

    # where its files are
    folder: Path
    # its key when it was made
    key: str


def write_load(engine: Engine, source: Source, plan: Plan, folder: Path) -> None:
    """Write the snapshot of a load into an empty folder: as a layer where few people
    have other rows than in a load beside it. Raises RecordsError.
    """
    lineage = f"{snapshot_key(plan, '')} {engine.version}"
    below = _below(folder, lineage)
    if below and source.files():
        if _write_layer(engine, source, plan, folder, below, lineage):
            return
        for path in folder.iterdir():
            path.unlink()
    write_snapshot(engine, source, plan, folder)
    made = Snapshot(folder, tuple(need.schema.name for need in plan.needs))
    if made.ids_are_texts:
        return  # the numbers of texts are others in another load
    tables = [Rows(name, f"({made.rows(name)})") for name in made.tables]
    members = f"({made.rows(EVERYONE)})"
    write_prints(engine, tables, table_file(folder, PRINTS), members)
    described = read_json(folder / DESCRIPTION)
    rows = {**described["rows"], PRINTS: people_in(table_file(folder, PRINTS))}
    describe(folder, rows, {**_facts(described), "lineage": lineage})


def _facts(described: dict[str, Any]) -> dict[str, Any]:
    """What a description says, but for what `describe` says itself."""
    own = ("format", "rows", "sha256")
    return {name: each for name, each in described.items() if name not in own}


def _below(folder: Path, lineage: str) -> Below | None:
    """The newest snapshot beside a folder that can lie below it, if it is whole."""
    notes = [*folder.parent.glob(f"*/{DESCRIPTION}")]
    for note in sorted(notes, key=lambda each: each.stat().st_mtime_ns, reverse=True):
        try:
            described = read_json(note, {})
            if described.get("lineage") != lineage:
                continue
            layer = note.parent / BASE
            found = layer if layer.exists() else note.parent
            if is_whole(found):
                return Below(found, described.get("base", note.parent.name))
        except CohortflowError:  # damaged, or of another version
            continue
    return None


def _write_layer(
    engine: Engine,
    source: Source,
    plan: Plan,
    folder: Path,
    below: Below,
    lineage: str,
) -> bool:
    """Whether the layer is written: not where too many people have other rows, or where
    something is wrong with the records.
    """
    refuse_missing(engine, source, plan.needs)
    source = keyed(engine, source, plan.needs)
    if source.ids_are_texts:
        return False
    checked = look_through(engine, source, plan)
    tables = _rows(engine, source, plan, checked)
    prints, old = table_file(folder, PRINTS), table_file(below.folder, PRINTS)
    try:
        write_prints(engine, tables, prints)
    except EngineError:
        return False  # who writes all rows says what is wrong with them
    people = changed_people(engine, old, prints)
    if len(people) > MOST * people_in(old):
        return False
    engine.register(CHANGED, pa.table({"patient_id": people}))
    rows = write_tables(engine, Chosen(source), plan, folder, checked)
    engine.write_parquet(
        f"SELECT patient_id FROM {quote(CHANGED)}", table_file(folder, CHANGED)
    )
    rows |= {CHANGED: len(people), PRINTS: people_in(prints)}
    _link_all(below.folder, folder / BASE)
    described = read_json(below.folder / DESCRIPTION)
    patients = _ends(engine, table_file(folder, EVERYONE), described["patients"])
    facts = {"shards": described["shards"], "patients": patients, "lineage": lineage}
    describe(folder, rows, {**seen_in(checked), **facts, "base": below.key})
    return True


def _rows(engine: Engine, source: Source, plan: Plan, checked: Checked) -> list[Rows]:
    """The needed rows of all tables; the others, too, where a plan may count people
    because of rows that it does not read.
    """
    found = []
    for need in plan.needs:
        if need.rows and plan.candidates.any_row:
            query, marked = marked_of_source(engine, source, need, checked), IS_NEEDED
        else:
            query, marked = needed_of_source(engine, source, need, checked), ""
        found.append(Rows(need.schema.name, f"({query})", marked))
    return found


def loads_below(snapshot: Snapshot) -> list[str]:
    """The keys of the load below, and of the others that lie over it, too."""
    base = _base_of(snapshot.folder)
    beside = snapshot.folder.parent.glob(f"*/{BASE}/{DESCRIPTION}")
    others = [path.parent.parent for path in beside]
    return [base, *(each.name for each in others if _base_of(each) == base)]


def _base_of(folder: Path) -> str:
    """The key of the load below a layer; empty if it cannot be read."""
    try:
        return str(read_json(folder / DESCRIPTION, {}).get("base", ""))
    except CohortflowError:
        return ""


def is_over(snapshot: Snapshot, prints: Path) -> bool:
    """Whether a snapshot is a layer over the load whose fingerprints are in a file."""
    below = table_file(snapshot.folder / BASE, PRINTS)
    if not below.exists():
        return False
    return below.samefile(prints) or file_hash(below) == file_hash(prints)


def read_changed(snapshot: Snapshot) -> pa.Array:
    """The people who have other rows than in the load below, in order."""
    # not `read_table`, whose first call loads all that reads datasets: 0.2 s
    with pq.ParquetFile(table_file(snapshot.folder, CHANGED)) as file:
        return file.read()["patient_id"].combine_chunks()


def has_layer(static: Path) -> bool:
    """Whether a static table is one of changed people over that of an earlier load."""
    own = (table_file(static, CHANGED), static_file(static, LAYER))
    return any(path.exists() for path in own)


def is_layer_of(static: Path, snapshot: Snapshot) -> bool:
    """Whether the people of a static table's layer are those of the snapshot's.

    They are others where one of both was made anew, over another load.
    """
    people = [table_file(each, CHANGED) for each in (static, snapshot.folder)]
    if not all(path.exists() for path in people):
        return False
    return people[0].samefile(people[1]) or file_hash(people[0]) == file_hash(people[1])


def _link_all(old: Path, new: Path) -> None:
    """The files of a snapshot under other names."""
    new.mkdir(mode=0o700)
    for path in old.iterdir():
        link(path, new / path.name)


def _ends(engine: Engine, everyone: Path, before: Sequence[int]) -> list[int]:
    """The first patient and the last of two loads."""
    ends = engine.execute(
        f"SELECT min(patient_id), max(patient_id) FROM {read_parquet([everyone])}"
    )[0]
    known = [each for each in (*ends, *before) if each is not None]
    return [min(known), max(known)] if known else []


@dataclass(frozen=True)
class Chosen(WholeIds):
    """A source that has the changed people alone, whom the engine knows."""

    # that of the whole load
    source: Source

    def files(self) -> tuple[Path, ...]:
        return self.source.files()

    def relation(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        clean: Container[str] = (),
    ) -> str:
        every = self.source.relation(engine, schema, columns, clean)
        chosen = f"SELECT patient_id FROM {quote(CHANGED)}"
        return f"SELECT * FROM ({every}) WHERE patient_id IN ({chosen})"

    def check(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        *,
        thorough: bool = False,
    ) -> Checked:
        return self.source.check(engine, schema, columns, thorough=thorough)
