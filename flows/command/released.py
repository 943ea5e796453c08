"""The release of a study as `status` and `approve` tell of it."""

from typing import Any

from flows.state.decided import decided
from flows.state.standing import changed_since, standing
from flows.workspace.store import Workspace
from measures.release.reading import read_manifest


def release_place(workspace: Workspace) -> str | None:
    """Where the release lies, relative to the workspace; None if there is none."""
    folder = standing(workspace)
    return workspace.relative(folder) if read_manifest(folder) else None


def release_json(workspace: Workspace) -> dict[str, Any] | None:
    """The release, its folder relative to the workspace; None if there is none."""
    folder = release_place(workspace)
    if folder is None:
        return None
    found = decided(workspace.release)
    return {
        "folder": folder,
        "number": found.number,
        "state": found.state,
        "decisions": list(found.decisions),
        "changed_since": changed_since(workspace.release),
    }
