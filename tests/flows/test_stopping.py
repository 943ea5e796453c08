"""Ctrl-C at a terminal, which tells every process of a run: one line is said, and nobody is left."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.flows.commands import CHECKOUT, COMMAND
from tests.flows.conftest import PATIENTS, STUDY
from tests.lib.prefect_server import environment

SAID = re.compile(r"(.+: .+\n)*cohortflow: stopped; what is done is kept, the same command goes on from here\.\n")
PATIENCE = 30  # seconds; a run that waits for something would wait for minutes


@pytest.mark.parametrize("seconds", [0.3, 1.0, 1.6, 2.2, 3.0])
def test_a_terminal_tells_all(tmp_path: Path, seconds: float):
    """While it is prepared, while its server and its cluster start, and while it works, as fast as the machine is."""
    (tmp_path / "home").mkdir()
    settings = {k: v for k, v in environment(tmp_path / "home").items() if k != "PREFECT_API_URL"}
    command = [*COMMAND, "run", STUDY, *PATIENTS, "--workspace", tmp_path / "w"]
    with subprocess.Popen(
        list(map(str, command)), cwd=CHECKOUT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    ) as process:  # fmt: skip
        time.sleep(seconds)
        family = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE)
    assert SAID.fullmatch(said), said
    assert process.returncode == 1
    assert not psutil.wait_procs(family, timeout=10)[1], "somebody is left"
