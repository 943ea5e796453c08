"""What an analyst's laptop may lack: Prefect and Dask, what Windows has not, letters, a home."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lib.definitions import START
from tests.lib.places import CHECKOUT

SERVERS = ("prefect", "dask", "distributed")
UNIX = ("resource", "fcntl", "pwd", "grp", "termios")
TEST = (
    'measures.test({"patients": [{"patient_id": 1}]}, [{"measure": "events", "denominator": 1, "numerator": 0}] * 2)\n'
)
# Each command in one process, as most of their time is that of starting one.
ALL = """
import json, sys
for name in json.loads(sys.argv[1]):
    sys.modules[name] = None
from flows.command.cli import main
for command in json.loads(sys.argv[2]):
    assert main(command) == 0, command
"""
COMMANDS = [
    ["check", "study.py"],
    ["test", "study.py"],
    ["trial", "study.py", "--patients", "60", "--to", "made up"],
    ["try", "study.py", "--records", "made up"],
    ["explain", "study.py", "--records", "made up", "--patient", "7"],
    ["attrition", "study.py", "--records", "made up"],
    ["plan", "study.py"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path with blanks."""
    found = tmp_path / "my own study"
    found.mkdir()
    (found / "study.py").write_text(START + TEST, encoding="utf-8")
    return found


def run(folder: Path, hidden: tuple[str, ...] = (), **variables: str) -> subprocess.CompletedProcess[bytes]:
    told = [json.dumps(each) for each in (hidden, COMMANDS)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), **variables}
    command = [sys.executable, "-c", ALL, *told]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300, check=False)


@pytest.mark.parametrize("hidden", [SERVERS, UNIX], ids=["servers", "unix"])
def test_commands_of_a_laptop_need_neither(folder, hidden):
    done = run(folder, hidden)
    assert done.returncode == 0, done.stderr.decode()
    assert "made-up people" in done.stdout.decode()


def test_without_a_home_and_with_few_letters(folder):
    """As with a home on a drive that is not there, and Windows' old letters."""
    nowhere = {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
    command = [sys.executable, "-m", "flows", "try", "study.py", "--patients", "60"]
    letters = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(CHECKOUT)}
    environment = {**os.environ, **nowhere, **letters}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300, check=False)
    said = done.stdout.decode("cp1252")
    assert done.returncode == 0, done.stderr.decode("cp1252")
    assert "events" in said and "\\u" not in said
