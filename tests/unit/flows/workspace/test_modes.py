"""Who may look into a workspace, whatever the umask is: its group sees releases, nobody
else anything.
"""

from pathlib import Path

import pytest

from flows.workspace.store import Workspace, umask


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.mark.parametrize("usual", [0o000, 0o022, 0o077])
def test_the_folders_of_a_new_workspace(tmp_path: Path, usual: int):
    workspace = Workspace(tmp_path / "some" / "where", "study")
    with umask(usual):
        workspace.make()
    assert mode(workspace.high) == 0o700
    assert {
        mode(path)
        for path in (workspace.root.parent, workspace.root, workspace.root / "study")
    } == {0o750}


def test_folders_that_are_there_stay_as_they_are(tmp_path: Path):
    """And what hands a group on to all that is made below, goes on doing so."""
    root = tmp_path / "root"
    root.mkdir()
    root.chmod(0o2775)
    workspace = Workspace(root, "study")
    workspace.make()
    assert mode(root) == 0o2775 and mode(root / "study") == 0o2750
