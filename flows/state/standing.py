"""The release that stands in a workspace before a run, and what the run may do to
it.
"""

from contextlib import suppress
from pathlib import Path

from extractors.errors import ArgumentsError
from extractors.planner.ladders import period_name
from extractors.sources import TRIAL
from flows.preparing.options import Options
from flows.workspace.kept import RELEASED
from flows.workspace.store import Workspace
from measures.release.reading import kept_as_released, read_manifest
from measures.release.swapping import is_torn, restore


def standing(workspace: Workspace) -> Path:
    """The folder of the release; what a crash has left beside it is tidied up, but not
    what a run is writing.
    """
    if is_torn(workspace.release):
        with suppress(ArgumentsError), workspace.locked():
            restore(workspace.release)
    return workspace.release


def is_of_made_up(folder: Path) -> bool:
    """Whether there is a release of made-up records."""
    return read_manifest(folder).get("records", {}).get("kind") == TRIAL


def refuse_to_replace(workspace: Workspace, *, made_up: bool) -> None:
    """Raises ArgumentsError where made-up numbers would take the place of real ones.
    Needs the lock.

    Raises AnotherVersion where another version made the release, now and not after
    hours.
    """
    folder = workspace.release
    RELEASED.recall(workspace.released)
    restore(folder)
    if read_manifest(folder) and made_up and not is_of_made_up(folder):
        raise ArgumentsError(
            f"{workspace.relative(folder)} holds a release of real records, and "
            "made-up numbers would take its place; name the records with --records, "
            "or another place with --workspace."
        )


def changed_since(release: Path) -> list[str]:
    """The names of the released periods whose counts have changed since, and whose
    numbers stay.
    """
    return sorted(
        {period_name((start, end)) for _, start, end in kept_as_released(release)}
    )


def left_out(release: Path, options: Options, now: int) -> list[str]:
    """In words, that the release has periods which a run of `--only-these` leaves out;
    `now`: how many it makes.
    """
    before = read_manifest(release)
    if not options.only_these or before.get("periods", 0) <= now:
        return []
    return [
        f"the release had {before['periods']} periods and now has the {now} that "
        "this run was asked for; a run without --only-these keeps what was released"
    ]
