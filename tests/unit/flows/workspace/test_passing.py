"""Folders that last as long as a run: nobody else's, and gone afterwards, however it
ends.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.workspace.passing import passing_folder, remove_dead
from flows.workspace.store import umask
from tests.lib.places import CHECKOUT

HOLDS = """
import sys, time
from pathlib import Path
from flows.workspace.passing import passing_folder
with passing_folder(Path(sys.argv[1])) as folder:
    (folder / "key.pem").write_text("a secret")
    print(folder, flush=True)
    time.sleep(600)
"""


def folders(above: Path) -> set[Path]:
    return {path for path in above.iterdir() if path.is_dir()}


def test_it_is_the_owners_alone_and_goes_with_the_block(tmp_path: Path):
    above = tmp_path / "above"
    with umask(0), pytest.raises(LookupError), passing_folder(above) as folder:
        (folder / "file").touch()
        assert folders(above) == {folder}
        assert {path.stat().st_mode & 0o777 for path in (above, folder)} == {0o700}
        raise LookupError
    assert not folders(above)


def test_names_are_not_guessed(tmp_path: Path):
    with passing_folder(tmp_path) as one, passing_folder(tmp_path) as another:
        assert one != another and str(os.getpid()) not in one.name


def test_what_a_killed_process_has_left_goes_with_the_next(tmp_path: Path):
    """But not the folder of one that lives, nor what a link leads to."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    above = tmp_path / "above"
    above.mkdir()
    (above / "link").symlink_to(tmp_path / "kept")
    command = [sys.executable, "-c", HOLDS, str(above)]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as holding:
        assert holding.stdout
        left = Path(holding.stdout.readline().strip())
        with passing_folder(above):
            assert (left / "key.pem").exists(), "its process lives"
        holding.send_signal(signal.SIGKILL)
    assert (left / "key.pem").exists()
    with passing_folder(above) as folder:
        assert not left.exists() and folder.exists()
        (above / "left again").mkdir()
        remove_dead(above)  # as a run does that needs no folder
        assert folders(above) - {above / "link"} == {folder}
    remove_dead(tmp_path / "nowhere")
    assert (tmp_path / "kept" / "file").exists()
