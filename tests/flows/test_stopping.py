"""Ctrl-C at a terminal, which tells every process of a command: one line is said, and
nobody is left.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.flows.commands import COMMAND, started_by
from tests.flows.conftest import PATIENTS, STUDY
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import environment

SAID = re.compile(
    r"(.+: .+\n)*cohortflow: stopped; what is done is kept, the same command goes on from here\.\n"
)
SOME = 10  # periods, after which it is stopped in the midst of the others
PATIENCE = 30  # seconds; a run that waits for something would wait for minutes


@dataclass
class Run:
    """A run in a session of its own, as of a terminal."""

    process: subprocess.Popen
    settings: dict[str, str]

    def stop(self) -> str:
        """Press Ctrl-C; what it has said when it has ended, and nobody is left."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        os.killpg(self.process.pid, signal.SIGINT)
        said, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 1, said
        assert not psutil.wait_procs(family, timeout=10)[1], "somebody is left"
        return said


@contextmanager
def _heard() -> Iterator[None]:
    """What is started in the background of a script does not hear of Ctrl-C, nor do its
    children.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def running(folder: Path, *words: object) -> Iterator[Run]:
    with commanded(folder, "run", *words, "--workspace", folder / "w") as run:
        yield run


@contextmanager
def commanded(folder: Path, *words: object) -> Iterator[Run]:
    (folder / "home").mkdir()
    settings = {
        name: value
        for name, value in environment(folder / "home").items()
        if name != "PREFECT_API_URL"
    }
    command = list(map(str, [*COMMAND, *words]))
    how: dict = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
        "start_new_session": True,
    }
    with _heard():
        process = subprocess.Popen(command, cwd=CHECKOUT, env=settings, **how)
    with process:
        yield Run(process, settings)


@pytest.mark.parametrize(
    "seconds",
    [
        0.0,
        0.7,
        1.3,
        pytest.param(1.9, marks=pytest.mark.slow),
        pytest.param(2.7, marks=pytest.mark.slow),
    ],
)
def test_a_terminal_tells_all(tmp_path: Path, seconds: float):
    """While it is prepared, while its server and its cluster start, and while it works,
    as fast as the machine is.
    """
    with running(tmp_path, STUDY, *PATIENTS) as run:
        # until then it is Python that starts, not the command
        while not psutil.Process(run.process.pid).children():
            assert run.process.poll() is None, "it ended before it could be stopped"
        time.sleep(seconds)
        said = run.stop()
    assert SAID.fullmatch(said), said


@pytest.mark.slow
def test_records_that_are_made_up_by_several(tmp_path: Path):
    """While its processes start, which is when they hear of it; and nothing is left of
    the records.
    """
    folder = tmp_path / "records"
    with commanded(
        tmp_path, "trial", STUDY, "--patients", 400_000, "--to", folder
    ) as run:
        while not (started := started_by(run.process, "spawn_main")):
            assert run.process.poll() is None, "it ended before it could be stopped"
        said = run.stop()
    assert (
        started
        and said == "cohortflow: stopped.\n"
        and not list(tmp_path.glob("*records*"))
    )


@pytest.mark.slow
def test_periods_that_were_stopped_have_not_failed(tmp_path: Path):
    with running(tmp_path, "nhs_at_home", *PATIENTS) as run:
        while (
            len(list((tmp_path / "w").glob("*/highly_sensitive/counts/*/*.parquet")))
            < SOME
        ):
            assert run.process.poll() is None, "it ended before it could be stopped"
            time.sleep(0.02)
        run.stop()
    asked = [
        *COMMAND,
        "status",
        "nhs_at_home",
        "--workspace",
        str(tmp_path / "w"),
        "--json",
    ]
    told = json.loads(
        subprocess.run(
            asked, cwd=CHECKOUT, env=run.settings, capture_output=True, check=True
        ).stdout
    )
    states = Counter(period["state"] for period in told["periods"])
    assert set(states) == {"done", "missing"} and states["done"] >= SOME
