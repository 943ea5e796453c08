"""What the checks of a commit know of tests that they did not reach."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.lib.places import CHECKOUT

SOME = """
import os, pytest
@pytest.mark.parametrize("number", range(5))
def test_one(number):
    if number == 3:
        os._exit(9)
"""


def test_a_session_that_is_killed_has_noted_how_far_it_came(tmp_path: Path):
    (tmp_path / "test_some.py").write_text(SOME, encoding="utf-8")
    shutil.copy(CHECKOUT / "tests" / "conftest.py", tmp_path)
    note = tmp_path / "note"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--reached",
        str(note),
    ]
    process = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert process.returncode == 9, "it was killed within its fourth test"
    assert note.read_text(encoding="utf-8") == "5\n..."
