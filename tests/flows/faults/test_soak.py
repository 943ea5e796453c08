"""Something is killed at random moments, again and again; every run ends as if nothing
had happened.

COHORTFLOW_SOAK: how many kills (50). COHORTFLOW_SEED: another order of victims and
pauses.
"""

import os
import random
import subprocess
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from flows.running.cluster import ALONE, DIED, STILL
from tests.flows.commands import LONGEST, Command, kill_all, workers
from tests.flows.faults.runs import PERIODS, counted, long_run, same
from tests.flows.shelves import Shelves

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("COHORTFLOW_SOAK", "50"))
SEED = int(os.environ.get("COHORTFLOW_SEED", "1"))
PAUSE = (0.5, 9.0)  # seconds between two kills: a run takes about ten
# why a run may fail: all that might have worked was killed too often
REASONS = (DIED, ALONE, STILL)


class Soak:
    """The dice, and what was killed."""

    def __init__(self, command: Command):
        self.command, self.dice = command, random.Random(SEED)
        self.kills: Counter[str] = Counter()
        self.done = 0

    def until_done(self, shelves: Shelves) -> None:
        """Start the same command until one ends by itself and well."""
        while self._disturbed(shelves) != 0:
            assert counted(shelves) >= self.done, "what was done is gone"
            self.done = counted(shelves)
        self.done = 0

    def _disturbed(self, shelves: Shelves) -> int | None:
        """The exit code of one run; None if it was killed."""
        with self.command.start(*long_run(shelves.workspace)) as process:
            while self.kills.total() < KILLS and self._lives(process):
                victim = self.dice.choice(["worker", "workers", "run"])
                if self._kill(process, victim) and victim == "run":
                    return None
            out, err = process.communicate(timeout=2 * LONGEST)
        why = [reason for reason in REASONS if reason in out + err]
        assert process.returncode == 0 or why, f"{self.kills}\n{out}\n{err}"
        assert "Traceback" not in err
        return process.returncode

    def _lives(self, process: subprocess.Popen) -> bool:
        try:
            process.wait(self.dice.uniform(*PAUSE))
        except subprocess.TimeoutExpired:
            return True
        return False

    def _kill(self, process: subprocess.Popen, victim: str) -> bool:
        """Whether there was one to be killed."""
        if victim == "run":
            kill_all(process)
            self.kills[victim] += 1
            return True
        there = workers(process) if process.poll() is None else []
        with suppress(psutil.NoSuchProcess):
            for worker in there[: 1 if victim == "worker" else None]:
                worker.kill()
        self.kills[victim] += bool(there)
        return bool(there)


def test_soak(cohortflow: Command, whole: Shelves, tmp_path: Path):
    soak, rounds = Soak(cohortflow), 0
    while soak.kills.total() < KILLS:
        shelves = Shelves(tmp_path / str(rounds))
        soak.until_done(shelves)
        assert counted(shelves) == PERIODS and same(shelves, whole), (
            f"after {soak.kills}"
        )
        rounds += 1
    print(
        f"seed {SEED}: {dict(soak.kills)} killed in {rounds} rounds, each with the "
        "same bytes"
    )
