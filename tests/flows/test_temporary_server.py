"""A run where nobody has a Prefect server brings one, and takes it away again."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from extractors.errors import CohortflowError
from flows.prefect_server import temporary_server
from flows.prefect_server.asking import authorization, direct
from tests.flows.commands import LONGEST, Command, started_by, wait_until
from tests.flows.conftest import STUDY, Undisturbed
from tests.flows.shelves import Shelves
from tests.lib.prefect_api import Prefect
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
def test_a_run_brings_its_server_and_is_what_others_are(
    alone: Command, undisturbed: Undisturbed, tmp_path: Path
):
    with alone.start(
        "run", STUDY, "--patients", 1500, "--workspace", tmp_path / "w", "--json"
    ) as process:
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
    assert (
        "did you mean" in alone("run", "nhs_at_hme", "--workspace", tmp_path / "w").err
    )
    assert not (tmp_path / "home").exists()


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No server is named anywhere; gives an empty home for one."""
    for name in (
        temporary_server.URL,
        temporary_server.WORD,
        temporary_server.ALLOWED,
        temporary_server.PROFILES,
    ):
        monkeypatch.setenv(name, "taken away below, and afterwards")
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_home_that_cannot_be_written_to(alone: Command, tmp_path: Path):
    """It is said before anything starts, and before the study is read."""
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    result = alone(
        "run", "nhs_at_home", "--workspace", tmp_path / "w", PREFECT_HOME=home
    )
    said = (
        "Prefect's temporary server has no folder to write to; set PREFECT_HOME to one. "
        f"{tmp_path / 'file'} is no folder that you may write to, above or at: {home}"
    )
    assert (result.code, result.out, result.err) == (
        2,
        "",
        f"cohortflow: {said}\n",
    )
    there = alone("status", STUDY, "--workspace", tmp_path / "w", PREFECT_HOME=home)
    assert "was never run" in there.err, "who starts no server needs no home"


def test_why_it_does_not_start(
    nobody: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
):
    """What it says is for nobody's terminal; its last line tells why there is none."""
    (nobody / "python").write_text(
        "#!/bin/sh\necho many words >&2\necho 'OSError: no room' >&2\nexit 3\n",
        encoding="utf-8",
    )
    (nobody / "python").chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(nobody / "python"))
    with pytest.raises(
        CohortflowError, match=r"does not start \(OSError: no room\); see that"
    ) as caught:
        if server := temporary_server.start_server():
            server.wait()
    assert caught.value.detail == "ended with 3\nmany words\nOSError: no room\n"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("named", ["environment", "profile", "folder", "forbidden"])
def test_a_server_that_is_named_is_taken(
    named: str, nobody: Path, monkeypatch: pytest.MonkeyPatch
):
    assert not temporary_server.is_named()
    if named == "environment":
        monkeypatch.setenv(temporary_server.URL, "http://127.0.0.1:9/api")
    elif named == "profile":
        (nobody / "profiles.toml").write_text(
            '[profiles.site]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n',
            encoding="utf-8",
        )
    elif named == "folder":
        (nobody / "prefect.toml").write_text(
            '[api]\nurl = "http://127.0.0.1:9/api"\n', encoding="utf-8"
        )
    else:
        monkeypatch.setenv(temporary_server.ALLOWED, "false")
    assert temporary_server.start_server() is None


@pytest.mark.slow
def test_nobody_asks_it_without_the_word_of_its_run(
    nobody: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nor does another user look into its files, though the home is open; and nobody
    reads the word in its command.
    """
    nobody.chmod(0o755)
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "word:of another server")
    server = temporary_server.start_server()
    assert server
    server.wait()
    word = os.environ[temporary_server.WORD]
    assert len(word) > 30 and Prefect(server.url, word).ask("flow_runs/count", {}) == 0
    for path in ("flow_runs/count", "health", "version", "ready"):
        for shown in ("", "word:of another server"):
            with pytest.raises(urllib.error.HTTPError, match="401") as refused:
                Prefect(server.url, shown).ask(path, {} if "count" in path else None)
            assert not [
                name
                for name in refused.value.headers
                if name.lower().startswith("access-control")
            ]
            refused.value.close()
    asked = urllib.request.Request(
        f"{server.url}/version", headers={"Origin": "http://elsewhere.example"}
    )
    asked.add_header("Authorization", authorization(word))
    with direct().open(asked, timeout=30) as answer:
        assert not [
            name for name in answer.headers if name.lower().startswith("access-control")
        ]
    commands = [
        " ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)
    ]
    assert any(temporary_server.PROCESS in command for command in commands)
    assert not any(word.partition(":")[2] in command for command in commands)
    made = list(nobody.rglob("*"))
    assert nobody / "temporary" / "prefect.db" in made
    assert {path.stat().st_mode & 0o077 for path in made} == {0}


def test_its_port_is_nobody_elses(nobody: Path):
    """From choosing it to the end of the server, without a moment in which another
    program could take it.
    """
    with temporary_server._free_port() as free:
        for options in ((), (socket.SO_REUSEADDR,), (socket.SO_REUSEPORT,)):
            with socket.socket() as thief:
                for option in options:
                    thief.setsockopt(socket.SOL_SOCKET, option, 1)
                with pytest.raises(OSError, match="in use"):
                    thief.bind(free.getsockname())
