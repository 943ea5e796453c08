"""The records of a run: what `--records` says, opened or made up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from extractors.fingerprint import files_fingerprint, fingerprint
from extractors.planner.needs import TableNeed
from extractors.sources import open_source
from extractors.sources.base import Source
from extractors.sources.folder import Folder
from extractors.sources.tables import Tables
from extractors.sources.with_files import WithFiles, find_file
from extractors.trial import VERSION, Wishes, write_trial
from flows.store import Workspace, make_private, read_json, write_json

TRIAL = "trial"
SEED = 2019


@dataclass(frozen=True)
class Records:
    """`where` as the user wrote it; `fingerprint` of all that the records hold.

    `folder` is where made-up records lie once `make` has written them; None for others. `files` are those
    that the definition brings along: the path that it names -> where that is.
    """

    where: str
    fingerprint: str
    folder: Path | None = None
    wishes: Wishes | None = None
    patients: int = 0
    files: Mapping[str, Path] = field(default_factory=dict)

    @property
    def made_up(self) -> bool:
        return self.folder is not None

    def make(self) -> None:
        """Write made-up records to their folder, unless they are there already."""
        if self.folder is not None and not self.folder.exists():
            make_private(self.folder.parent)
            self.write_to(self.folder)

    def write_to(self, folder: Path) -> None:
        """Write made-up records to a new folder."""
        assert self.wishes is not None
        write_trial(folder, self.wishes, patients=self.patients, seed=SEED)

    def open(self) -> Source:
        return WithFiles(self._open(), self.files) if self.files else self._open()

    def _open(self) -> Source:
        if self.folder is None:
            return open_source(self.where)
        if self.wishes is not None and not self.wishes.tables:  # all there is comes from files
            return Tables(self.where, Folder(self.folder, {}), made_up=True)
        return open_source(str(self.folder), made_up=True)


def trial_records(workspace: Workspace, wishes: Wishes, patients: int) -> Records:
    """Made-up records of this many patients in which a definition finds what it looks for."""
    tables = [repr(schema) for schema in wishes.tables]  # with every promise about its values
    lists = sorted((place, sorted(lists)) for place, lists in wishes.codelists.items())
    key = fingerprint(TRIAL, VERSION, SEED, patients, tables, lists, wishes.first, wishes.last)
    return Records(TRIAL, key, workspace.folder("trial", key), wishes, patients)


def real_records(workspace: Workspace, where: str) -> Records:
    """The records at a place; their files are read once to know their content, then remembered."""
    hashed = _hashed(workspace, open_source(where).files())
    kind = where.partition(":")[0] if where.startswith("omop:") else "tables"
    return Records(where, fingerprint(kind, hashed))


def with_files(records: Records, workspace: Workspace, needs: Iterable[TableNeed]) -> Records:
    """The records together with the files that a definition brings along, looked for in the working directory.

    Raises RecordsError if one is not there.
    """
    files = {need.schema.file: find_file(need.schema.file, Path.cwd()) for need in needs if need.schema.file}
    if not files:
        return records
    hashes = [(file, _hashed(workspace, [path])) for file, path in sorted(files.items())]
    return replace(records, files=files, fingerprint=fingerprint(records.fingerprint, hashes))


def _hashed(workspace: Workspace, files: Iterable[Path]) -> str:
    """The fingerprint of some files, each read again only if it has changed since it was last seen."""
    memory = workspace.folder("snapshots") / "files.json"
    known = read_json(memory, {})
    hashed, now = files_fingerprint(files, known)
    if now.items() - known.items():
        write_json(memory, known | now)
    return hashed
