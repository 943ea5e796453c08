"""What a new load of the records changes, on the Dask workers: most of it is known from
an earlier one.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from extractors.disk import link
from extractors.engine import Engine
from extractors.needed import table_file
from extractors.snapshot import (
    CHANGED,
    LAYER,
    PRINTS,
    Snapshot,
    is_whole,
    static_file,
    static_files,
)
from extractors.sql.people import PeopleKey
from extractors.sql.query import Steps as QuerySteps
from extractors.time import since
from extractors.time.arrivals import weeks_of_changes
from extractors.time.layer import has_layer, is_layer_of
from extractors.time.shards import changed_in
from extractors.time.timelines import Timelines
from flows.preparing.jobs import Bounds
from flows.running import work
from flows.workspace.store import whole_file, whole_folder, write_json
from flows.workspace.written import look

NEWS = "news.json"  # by week, of how many people: raw, so it stays where it is


def make_since(
    timelines: Timelines,
    snapshot: Snapshot,
    static: Path,
    folder: Path,
    lineage: str,
    bounds: Bounds,
    *,
    secret: PeopleKey,
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
    prints = table_file(snapshot.folder, PRINTS)
    if begun or (folder / since.PRINTS).exists() or not prints.exists():
        return  # numbers that stand for texts are other ones in another load
    if folder.exists():  # as of a run that was killed
        with bounds.engine() as engine, whole_file(folder / since.PRINTS) as beside:
            link(prints, beside)
            since.note_made(folder, lineage, snapshot, engine)
        return
    with whole_folder(folder) as beside, bounds.engine() as engine:
        base = (
            None
            if anew
            else since.find_base(engine, folder, lineage, len(timelines.chains))
        )
        people = since.changed_since(engine, base, snapshot) if base else None
        if base is None or people is None:
            link(prints, beside / since.PRINTS)
            since.note_made(beside, lineage, snapshot, engine)
            return
        _write_news(engine, snapshot, base, people, beside)
        since.write_since(
            engine, timelines, snapshot, static, base, people, beside, key=secret
        )
        since.note_made(beside, lineage, snapshot, engine, before=base)


def make_static_since(
    steps: QuerySteps,
    snapshot: Snapshot,
    folder: Path,
    before: Sequence[tuple[Snapshot, Path]],
    bounds: Bounds,
    *,
    people: PeopleKey,
    suspect: bool,
) -> None:
    """Begin the static table of a load with that of the load below it, if one of
    `before` has that and it is whole.

    `before`: the load below, and others over it, each with its static table.
    """
    if folder.exists():
        fits = not has_layer(folder) or is_layer_of(folder, snapshot)
        if fits and not (suspect and has_layer(folder)):
            return
        if fits and _is_whole_static(folder):
            return
        shutil.rmtree(folder)
    found = _static_below(snapshot, before)
    if found is None:
        return
    with whole_folder(folder) as beside:
        for path in static_files(found):
            for each in (path, path.with_suffix(".json")):
                link(each, beside / each.name)
        link(table_file(snapshot.folder, CHANGED), table_file(beside, CHANGED))
        work.make_static(
            steps, snapshot, LAYER, beside, bounds, people=people, suspect=False
        )


def _static_below(
    snapshot: Snapshot, before: Sequence[tuple[Snapshot, Path]]
) -> Path | None:
    """The folder with the static table of the load below: its own, or one that lies
    over it.
    """
    for number, (load, folder) in enumerate(before):
        fits = is_layer_of(folder, load) if number else not has_layer(folder)
        alike = len(static_files(folder)) == len(snapshot.shards)
        if fits and alike and _is_whole_static(folder):
            return folder
    return None


def _is_whole_static(folder: Path) -> bool:
    files = static_files(folder)
    files += [static_file(folder, LAYER)] if has_layer(folder) else []
    return all(
        look(
            path.with_suffix(".json"), path.stem, {"static table": path}, thorough=True
        ).noted_whole
        for path in files
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
