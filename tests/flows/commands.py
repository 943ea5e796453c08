"""The command `cohortflow` as people run it: a process of its own, with what it says
and how it ends.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.lib.places import CHECKOUT

COMMAND = (sys.executable, "-m", "flows")
# Root without what lets it read and write everywhere, so that the machine may refuse it
# something as it does others.
AS_OTHERS = (
    "setpriv",
    *(
        f"--{kind}=-dac_override,-dac_read_search"
        for kind in ("bounding-set", "inh-caps")
    ),
)
# seconds that any command may take, on a machine that is busy with other things
LONGEST = 300


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output; an error if anything else is there."""
        data = json.loads(self.out)
        assert isinstance(data, dict)
        return data

    def well(self) -> "Result":
        assert self.code == 0, f"exit code {self.code}\n{self.out}\n{self.err}"
        return self


class Command:
    """`cohortflow` with an environment; called with its arguments it gives the Result.

    `by`: what starts it. `folder`: where it is started.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        by: Sequence[str] = (),
        folder: Path = CHECKOUT,
    ):
        self.environment, self.by, self.folder = dict(environment), tuple(by), folder
        self.started: list[subprocess.Popen] = []

    def __call__(self, *arguments: object, **settings: object) -> Result:
        with self.start(*arguments, **settings) as process:
            out, err = process.communicate(timeout=LONGEST)
        return Result(process.returncode, out, err)

    def start(self, *arguments: object, **settings: object) -> subprocess.Popen:
        """The command under way, in a process group of its own; `settings` go to its
        environment.
        """
        words = list(map(str, arguments))
        process = subprocess.Popen(
            [*self.by, *COMMAND, *words],
            cwd=self.folder,
            env=self.environment
            | _site_of(words)
            | {name: str(value) for name, value in settings.items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            encoding="utf-8",
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """Leave nobody behind: a session that is interrupted does not wait for its
        commands.
        """
        for process in self.started:
            if process.poll() is None:
                kill_all(process)


def _site_of(words: Sequence[str]) -> dict[str, str]:
    """Tests of several policies share their records, which one site would refuse: each
    policy has a site of its own.
    """
    if "--policy" not in words or "--workspace" not in words:
        return {}
    workspace, policy = (
        words[words.index(name) + 1] for name in ("--workspace", "--policy")
    )
    return {"COHORTFLOW_LEDGER": str(Path(workspace).parent / f"site of {policy}")}


def wait_until(happens: Callable[[], bool], process: subprocess.Popen) -> bool:
    """Look until something is so, often enough not to miss it; False if the process
    ended before.
    """
    end = time.monotonic() + LONGEST
    while not happens():
        if process.poll() is not None:
            return happens()
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.002)
    return True


def kill_all(process: subprocess.Popen) -> None:
    """kill -9 of a command and of everything it started, and wait until all are
    gone.
    """
    family = [
        process_
        for process_ in psutil.process_iter()
        if _group(process_.pid) == process.pid
    ]
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=LONGEST)
    psutil.wait_procs(family, timeout=LONGEST)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def workers(process: subprocess.Popen) -> list[psutil.Process]:
    """The processes in which Dask works for a command."""
    return started_by(process, "spawn_main")


def started_by(process: subprocess.Popen, word: str) -> list[psutil.Process]:
    """The processes of a command in whose own commands a word stands."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if word in " ".join(_words(child))]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
