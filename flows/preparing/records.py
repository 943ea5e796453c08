"""The records of a run: what `--records` says, opened or made up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from extractors.errors import RecordsError
from extractors.fingerprint import files_fingerprint, fingerprint, sizes_and_times
from extractors.planner.needs import TableNeed
from extractors.planner.plan import Plan
from extractors.sources import TRIAL, Address, State
from extractors.sources.base import Source
from extractors.sources.folder import Folder, open_folder
from extractors.sources.tables import Tables
from extractors.sources.with_files import WithFiles, find_file
from extractors.sql.row_conditions import row_condition
from extractors.trial import VERSION, Manner, Wishes, write_trial
from extractors.trial.manner import USUAL
from flows.workspace.kept import SEEN
from flows.workspace.store import Workspace, make_private
from flows.workspace.undisturbed import undisturbed

SEED = 2019
UNKNOWN = "unknown"  # the content of a database that no run has looked at


@dataclass(frozen=True)
class Records:
    """The records of a run: where they are, and what they were when the run looked at
    them.
    """

    # as the user wrote it
    address: Address
    # of all that the records hold; other records give another one
    fingerprint: str
    # where made-up records are once `make` has written them; None for others
    folder: Path | None = None
    # what made-up records must have so that the definition finds a patient of each
    # kind; None for others
    wishes: Wishes | None = None
    # how many people made-up records have; 0 for others
    patients: int = 0
    # the path that a definition names -> the file that it brings along
    files: Mapping[str, Path] = field(default_factory=dict)
    # the tables and columns that a database will be asked for
    needs: tuple[TableNeed, ...] = ()
    # of a database, when the run looked at it
    state: State | None = None
    # size and time of change of each file, when the run looked at it
    seen: tuple[tuple[int, int], ...] = ()

    @property
    def made_up(self) -> bool:
        return self.folder is not None

    def make(self) -> None:
        """Write made-up records to their folder, unless they are there already."""
        if self.folder is not None and not self.folder.exists():
            make_private(self.folder.parent)
            self.write_to(self.folder)

    def write_to(
        self,
        folder: Path,
        *,
        other_events: int = 0,
        processes: int = 1,
        manner: Manner = USUAL,
    ) -> None:
        """Write made-up records to a new folder; `other_events` a patient that the
        definition does not look for.
        """
        assert self.wishes is not None
        how: dict[str, Any] = {
            "other_events": other_events,
            "processes": processes,
            "starting": undisturbed,
        }
        how["manner"] = manner
        write_trial(folder, self.wishes, patients=self.patients, seed=SEED, **how)

    def open(self) -> Source:
        if not self.files:
            return self._open()
        return WithFiles(self._open(), self.files, self.made_up)

    def outline(self) -> Source | None:
        """Names and types of columns alone, if they can be had: no row is read."""
        outline = self.address.outline()
        return WithFiles(outline, self.files) if self.files and outline else outline

    def refuse_changed(self) -> None:
        """Raises RecordsError if the files are not any more those that `fingerprint` is
        of.
        """
        given = () if self.made_up else self._open().files()
        if self.seen != sizes_and_times((*given, *self.files.values())):
            raise RecordsError(
                "The records changed while they were read, and nothing was kept of "
                "them; run again when no program writes to them."
            )

    def _open(self) -> Source:
        if self.folder is None:
            return self.address.open(needs=self.needs, state=self.state)
        # all there is comes from files
        if self.wishes is not None and not self.wishes.tables:
            return Tables(Folder(self.folder, {}), made_up=True)
        return Tables(open_folder(self.folder), made_up=True)


def trial_records(workspace: Workspace, wishes: Wishes, patients: int) -> Records:
    """Made-up records of this many patients in which a definition finds what it looks
    for.
    """
    # with every promise about its values
    tables = [repr(schema) for schema in wishes.tables]
    lists = sorted((place, sorted(lists)) for place, lists in wishes.codelists.items())
    numbers = sorted(
        (place, sorted(by_code.items())) for place, by_code in wishes.thresholds.items()
    )
    more: list[Any] = [numbers] if numbers else []
    if wishes.targets:
        more.append([target.name for target in wishes.targets])
    key = fingerprint(
        TRIAL, VERSION, SEED, patients, tables, lists, wishes.first, wishes.last, *more
    )
    return Records(
        address=Address.parse(TRIAL),
        fingerprint=key,
        folder=workspace.folder("trial", key),
        wishes=wishes,
        patients=patients,
    )


def real_records(workspace: Workspace, address: Address) -> Records:
    """The records at a place; their files are read once to know their content, then
    remembered.
    """
    files = address.open().files()
    seen, hashed = sizes_and_times(files), _hashed(workspace, files)
    # workers may have another working directory
    return Records(
        address.absolute(), fingerprint(address.kind.name, hashed), seen=seen
    )


def database_records(
    workspace: Workspace, address: Address, plan: Plan, *, look: bool
) -> Records:
    """The records in a database. Unless it is looked at, they count as those that were
    seen there last.
    """
    # where any row makes a patient one who may be counted, no row may be left out
    # the others are not in the database
    read = tuple(need for need in plan.needs if not need.schema.file)
    needs = (
        tuple(replace(need, rows=()) for need in read)
        if plan.candidates.any_row
        else read
    )
    memory = workspace.folder("snapshots") / "databases.json"
    known = _seen(memory)
    asked = [
        (need.schema.describe(), need.columns, row_condition(need.rows))
        for need in needs
    ]
    name = fingerprint(str(address), asked)
    state = address.look(needs) if look else State(known.get(name, UNKNOWN), "")
    if state.content not in (UNKNOWN, known.get(name)):
        workspace.make()
        _remember(memory, known | {name: state.content})
    content = (
        UNKNOWN if state.content == UNKNOWN else fingerprint("database", state.content)
    )
    return Records(address, content, needs=needs, state=state)


def with_files(
    records: Records,
    workspace: Workspace,
    needs: Iterable[TableNeed],
    folders: Sequence[Path],
) -> Records:
    """The records together with the files that a definition brings along, looked for in
    some folders.

    Raises RecordsError if one is not there.
    """
    files = {}
    for need in needs:
        if need.schema.file:
            files[need.schema.file] = find_file(need.schema.file, folders)
    if not files:
        return records
    seen = (*records.seen, *sizes_and_times(files.values()))
    hashes = [
        (file, _hashed(workspace, [path])) for file, path in sorted(files.items())
    ]
    return replace(
        records,
        files=files,
        fingerprint=fingerprint(records.fingerprint, hashes),
        seen=seen,
    )


def _hashed(workspace: Workspace, files: Iterable[Path]) -> str:
    """The fingerprint of some files, each read again only if it has changed since it
    was last seen.
    """
    memory = workspace.folder("snapshots") / "files.json"
    known = _seen(memory)
    hashed, now = files_fingerprint(files, known)
    if now.items() - known.items():
        workspace.make()
        _remember(memory, known | now)
    return hashed


def _seen(memory: Path) -> dict[str, str]:
    """What a note knows of records that were seen before; a damaged one knows
    nothing.
    """
    return (SEEN.recall(memory) or {"known": {}})["known"]


def _remember(memory: Path, known: Mapping[str, str]) -> None:
    SEEN.write(memory, {"known": known})
