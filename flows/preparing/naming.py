"""Which study a name is, in one workspace: where its definition is, and what it was.

Results and a release lie under the name of a study, and every repository may have a
`measures.py`. So a workspace remembers the place of each study's definition, and
another definition of that name is refused before anything is computed or written.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.workspace.kept import STUDY_NOTE
from flows.workspace.store import Workspace, study_folders
from measures.study import FILE, SHIPPED, Study, check_name, find_study

SHIPPED_PLACE = "shipped"  # wherever this version of the package has them


@dataclass(frozen=True)
class Noted:
    """What a workspace knows of a study."""

    # its name, under which its results lie
    name: str
    # the absolute path of its definition; SHIPPED_PLACE for one that comes with the
    # package
    place: str
    # the hash of the definition, with all that it reads, in the last run
    hash: str

    @property
    def study(self) -> str:
        """The study as a command takes it."""
        return self.name if self.place == SHIPPED_PLACE else self.place


def place_of(path: Path) -> str:
    """What a workspace remembers of a definition's place."""
    full = path.resolve()
    return (
        SHIPPED_PLACE
        if full.parent.parent == SHIPPED and full.name == FILE
        else str(full)
    )


def noted(workspace: Workspace) -> Noted | None:
    """None if the study was never run, or by a version that noted nothing."""
    data = STUDY_NOTE.read(workspace.note)
    return Noted(workspace.study, data["place"], data["hash"]) if data else None


def refuse_another(workspace: Workspace, study: Study, *, moved: bool) -> None:
    """Raises ArgumentsError if the name is already that of another study.

    A copy of the known definition is the known study, and so is one that has `moved`.
    """
    known, place = noted(workspace), place_of(study.path)
    if (
        known is None
        or moved
        or known.place == place
        or known.hash == study.definition_hash
    ):
        return
    other = next(
        (each.name for each in all_noted(workspace.root) if each.place == place), ""
    )
    again = (
        f"This one was run as {other!r}: say --name {other}"
        if other
        else "Give this one another with --name NEW"
    )
    raise ArgumentsError(
        f"The name {study.name!r} is that of a study of this workspace, and this is "
        f"another definition: they would share results and a release. {again}, or say "
        "--moved if the definition of that study is here now. That one is "
        f"{_shown(known.place)}, and this one {study.path}"
    )


def _shown(place: str) -> str:
    return "cohortflow's own studies" if place == SHIPPED_PLACE else place


def note_study(workspace: Workspace, study: Study, *, moved: bool) -> None:
    """Remember the study, whose results are about to be written. Needs the lock.

    A copy leaves the place as it is, unless the definition is not there any more.
    """
    refuse_another(workspace, study, moved=moved)
    known, place = noted(workspace), place_of(study.path)
    if known and known.place != place and not moved and _is_there(known.place):
        place = known.place
    now = {"name": workspace.study, "place": place, "hash": study.definition_hash}
    STUDY_NOTE.write(workspace.note, now)


def _is_there(place: str) -> bool:
    return place == SHIPPED_PLACE or Path(place).is_file()


def all_noted(root: Path) -> Iterator[Noted]:
    """What a workspace knows of all its studies, in the order of their names."""
    for folder in study_folders(root):
        with suppress(PermissionError):  # another user's study
            if found := noted(Workspace(root, folder.name)):
                yield found


def named_study(study: str, root: Path) -> tuple[str, str]:
    """A study that was run, by its name or the path of its definition: its name, and
    the path.

    The path is empty where the workspace does not know it. Raises ArgumentsError if it
    has several studies by this path, or there is neither such a name nor such a file.
    """
    if _is_name(study):
        workspace = Workspace(root, study)
        if found := noted(workspace):
            return found.name, found.study
        if workspace.last_run.exists():  # of a version that noted nothing
            return study, ""
    path = find_study(study)
    name, place = Study(path, "measures").name, place_of(path)
    names = [each.name for each in all_noted(root) if each.place == place]
    if name in names or not names:
        return name, study
    if len(names) > 1:
        raise ArgumentsError(
            f"{study} was run as {', '.join(names)}; say which, by its name."
        )
    return names[0], study


def _is_name(text: str) -> bool:
    with suppress(ArgumentsError):
        check_name(text)
        return not text.endswith(".py")
    return False
