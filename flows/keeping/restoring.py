"""The way back of a backup: looked through as a whole before anything is put in place,
and over nothing.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.disk import sync
from extractors.errors import ArgumentsError
from flows.keeping.backup import FORMAT, MANIFEST, OLDER, PIECE, Held, Manifest
from flows.workspace.kept import ROUNDS
from flows.workspace.one_key import key_at_hand, site_folder, sites_folder
from flows.workspace.store import (
    PRIVATE,
    Workspace,
    alone_in,
    make_private,
    make_shared,
    umask,
)
from measures.sites.rounds import SITE
from measures.study import NAME

# A name of a file or folder; none begins with a point, so none leads upwards.
PART = r"[^/\\\0.][^/\\\0]*"
NAMES = re.compile(
    rf"studies/(?P<study>{NAME.pattern})/"
    rf"(?P<shelf>highly_sensitive/(?:ledger/)?{PART}|moderately_sensitive(?:/{PART})+)"
    rf"|site/(?P<site>people-{PART})"
    rf"|sites/(?P<of_site>{SITE.pattern}\.(?:pub|rounds\.json))"
)
OF_SITES = "sites/"  # how the names of what sites have begin
DAMAGED = "The backup is damaged: {why}. Nothing was restored; take another: {file}"


@dataclass(frozen=True)
class Restored:
    """What became of a backup."""

    # what the backup says of itself
    manifest: Manifest
    # how many files were put in place
    new: int
    # how many of its files were in place already
    there: int
    # whether the key that it needs is at hand
    has_key: bool
    # where the secret keys of sites were that are not at hand
    lacking: tuple[str, ...] = ()


def restore(file: Path, root: Path, keys: Path | None = None) -> Restored:
    """Put a backup back into a workspace.

    `keys`: the folder of the keys of sites, where that is not the usual one.
    Raises ArgumentsError, and leaves everything as it is, for a file that is no backup,
    damaged or of a newer format, and where something else is in the place of one of its
    files.
    """
    manifest = read_manifest(file)
    make_shared(root)
    # a lock changes the umask, too, so it is opened later and given up earlier
    with umask(PRIVATE), ExitStack() as locked, _beside(root) as beside:
        _extract(file, manifest, beside)
        locked.enter_context(alone_in(site_folder()))
        of_sites = keys or sites_folder()
        if any(name.startswith(OF_SITES) for name in manifest.files):
            locked.enter_context(alone_in(of_sites))
        places = {name: _place(root, of_sites, name) for name in manifest.files}
        wanted = dict(_wanted(beside, places))
        for study in manifest.studies:
            locked.enter_context(Workspace(root, study).locked())
        for name, place in wanted.items():
            _put(beside / name, place, manifest.files[name].mode)
    key = (
        key_at_hand(Workspace(root, manifest.studies[0])) if manifest.studies else None
    )
    has_key = not manifest.key_id or (key is not None and key.id == manifest.key_id)
    lacking = tuple(
        was for was in manifest.site_keys if not (of_sites / Path(was).name).exists()
    )
    return Restored(
        manifest=manifest,
        new=len(wanted),
        there=len(places) - len(wanted),
        has_key=has_key,
        lacking=lacking,
    )


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself. Raises ArgumentsError as `restore` does."""
    if not file.is_file():
        raise ArgumentsError(f"There is no backup at {file}")
    try:
        with zipfile.ZipFile(file) as archive:
            given = json.loads(archive.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ArgumentsError(
            f"This is no backup of cohortflow, or it was cut: {file}", str(error)
        ) from None
    found = given.pop("format", None)
    if found in OLDER:
        given = {"site_keys": (), **given}
    elif found != FORMAT:
        raise ArgumentsError(
            f"The backup has the format {found}, and this cohortflow reads the "
            f"format {FORMAT}. Use the cohortflow that wrote it "
            f"({given.get('cohortflow')}), or a newer one: {file}"
        )
    return _manifest(given, file)


def _manifest(given: dict[str, Any], file: Path) -> Manifest:
    try:
        files = {name: Held(**held) for name, held in given.pop("files").items()}
        manifest = Manifest(files=files, **_tupled(given))
    except (TypeError, KeyError, AttributeError) as error:
        raise ArgumentsError(
            DAMAGED.format(why="it does not say what it holds", file=file), str(error)
        ) from None
    strange = [name for name in manifest.files if not _is_ours(name, manifest)]
    if strange:
        raise ArgumentsError(
            DAMAGED.format(why=f"{strange[0]!r} belongs in no workspace", file=file)
        )
    return manifest


def _tupled(given: dict[str, Any]) -> dict[str, Any]:
    lists = {name: tuple(given[name]) for name in ("studies", "site_keys")}
    return {**given, **lists}


def _is_ours(name: str, manifest: Manifest) -> bool:
    found = NAMES.fullmatch(name)
    if found is None:
        return False
    return not found["study"] or found["study"] in manifest.studies


@contextmanager
def _beside(root: Path) -> Iterator[Path]:
    """A folder in the workspace, so that files can be moved from it; it goes with the
    block.
    """
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _extract(file: Path, manifest: Manifest, beside: Path) -> None:
    """All files of a backup, each with the hash that the backup says."""
    try:
        with zipfile.ZipFile(file) as archive:
            for name, held in manifest.files.items():
                target = beside / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if _copy(archive, name, target) != held.sha256:
                    raise ArgumentsError(
                        DAMAGED.format(
                            why=f"{name} is not as it was written", file=file
                        )
                    )
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ArgumentsError(
            DAMAGED.format(why="a part of it is missing or changed", file=file),
            str(error),
        ) from None


def _copy(archive: zipfile.ZipFile, name: str, target: Path) -> str:
    hashed = hashlib.sha256()
    with archive.open(name) as source, target.open("wb") as out:
        while piece := source.read(PIECE):
            hashed.update(piece)
            out.write(piece)
    return hashed.hexdigest()


def _place(root: Path, of_sites: Path, name: str) -> Path:
    """Where a file of a backup belongs."""
    found = NAMES.fullmatch(name)
    assert found is not None
    if found["site"]:
        return site_folder() / found["site"]
    if found["of_site"]:
        return of_sites / found["of_site"]
    return root / found["study"] / found["shelf"]


def _wanted(beside: Path, places: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """The files that are not there yet. Raises ArgumentsError where another one is."""
    for name, place in places.items():
        if not place.exists():
            yield name, place
        elif not _is_same(beside / name, place) and not _has_grown(beside, name, place):
            raise ArgumentsError(
                "Something else is in the place of a file of the backup, and "
                "nothing is written over. Nothing was restored; name another "
                f"--workspace, or move away what is there: {place}"
            )


def _is_same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _has_grown(beside: Path, name: str, place: Path) -> bool:
    """Whether the site's ledger, or the note of what a site has masked, has gone on
    since the backup: then the one that is there stays.
    """
    if name.startswith(OF_SITES):
        return _knows_all(place, beside / name)
    if not name.startswith("site/"):
        return False
    ledger = name.removesuffix(".head")
    now = place.with_name(Path(ledger).name)
    return now.is_file() and now.read_bytes().startswith((beside / ledger).read_bytes())


def _knows_all(place: Path, kept: Path) -> bool:
    """Whether a note of rounds has all that another has."""
    if not kept.name.endswith(".json"):
        return False
    now, before = ((ROUNDS.recall(path) or {}).get("rounds") for path in (place, kept))
    if not isinstance(now, dict) or not isinstance(before, dict):
        return False
    return all(now.get(round) == said for round, said in before.items())


def _put(source: Path, place: Path, mode: int) -> None:
    shared = "moderately_sensitive" in place.parts[:-1]
    _make(place.parent, shared=shared)
    source.chmod(mode & 0o640 if shared else 0o600)
    sync(source)
    if source.stat().st_dev == place.parent.stat().st_dev:
        os.replace(source, place)
    else:  # the site's ledger may lie on another disk
        shutil.copy2(source, place)
    sync(place.parent)


def _make(folder: Path, *, shared: bool) -> None:
    if folder.exists():
        return
    if shared:
        make_shared(folder)
    else:
        make_private(folder)
