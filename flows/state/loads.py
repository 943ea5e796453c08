"""The loads of records that a study was run on, and the folders of results that each of
them has.

By this note dead results are known from those that are needed: a key says what a result
is made of, and not whether a person still wants it.
"""

import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from extractors.fingerprint import fingerprint
from flows.preparing.prepared import Prepared
from flows.workspace.judging import is_full
from flows.workspace.kept import LOADS
from flows.workspace.store import Workspace


@dataclass(frozen=True)
class Load:
    """What a run had: the records, and the definition as far as results depend on
    it.
    """

    # of all that follows but the times; runs of the same share it
    name: str
    # relative to the highly_sensitive shelf
    folders: tuple[str, ...]
    # when a run used it last, in UTC
    last: str
    # whether the records are made up
    made_up: bool
    # whether the release that is there was made of it
    released: bool = False


def loads(workspace: Workspace) -> list[Load]:
    """Those that are known, the one that was used last at the end. Raises
    AnotherVersion.
    """
    noted = LOADS.recall(workspace.loads) or {"loads": []}
    return [
        Load(**{**each, "folders": tuple(each["folders"])}) for each in noted["loads"]
    ]


def write_loads(workspace: Workspace, found: list[Load]) -> None:
    """Write the note. Needs the lock."""
    LOADS.write(workspace.loads, {"loads": [asdict(load) for load in found]})


def note_load(prepared: Prepared) -> None:
    """Note that a run is at work on its load. Needs the lock."""
    name, now = (
        _name(prepared),
        datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )
    known = {load.name: load for load in loads(prepared.workspace)}
    load = known.pop(name, None)
    # timelines take a fifth of a second to know, which a run with nothing to do has not
    if load is None:
        load = Load(name, tuple(_folders(prepared)), now, prepared.records.made_up)
    write_loads(prepared.workspace, [*known.values(), replace(load, last=now)])


def note_released(prepared: Prepared) -> None:
    """Note that the release that is there was made of this run's load. Needs the
    lock.

    Where there is no room for that, the release is there all the same; the load is the
    newest one, which a clean-up keeps anyway.
    """
    name = _name(prepared)
    found = [
        replace(load, released=load.name == name) for load in loads(prepared.workspace)
    ]
    try:
        write_loads(prepared.workspace, found)
    except OSError as error:
        if not is_full(error):
            raise


def _name(prepared: Prepared) -> str:
    places = prepared.places
    return fingerprint(places.static.name, _keys(prepared), _datasets(prepared))


def _keys(prepared: Prepared) -> list[str]:
    """Of the recipes of all periods, whichever the run was asked for."""
    recipes = prepared.counted.of.values() if prepared.counted else ()
    return sorted({recipe.key for recipe in recipes})


def _folders(prepared: Prepared) -> Iterator[str]:
    places, records = prepared.places, prepared.records
    yield f"snapshots/{places.snapshot_key}"
    yield f"static/{places.static.name}"
    if prepared.timelines.chains:
        yield f"timelines/{places.timelines.name}"
    for key in _keys(prepared):
        yield from (f"{shelf}/{key}" for shelf in ("cohorts", "counts", "errors"))
    if records.folder is not None:
        yield f"trial/{records.folder.name}"
    for key in _datasets(prepared):
        yield from (f"{shelf}/{key}" for shelf in ("datasets", "errors"))


def _datasets(prepared: Prepared) -> list[str]:
    """The keys of rows of patients: of a dataset, or of the files of an old study's
    periods.
    """
    if prepared.rows:
        return sorted({job.note.parent.name for job in prepared.rows.values()})
    return [] if prepared.study.measures else [prepared.places.dataset.parent.name]
