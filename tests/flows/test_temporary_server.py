"""A run where nobody has a Prefect server brings one, and takes it away again."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from flows import temporary_server
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
        found.extend(started_by(process, "flows.temporary_server"))
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


@pytest.mark.parametrize("named", ["environment", "profile", "folder", "forbidden"])
def test_a_server_that_is_named_is_taken(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in (temporary_server.URL, temporary_server.ALLOWED, "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert not temporary_server.is_named()
    if named == "environment":
        monkeypatch.setenv(temporary_server.URL, "http://127.0.0.1:9/api")
    elif named == "profile":
        (tmp_path / "profiles.toml").write_text('[profiles.site]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n')
    elif named == "folder":
        (tmp_path / "prefect.toml").write_text('[api]\nurl = "http://127.0.0.1:9/api"\n')
    else:
        monkeypatch.setenv(temporary_server.ALLOWED, "false")
    temporary_server.start_server()()
    assert not temporary_server.ours
