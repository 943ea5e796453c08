"""A run where nobody has a Prefect server brings one, and takes it away again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from extractors.errors import CohortflowError
from flows.prefect_server import temporary_server
from tests.flows.commands import LONGEST, Command, started_by, wait_until
from tests.flows.conftest import STUDY, Undisturbed
from tests.flows.shelves import Shelves
from tests.lib.prefect_server import environment


@pytest.fixture
def alone(tmp_path: Path):
    """The command where no server is named."""
    command = Command(environment(tmp_path / "home"))
    yield command
    command.end()


def server_of(process: subprocess.Popen) -> list[psutil.Process]:
    """The server that a command has started, once it is there."""
    found: list[psutil.Process] = []

    def there() -> bool:
        found.extend(started_by(process, "flows.prefect_server.temporary_server"))
        return bool(found)

    assert wait_until(there, process)
    return found


@pytest.mark.slow
def test_a_run_brings_its_server_and_is_what_others_are(alone: Command, undisturbed: Undisturbed, tmp_path: Path):
    with alone.start("run", STUDY, "--patients", 1500, "--workspace", tmp_path / "w", "--json") as process:
        started = server_of(process)
        out, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 0, out + err
    assert not psutil.wait_procs(started, timeout=LONGEST)[1]
    assert Shelves(tmp_path / "w").released() == undisturbed.shelves.released()


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_no_server(alone: Command, tmp_path: Path):
    with alone.start("run", STUDY, "--workspace", tmp_path / "w") as process:
        started = server_of(process)
        os.kill(process.pid, signal.SIGKILL)
        assert not psutil.wait_procs(started, timeout=LONGEST)[1]


def test_a_mistake_starts_nothing(alone: Command, tmp_path: Path):
    assert "did you mean" in alone("run", "nhs_at_hme", "--workspace", tmp_path / "w").err
    assert not (tmp_path / "home").exists()


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No server is named anywhere; gives an empty home for one."""
    for name in (temporary_server.URL, temporary_server.ALLOWED, "PREFECT_PROFILES_PATH"):
        monkeypatch.setenv(name, "taken away below, and afterwards")
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_home_that_cannot_be_written_to(alone: Command, tmp_path: Path):
    """It is said before anything starts, and before the study is read."""
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    result = alone("run", "nhs_at_hme", "--workspace", tmp_path / "w", PREFECT_HOME=home)
    said = f"Prefect's temporary server cannot write to {home}: {tmp_path / 'file'} is no folder that you may write to;"
    assert (result.code, result.out, result.err) == (2, "", f"cohortflow: {said} set PREFECT_HOME to one.\n")
    there = alone("status", STUDY, "--workspace", tmp_path / "w", PREFECT_HOME=home)
    assert "was never run" in there.err, "who starts no server needs no home"


def test_why_it_does_not_start(nobody: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture):
    """What it says is for nobody's terminal; its last line tells why there is none."""
    (nobody / "python").write_text("#!/bin/sh\necho many words >&2\necho 'OSError: no room' >&2\nexit 3\n")
    (nobody / "python").chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(nobody / "python"))
    with pytest.raises(CohortflowError, match=r"does not start \(OSError: no room\); see that") as caught:
        if server := temporary_server.start_server():
            server.wait()
    assert caught.value.detail == "ended with 3\nmany words\nOSError: no room\n"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("named", ["environment", "profile", "folder", "forbidden"])
def test_a_server_that_is_named_is_taken(named: str, nobody: Path, monkeypatch: pytest.MonkeyPatch):
    assert not temporary_server.is_named()
    if named == "environment":
        monkeypatch.setenv(temporary_server.URL, "http://127.0.0.1:9/api")
    elif named == "profile":
        (nobody / "profiles.toml").write_text('[profiles.site]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n')
    elif named == "folder":
        (nobody / "prefect.toml").write_text('[api]\nurl = "http://127.0.0.1:9/api"\n')
    else:
        monkeypatch.setenv(temporary_server.ALLOWED, "false")
    assert temporary_server.start_server() is None
