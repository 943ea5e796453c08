"""Another user of the machine gets nothing of a run: not over its sockets, not in its
files.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.flows.commands import Command, kill_all, wait_until
from tests.flows.faults.runs import midway
from tests.flows.shelves import Shelves
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user"),
]
OPEN = 0o1777  # as of the folder of temporary files that all users share


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody may look into, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def stranger(ports: set[int], places: list[Path]) -> dict:
    """What another user finds."""
    asked = json.dumps({"ports": sorted(ports), "places": list(map(str, places))})
    command = [sys.executable, "-m", "tests.flows.stranger", asked]
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def family(process: subprocess.Popen) -> list[psutil.Process]:
    run = psutil.Process(process.pid)
    return [run, *run.children(recursive=True)]


def listening(processes: list[psutil.Process]) -> set[int]:
    """The ports on which any of them listens."""
    ports = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found = process.net_connections("inet")
            ports |= {
                each.laddr.port for each in found if each.status == psutil.CONN_LISTEN
            }
    return ports


def named_sockets(processes: list[psutil.Process]) -> list[str]:
    """The sockets of the file system, and those with abstract names, which have no
    modes at all.
    """
    names = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            names += [
                each.laddr for each in process.net_connections("unix") if each.laddr
            ]
    return names


def test_a_neighbour_finds_nothing(open_place: Path):
    """While a run with a server, a cluster and files of its own is at work, under the
    most open umask.
    """
    shared = {name: open_place / name for name in ("tmp", "home", "prefect", "w")}
    for folder in shared.values():
        folder.mkdir()
        folder.chmod(OPEN)
    settings = environment(open_place / "keys") | {
        "TMPDIR": str(shared["tmp"]),
        "HOME": str(shared["home"]),
        "PREFECT_HOME": str(shared["prefect"]),
    }
    command = Command(settings, ("sh", "-c", 'umask 000; exec "$@"', "sh"))
    shelves = Shelves(shared["w"], "nhs_at_home")
    try:
        # a minute
        process = command.start("run", "nhs_at_home", "--workspace", shared["w"])
        assert wait_until(lambda: midway(shelves), process)
        run = family(process)
        ports = listening(run)
        assert len(ports) >= 1 + 1 + 2 * 2, (
            "server, scheduler, and two workers with their nannies"
        )
        assert not named_sockets(run)
        assert list(shared["prefect"].rglob("prefect.db")), (
            "the server's files are looked at"
        )
        found = stranger(ports, list(shared.values()))
        assert process.poll() is None, "it was at work all the while"
        kill_all(process)
    finally:
        command.end()
    assert found["user"] != os.geteuid()
    assert not {port: doors for port, doors in found["doors"].items() if doors}
    assert not found["paths"]


def test_the_stranger_finds_what_is_open(open_place: Path):
    """The test above means something: a plain scheduler and an open file are found."""
    (open_place / "file").write_text("a secret", encoding="utf-8")
    script = "import asyncio, distributed as d\n"
    script += "async def main():\n"
    script += (
        "    async with d.Scheduler(host='127.0.0.1', port=0, "
        "dashboard_address='127.0.0.1:0') as s:\n"
    )
    script += "        print(s.port, s.http_server.port, flush=True)\n"
    script += "        await asyncio.sleep(600)\n"
    script += "asyncio.run(main())"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as plain:
        try:
            assert plain.stdout
            wire, pages = map(int, plain.stdout.readline().split())
            found = stranger({wire, pages}, [open_place])
        finally:
            plain.kill()
    assert (
        found["doors"][str(wire)] == ["dask"] and "http" in found["doors"][str(pages)]
    )
    assert found["paths"] == {str(open_place / "file"): "open"}
