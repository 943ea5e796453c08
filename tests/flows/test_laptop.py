"""What an analyst's laptop may lack: Prefect and Dask, what Windows has not, letters, a
home.
"""

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
    'measures.test({"patients": [{"patient_id": 1}]}, [{"measure": "events", '
    '"denominator": 1, "numerator": 0}] * 2)\n'
)
# Of modules that Windows has as well, what it lacks.
LACKING = {"signal": ("pthread_sigmask", "SIGXCPU"), "os": ("killpg", "fork", "setsid")}
HIDE = """
import os, signal, sys
for name in {modules!r}:
    sys.modules[name] = None
for module, names in {lacking!r}.items():
    for name in names:
        delattr(sys.modules[module], name)
"""
# Each command in one process, as most of their time is that of starting one. The one
# that reads a definition lacks the same.
ALL = """
import json, sys
from measures.closed import process
process.BOOT = {hide!r} + process.BOOT
from flows.command.cli import main
for command in json.loads(sys.argv[1]):
    assert main(command) == {code}, command
"""
COMMANDS = [
    ["check", "study.py"],
    ["test", "study.py"],
    ["trial", "study.py", "--patients", "60", "--to", "made up"],
    ["try", "study.py", "--records", "made up"],
    ["explain", "study.py", "--records", "made up", "--patient", "7"],
    ["attrition", "study.py", "--records", "made up"],
    ["describe", "study.py", "--records", "made up"],
    ["plan", "study.py"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path with blanks."""
    found = tmp_path / "my own study"
    found.mkdir()
    (found / "study.py").write_text(START + TEST, encoding="utf-8")
    return found


def run(
    folder: Path,
    modules: tuple[str, ...],
    lacking: dict[str, tuple[str, ...]],
    commands: list,
    code: int = 0,
) -> subprocess.CompletedProcess[bytes]:
    """Commands where some modules, and some names of others, are not there."""
    hide = HIDE.format(modules=modules, lacking=lacking)
    program = hide + ALL.format(hide=hide, code=code)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-c", program, json.dumps(commands)]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("modules", "lacking"),
    [
        pytest.param(SERVERS, {}, id="servers", marks=pytest.mark.slow),
        pytest.param(UNIX, LACKING, id="unix"),
    ],
)
def test_commands_of_a_laptop_need_neither(folder, modules, lacking):
    done = run(folder, modules, lacking, COMMANDS)
    assert done.returncode == 0, done.stderr.decode()
    assert "made-up people" in done.stdout.decode()


def test_what_such_a_system_cannot_prevent_is_said_once_and_refused_on_real_records(
    folder,
):
    """Without Linux' walls either: a platform of another name."""
    other = "sys.platform = 'other'\ndel os.geteuid\n"
    hide = HIDE.format(modules=UNIX, lacking=LACKING)
    program = hide + ALL.format(hide=hide + other, code="int('records' in command) * 2")
    (folder / "records").mkdir()
    (folder / "records" / "patients.csv").write_text(
        "patient_id\n1\n", encoding="utf-8"
    )
    commands = [["check", "study.py"], ["check", "study.py", "--records", "records"]]
    command = [sys.executable, "-c", program, json.dumps(commands)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )
    warning, refusal, *_ = done.stderr.decode().splitlines()
    assert done.returncode == 0, done.stderr.decode()
    assert warning == (
        "cohortflow: warning: This system cannot keep a definition from reading "
        "files or using the network or starting processes or changing files or "
        "reaching other processes or keeping root's rights."
    )
    assert "On real records it is not read." in refusal


def test_runs_and_servers_are_refused_in_words(folder):
    commands = [["run", "study.py"], ["serve"]]
    done = run(folder, UNIX, LACKING, commands, code=2)
    assert done.returncode == 0, done.stderr.decode()
    first, second = done.stderr.decode().splitlines()
    assert first.startswith("cohortflow: `cohortflow run` needs Linux, macOS or WSL2")
    assert second.startswith(
        "cohortflow: `cohortflow serve` needs Linux, macOS or WSL2"
    )


def test_mistakes_and_prints_are_told_there_as_elsewhere(folder):
    (folder / "wrong.py").write_text(
        "print('hello')\nfrom ehrql import nothing\n", encoding="utf-8"
    )
    (folder / "ended.py").write_text("import os\nos._exit(3)\n", encoding="utf-8")
    done = run(
        folder, UNIX, LACKING, [["check", "wrong.py"], ["check", "ended.py"]], code=2
    )
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert (
        "hello" in said
        and "wrong.py:2: " in said
        and "nothing" in said
        and "ended.py" in said
    )


def test_without_a_home_and_with_few_letters(folder):
    """As with a home on a drive that is not there, and Windows' old letters."""
    nowhere = {
        "HOME": "/nonexistent",
        "XDG_CACHE_HOME": "/nonexistent",
        "XDG_CONFIG_HOME": "/nonexistent",
    }
    command = [sys.executable, "-m", "flows", "try", "study.py", "--patients", "60"]
    letters = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "cp1252",
        "PYTHONPATH": str(CHECKOUT),
    }
    environment = {**os.environ, **nowhere, **letters}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )
    said = done.stdout.decode("cp1252")
    assert done.returncode == 0, done.stderr.decode("cp1252")
    assert "events" in said and "\\u" not in said
