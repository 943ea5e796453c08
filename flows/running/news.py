"""What a new load of the records changes, on the Dask workers: most of it is known from
an earlier one.
"""

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa

from extractors.engine import Engine
from extractors.snapshot import Snapshot, is_whole
from extractors.sql.people import PeopleKey
from extractors.time import since
from extractors.time.arrivals import weeks_of_changes
from extractors.time.prints import write_prints
from extractors.time.shards import changed_in
from extractors.time.timelines import Timelines
from flows.preparing.jobs import Bounds
from flows.workspace.store import whole_file, whole_folder, write_json

NEWS = "news.json"  # by week, of how many people: raw, so it stays where it is


def make_since(
    timelines: Timelines,
    snapshot: Snapshot,
    static: Path,
    folder: Path,
    lineage: str,
    bounds: Bounds,
    *,
    key: PeopleKey,
    suspect: bool,
    anew: bool,
) -> None:
    """Begin the timelines of a load with those of an earlier one, if few people have
    other rows since.

    Else their folder gets the fingerprints of everybody, so that a later load can begin
    with it. What is there is left, but for one that is `suspect` and not whole, or to
    be made `anew`.
    """
    begun = since.begins_with_base(folder)
    if begun and (anew or (suspect and not since.is_whole(folder))):
        shutil.rmtree(folder)
        begun = False
    if begun or (folder / since.PRINTS).exists() or snapshot.ids_are_texts:
        return  # numbers that stand for texts are other ones in another load
    if folder.exists():
        _note_people(snapshot, folder, lineage, bounds)
        return
    with whole_folder(folder) as beside, bounds.engine() as engine:
        prints = beside / since.PRINTS
        write_prints(engine, snapshot, prints)
        base = (
            None
            if anew
            else since.find_base(engine, folder, lineage, len(timelines.chains))
        )
        people = since.changed_since(engine, base, prints) if base else None
        if base is None or people is None:
            since.note_made(beside, lineage, snapshot, engine)
            return
        prints.unlink()
        _write_news(engine, snapshot, base, people, beside)
        since.note_made(beside, lineage, snapshot, engine, before=base)
        since.write_since(
            engine, timelines, snapshot, static, base, people, beside, key=key
        )


def _write_news(
    engine: Engine, snapshot: Snapshot, base: since.Base, people: pa.Array, folder: Path
) -> None:
    """Write in which weeks how many people have other rows than in the load before, if
    its snapshot is still there.
    """
    before = Snapshot(snapshot.folder.with_name(base.snapshot), snapshot.tables)
    if is_whole(before.folder):
        others = changed_in(base.folder)
        everybody = (
            people
            if others is None
            else pa.array(np.union1d(others, people.to_numpy()))
        )
        write_json(
            folder / NEWS, dict(weeks_of_changes(engine, before, snapshot, everybody))
        )


def _note_people(
    snapshot: Snapshot, folder: Path, lineage: str, bounds: Bounds
) -> None:
    """As of a folder that an older version has made, or a run that was killed."""
    with bounds.engine() as engine, whole_file(folder / since.PRINTS) as beside:
        write_prints(engine, snapshot, beside)
        since.note_made(folder, lineage, snapshot, engine)
