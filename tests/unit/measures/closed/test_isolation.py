"""What is done where a system lacks walls, and what root's rights become."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, DefinitionError
from flows.command import cli
from measures.closed import conversation, process
from measures.closed.walls import PURPOSES
from tests.lib.definitions import START, load, project, write
from tests.lib.places import CHECKOUT

__all__ = ["project"]

ALL = frozenset({"seccomp", "landlock", "limits", "rights"})
PATIENTS = "patient_id,sex,date_of_birth\n1,female,1980-01-01\n"


@pytest.fixture
def weak(monkeypatch):
    """A system that has none of the walls."""
    monkeypatch.setattr(conversation, "WITHOUT", ALL)


def noted(text: str = START) -> list[tuple[str, ...]]:
    told: list[tuple[str, ...]] = []
    load(text, on_weak=told.append)
    return told


def test_here_nothing_is_lacking(project):
    if sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"):
        pytest.skip("the walls are those of Linux on these machines")
    assert noted() == []


def test_what_is_lacking_is_named(project, weak):
    (told,) = noted()
    ordinary = os.geteuid() != 0
    assert set(told) == PURPOSES.keys() - (
        {"keeping root's rights"} if ordinary else set()
    )


@pytest.mark.parametrize("held", ["seccomp", "landlock", "limits"])
def test_one_wall_is_told_from_another(project, monkeypatch, held):
    monkeypatch.setattr(
        conversation, "WITHOUT", {"seccomp", "landlock", "limits"} - {held}
    )
    (told,) = noted() or [()]
    by = (
        {"seccomp"}
        if held == "seccomp"
        else {held, "descriptors", "processes"}
        if held == "limits"
        else {held}
    )
    assert set(told) == {
        what for what, walls in PURPOSES.items() if not walls & {*by, "rights"}
    }


def test_refusal_comes_before_the_file_runs(project, weak, capfd):
    def stop(_):
        raise ArgumentsError("not here")

    with pytest.raises(ArgumentsError, match="not here"):
        load("print('it ran')\n" + START, on_weak=stop)
    assert "it ran" not in capfd.readouterr().err


def check(*words: str) -> int:
    return cli.main(["check", *words])


def test_real_records_are_refused_and_trials_are_warned_once(
    project, weak, monkeypatch, capsys
):
    write("study.py", START)
    write("records/patients.csv", PATIENTS)
    write("records/clinical_events.csv", "patient_id,date,snomedct_code\n")
    monkeypatch.delenv("COHORTFLOW_SITE_POLICY", raising=False)
    assert check("study.py") == 0
    said = capsys.readouterr().err
    assert (
        said.count(
            "warning: This system cannot keep a definition from reading files or "
        )
        == 1
    )
    assert check("study.py", "--records", "records") == 2
    said = capsys.readouterr().err
    assert (
        "cannot keep a definition from reading files" in said
        and "allow_weak_isolation" in said
    )
    monkeypatch.setenv(
        "COHORTFLOW_SITE_POLICY",
        str(write("site.toml", "allow_weak_isolation = true\n")),
    )
    assert check("study.py", "--records", "records") == 0
    assert "warning: This system cannot" in capsys.readouterr().err


# without pipes that can be waited for -------------------------------------------------


@pytest.fixture
def threaded(monkeypatch):
    """As on a system that knows no groups of processes."""
    for module in (process, conversation):
        monkeypatch.setattr(module, "HAS_GROUPS", False)


def test_threads_wait_where_pipes_cannot_be_waited_for(project, threaded, capfd):
    study = load("print('hello')\n" + START)
    assert [measure.name for measure in study.measures] == ["events"]
    assert "hello" in capfd.readouterr().err
    with pytest.raises(DefinitionError, match="took longer than 1 seconds"):
        load("while True: pass", seconds=1)


# root's rights ------------------------------------------------------------------------


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0,
    reason="only root has a folder that nobody may enter",
)
def test_root_becomes_nobody_and_its_own_files_load_all_the_same(project):
    Path().chmod(0o700)
    write("codelists/a.csv", "code\n60621009\n")
    write("helping.py", "NAME = 'helped'")
    for path in Path().rglob("*"):
        path.chmod(0o700)
    text = (
        "import os\nfrom helping import NAME\nfrom ehrql import codelist_from_csv\n"
        "codes = codelist_from_csv('codelists/a.csv', column='code')\n"
    )
    named = "f'{NAME}_{os.getuid()}_{os.geteuid()}_{os.getgid()}_{len(codes)}'"
    study = load(text + START.replace('"events"', named), "study.py")
    assert study.measures[0].name == "helped_65534_65534_65534_1"
    assert [each.name for each in study.codelists] == ["codelists/a.csv"]


# survivors ----------------------------------------------------------------------------

DYING = """
import sys
sys.path.insert(0, {checkout!r})
from measures.loading import load_study
load_study("study.py", seconds=60)
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a process does not end with its starter"
)
def test_it_ends_with_the_process_that_started_it(project):
    write("study.py", "import time\nwhile True: time.sleep(1)\n")
    with subprocess.Popen(
        [sys.executable, "-c", DYING.format(checkout=str(CHECKOUT))]
    ) as starter:
        closed = child_of(starter.pid)
        starter.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while Path(f"/proc/{closed}").exists() and "Z" not in state(closed):
        assert time.monotonic() < until, "it lives on"
        time.sleep(0.05)


def child_of(number: int) -> int:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for child in (
            Path(f"/proc/{number}/task/{number}/children")
            .read_text(encoding="utf-8")
            .split()
        ):
            if "Seccomp:\t2" in Path(f"/proc/{child}/status").read_text(
                encoding="utf-8"
            ):
                return int(child)
        time.sleep(0.05)
    raise AssertionError("it never started")


def state(number: int) -> str:
    try:
        return (
            Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        )
    except OSError:
        return "Z"
