"""The release that stands in a workspace before a run, and what the run may do to it."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from flows.preparing.prepared import Prepared
from flows.preparing.records import TRIAL
from flows.workspace.store import Workspace, read_json
from measures.release.bundle import MANIFEST
from measures.release.swapping import is_torn, restore


def standing(workspace: Workspace) -> Path:
    """The folder of the release; what a crash has left beside it is tidied up, but not what a run is writing."""
    if is_torn(workspace.release):
        with suppress(ArgumentsError), workspace.locked():
            restore(workspace.release)
    return workspace.release


def told(folder: Path) -> dict[str, Any]:
    """What a release says of how it was made; empty if there is none."""
    return read_json(folder / MANIFEST, {})


def is_of_made_up(folder: Path) -> bool:
    """Whether there is a release of made-up records."""
    return told(folder).get("records", {}).get("kind") == TRIAL


def refuse_to_replace(prepared: Prepared) -> None:
    """Raises ArgumentsError where made-up numbers would take the place of real ones. Needs the lock."""
    folder = prepared.workspace.release
    restore(folder)
    if prepared.records.made_up and told(folder) and not is_of_made_up(folder):
        raise ArgumentsError(
            f"{prepared.workspace.relative(folder)} holds a release of real records, and made-up numbers would take "
            "its place; name the records with --records, or another place with --workspace."
        )


def left_out(prepared: Prepared) -> list[str]:
    """In words, that the release that stands has periods which a run of some periods leaves out."""
    before, now = told(prepared.workspace.release), len(prepared.jobs)
    if not prepared.options.chooses or before.get("periods", 0) <= now:
        return []
    return [
        f"the release had {before['periods']} periods and now has the {now} that this run was asked for; a run "
        "without --from, --to, --periods and --complete-by puts all there again"
    ]
