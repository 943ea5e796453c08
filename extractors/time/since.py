"""What a new load of the records changes of what is counted for all periods at once.

A folder of timelines that was made of an earlier load (the base) tells nearly
everything of a new one: most people have the rows that they had. So the new folder has

- the base's shards, as links: their rows of the people who have changed are passed over
(`without.arrow`);
- one more shard, of the changed people alone, made as any other. Beside it lies what has
to be taken from the base's sums, because these people were in them (`less.py`).

The base is always a folder that was made of all people, so there is one such layer and
never two: with every load more people have changed since, until all are computed anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc

from extractors.disk import link, sync
from extractors.engine import Engine
from extractors.fingerprint import file_hash
from extractors.needed import table_file
from extractors.planner.kinds import STATIC_TABLE
from extractors.snapshot import PRINTS as PRINTS_TABLE
from extractors.snapshot import Snapshot
from extractors.sql.people import PeopleKey
from extractors.sql.words import quote
from extractors.time import shards
from extractors.time.layer import MOST, is_layer_of, is_over, read_changed
from extractors.time.less import write_less
from extractors.time.prints import changed_people, people_in
from extractors.time.timelines import STRETCHES, Timelines, touched_table

FORMAT = 3  # of the note: what another version wrote is no base
NOTE = "lineage.json"
PRINTS = "prints.parquet"
GONE = "changed people"  # with a space, so no author's table can have this name


@dataclass(frozen=True)
class Base:
    """A folder of timelines of an earlier load that was made in the same way."""

    # where its timelines are
    folder: Path
    # the key of the load's snapshot
    snapshot: str


def note_made(
    folder: Path,
    lineage: str,
    snapshot: Snapshot,
    engine: Engine,
    before: Base | None = None,
) -> None:
    """Note in a folder of timelines how and of what it is made, with which load
    `before` it begins, and what the files beside its shards are.
    """
    note: dict[str, Any] = {
        "format": FORMAT,
        "lineage": lineage,
        "engine": engine.version,
    }
    note |= {"snapshot": snapshot.folder.name, "shards": len(snapshot.shards)}
    if before:
        note |= {"shards": len(base_shards(before.folder))}
        note |= {"before": before.folder.name, "before_snapshot": before.snapshot}
    note["sha256"] = _hashes(folder)
    (folder / NOTE).write_text(json.dumps(note), encoding="utf-8")


def load_before(folder: Path) -> Base | None:
    """The load with which a folder begins, if its timelines are still there, and still
    begin with the same shards: they may have been made anew, of all people.
    """
    noted = _noted(folder / NOTE) if begins_with_base(folder) else {}
    before = folder.parent / str(noted.get("before"))
    if "before" not in noted or not _same_file(before / PRINTS, folder / PRINTS):
        return None
    return Base(before, noted["before_snapshot"])


def _same_file(one: Path, other: Path) -> bool:
    """Whether two files are there and hold the same."""
    if not (one.exists() and other.exists()):
        return False
    return one.samefile(other) or file_hash(one) == file_hash(other)


def _is_as_noted(folder: Path, noted: dict[str, Any]) -> bool:
    """Whether the files beside the shards of a folder are what its note says."""
    found = _hashes(folder)
    return PRINTS in found and found == noted.get("sha256")


def _hashes(folder: Path) -> dict[str, str]:
    """Of the files beside the shards of a folder, by name."""
    found = {}
    for name in (PRINTS, shards.WITHOUT):
        if (folder / name).exists():
            found[name] = file_hash(folder / name)
    return found


def _noted(path: Path) -> dict[str, Any]:
    """What a note says; nothing if it is torn or gone: then there is no base."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def find_base(engine: Engine, folder: Path, lineage: str, chains: int) -> Base | None:
    """The newest folder beside `folder` whose shards are whole and were made in the
    same way.
    """
    notes = [note for note in folder.parent.glob(f"*/{NOTE}") if note.parent != folder]
    for note in sorted(notes, key=lambda each: each.stat().st_mtime_ns, reverse=True):
        noted = _noted(note)
        alike = (noted.get("format"), noted.get("lineage"), noted.get("engine")) == (
            FORMAT,
            lineage,
            engine.version,
        )
        found = base_shards(note.parent) if alike else []
        whole = (
            alike
            and len(found) == noted.get("shards")
            and all(map(shards.is_whole, found))
            and _is_as_noted(note.parent, noted)
        )
        if whole and (note.parent / f"counts-{chains - 1}.arrow").exists():
            return Base(note.parent, noted["snapshot"])
    return None


def base_shards(folder: Path) -> list[Path]:
    """The shards of a folder but the one of changed people."""
    return [path for path in shards.shards_of(folder) if not shards.is_of_changed(path)]


def changed_since(engine: Engine, base: Base, snapshot: Snapshot) -> pa.Array | None:
    """The people whose rows have changed since; None if they are too many to begin with
    the base.
    """
    old = base.folder / PRINTS
    if is_over(snapshot, old):
        people = read_changed(snapshot)
    else:
        people = changed_people(engine, old, table_file(snapshot.folder, PRINTS_TABLE))
    everybody = people_in(old)
    most = min(MOST * everybody, everybody / len(base_shards(base.folder)))
    return people if len(people) <= most else None


def begins_with_base(folder: Path) -> bool:
    """Whether a folder has the shards of an earlier load."""
    of_changed = shards.shard_folder(folder, shards.CHANGED)
    return (folder / shards.WITHOUT).exists() or of_changed.exists()


def write_since(
    engine: Engine,
    timelines: Timelines,
    snapshot: Snapshot,
    static: Path,
    base: Base,
    people: pa.Array,
    folder: Path,
    *,
    key: PeopleKey,
) -> None:
    """Write into an empty folder the base's shards, as links, and the shard of the
    changed people.
    """
    for shard in base_shards(base.folder):
        _link_all(shard, folder / shard.name)
    link(base.folder / PRINTS, folder / PRINTS)
    _write_people(people, folder / shards.WITHOUT)
    if is_over(snapshot, folder / PRINTS) and is_layer_of(static, snapshot):
        snapshot.open_changed(engine, static)
    else:
        _open_changed(engine, snapshot, static, people)
    types: dict[str, Mapping[str, str]] = {}

    def look(number: int) -> None:
        names = (f"{STRETCHES} {timelines.chains[number].track}", touched_table(number))
        for name in names if timelines.chains[number].touched else names[:1]:
            types[name] = engine.types(quote(name))

    made = shards.shard_folder(folder, shards.CHANGED)
    made.mkdir(mode=0o700)
    checks = shards.write_chains(engine, timelines, made, look)
    write_less(engine, timelines, base_shards(folder), made, types, key=key)
    shards.describe(made, checks)
    for path in made.iterdir():
        sync(path)  # what makes the folder whole looks at what is just below


def _link_all(old: Path, new: Path) -> None:
    """What the base's shard was written with; nothing that an earlier load put beside
    it.
    """
    new.mkdir(mode=0o700)
    for name in (
        *json.loads((old / shards.DESCRIPTION).read_text(encoding="utf-8"))["sha256"],
        shards.DESCRIPTION,
    ):
        link(old / name, new / name)


def _write_people(people: pa.Array, path: Path) -> None:
    table = pa.table({"patient_id": people})
    with ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def _open_changed(
    engine: Engine, snapshot: Snapshot, static: Path, people: pa.Array
) -> None:
    """Only the rows of some people, as tables, under the names of the snapshot's."""
    snapshot.open(engine)
    snapshot.open_static(engine, static)
    engine.register(GONE, pa.table({"patient_id": people}))
    for name in (*snapshot.names, STATIC_TABLE):
        chosen = (
            f"SELECT * FROM {quote(name)} WHERE patient_id IN (SELECT patient_id "
            f"FROM {quote(GONE)})"
        )
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {quote(f'{name} of them')} AS {chosen}"
        )
        engine.view(name, f"SELECT * FROM {quote(f'{name} of them')}")


def is_whole(folder: Path) -> bool:
    """Whether all that was linked and made is as it was written."""
    noted = _noted(folder / NOTE)
    if noted.get("format") != FORMAT or not _is_as_noted(folder, noted):
        return False
    found = shards.shards_of(folder)
    return len(found) == noted["shards"] + 1 and all(map(shards.is_whole, found))
