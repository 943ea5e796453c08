"""A backup: all of a workspace that cannot be computed again, in one file of zip's
format.

It holds the ledgers, the notes and the releases of every study, the site's ledger, and
of sites that mask their counts what each has masked and the public keys of all; of
secret keys their places, never a key itself. Records, cohorts and counts are not in it:
a run makes them again.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.state.history import now
from flows.state.standing import standing
from flows.workspace.one_key import (
    key_at_hand,
    key_file,
    noted_id,
    site_folder,
    sites_folder,
)
from flows.workspace.store import (
    PRIVATE,
    Workspace,
    alone_in,
    study_folders,
    umask,
    whole_file,
)
from measures.disclosure.memory.keys import PUBLIC

FORMAT = 2
OLDER = (1,)  # formats that are read as they are: they hold less
MANIFEST = "backup.json"
NOTES = ("study.json", "last_run.json", "history.json", "released.json")
SITE_LEDGER = "people-*.jsonl*"
# beside the secret keys of sites: what must not be masked once more, and the keys of
# partners, which were compared by telephone
OF_SITES = ("*.rounds.json", "*.pub")
PIECE = 1 << 20  # bytes that are copied at a time


@dataclass(frozen=True)
class Held:
    """One file in a backup."""

    # the hash of its content
    sha256: str
    # its permissions
    mode: int


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    # the version that wrote it
    cohortflow: str
    # when, in UTC
    made: str
    # the id of the key of counts; empty if there is none yet
    key_id: str
    # where the key lay, which is not in the backup
    key_file: str
    # the names of the studies that are in it
    studies: tuple[str, ...]
    # where secret keys of sites lie, which are not in the backup
    site_keys: tuple[str, ...]
    # its name in the backup -> the file
    files: dict[str, Held]


def back_up(root: Path, file: Path, keys: Path | None = None) -> Manifest:
    """Write the backup of a workspace, whole or not at all; only its owner may read it.

    `keys`: the folder of the keys of sites, where that is not the usual one.
    Raises ArgumentsError while a study is at work, for a workspace without studies, and
    for a place in the workspace or one that holds something else.
    """
    _refuse(root, file)
    workspaces = [Workspace(root, name) for name in _studies(root)]
    if not workspaces:
        raise ArgumentsError(
            f"No study was run in this workspace, so there is nothing to keep: {root}"
        )
    for workspace in workspaces:
        standing(workspace)
    # a lock changes the umask, too, so it is opened later and given up earlier
    with umask(PRIVATE), ExitStack() as locked:
        for workspace in workspaces:
            locked.enter_context(workspace.locked())
        of_sites = keys or sites_folder()
        for folder in (site_folder(), of_sites):
            if folder.is_dir():
                locked.enter_context(alone_in(folder))
        with (
            whole_file(file) as beside,
            zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            return _write(archive, workspaces, of_sites)


def _refuse(root: Path, file: Path) -> None:
    if file.resolve().is_relative_to(root.resolve()):
        raise ArgumentsError(
            "A backup in its own workspace is lost with it; name another place than "
            f"{file}"
        )
    if file.exists() and not is_backup(file):
        raise ArgumentsError(
            "What is there is no backup, and is not written over; name another "
            f"place than {file}"
        )
    if not file.parent.is_dir():
        raise ArgumentsError(f"There is no such folder: {file.parent}")


def is_backup(file: Path) -> bool:
    """Whether a file is a backup, of whichever format."""
    try:
        with zipfile.ZipFile(file) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _studies(root: Path) -> Iterator[str]:
    for folder in study_folders(root):
        if Workspace(root, folder.name).high.is_dir():
            yield folder.name


def _write(
    archive: zipfile.ZipFile, workspaces: list[Workspace], of_sites: Path
) -> Manifest:
    files: dict[str, Held] = {}
    for name, path in _contents(workspaces, of_sites):
        files[name] = _add(archive, name, path)
    manifest = Manifest(
        cohortflow=version("cohortflow"),
        made=now(),
        key_id=_key_id(workspaces[0]),
        key_file=str(key_file().absolute()),
        studies=tuple(workspace.study for workspace in workspaces),
        site_keys=tuple(str(path) for path in sorted(of_sites.glob("*.key"))),
        files=files,
    )
    archive.writestr(
        MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1)
    )
    return manifest


def _key_id(workspace: Workspace) -> str:
    """Of the key that seals the workspace's ledgers, or will; empty if there is
    none.
    """
    noted = noted_id(workspace)
    if noted and noted != PUBLIC.id:
        return noted
    key = key_at_hand(workspace)
    return key.id if key else ""


def _contents(
    workspaces: list[Workspace], of_sites: Path
) -> Iterator[tuple[str, Path]]:
    """The name in the backup and the place of all that is kept."""
    for workspace in workspaces:
        for path in _kept_of(workspace):
            yield f"studies/{workspace.relative(path)}", path
    for path in sorted(site_folder().glob(SITE_LEDGER)):
        yield f"site/{path.name}", path
    for pattern in OF_SITES:
        for path in sorted(of_sites.glob(pattern)):
            yield f"sites/{path.name}", path


def _kept_of(workspace: Workspace) -> Iterator[Path]:
    for name in NOTES:
        if (workspace.high / name).is_file():
            yield workspace.high / name
    for folder in (workspace.folder("ledger"), workspace.release):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> Held:
    hashed = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while piece := source.read(PIECE):
            hashed.update(piece)
            target.write(piece)
    return Held(hashed.hexdigest(), path.stat().st_mode & 0o777)
