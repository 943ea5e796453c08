"""What a command costs: wall, CPU-seconds, and the memory of all its processes together
and of each worker.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from tests.lib.places import CHECKOUT

# seconds between two looks at the processes; a look at their shared memory stops them
# for a moment
PAUSE = 1.0
# what `flows/__main__.py` sets before anything is loaded
COMMANDS_OWN = {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Cost:
    """Seconds of wall and CPU (user and system); peak bytes of the whole tree (PSS) and
    of one worker (RSS).
    """

    wall: float
    cpu: float
    tree: int = 0
    worker: int = 0


@dataclass
class Watched:
    """What was seen of a process tree so far."""

    tree: int = 0
    worker: int = 0
    seconds: dict[int, float] = field(default_factory=dict)

    def look(self, root: int) -> None:
        total = 0
        for process in _family(root):
            try:
                with process.oneshot():
                    memory, times = process.memory_full_info(), process.cpu_times()
                    is_worker = "spawn_main" in " ".join(process.cmdline())
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            total += getattr(memory, "pss", memory.rss)
            self.seconds[process.pid] = times.user + times.system
            if is_worker:
                self.worker = max(self.worker, memory.rss)
        self.tree = max(self.tree, total)


def _family(root: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(root)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def run_module(module: str, *arguments: object) -> Cost:
    """Run one of our modules to its end in a process of its own. Exits if it does not
    end well.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    started, before, watched = (
        time.monotonic(),
        _seconds(resource.RUSAGE_CHILDREN),
        Watched(),
    )
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            cwd=CHECKOUT,
            env=os.environ | COMMANDS_OWN,
        )
        while process.poll() is None:
            watched.look(process.pid)
            with suppress(subprocess.TimeoutExpired):
                process.wait(PAUSE)
        wall = time.monotonic() - started
        if process.returncode:
            said.seek(0)
            raise SystemExit(
                f"{' '.join(command)} ended with "
                f"{process.returncode}:\n{said.read().decode()[-2000:]}"
            )
    # The system knows the whole of those that were waited for; of the others there is
    # what was seen last.
    cpu = max(
        _seconds(resource.RUSAGE_CHILDREN) - before, sum(watched.seconds.values())
    )
    return Cost(wall, cpu, watched.tree, watched.worker)


def _seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def cost_of(work: Callable[[], object]) -> Cost:
    """What some work in this process costs."""
    started, before = time.monotonic(), _seconds(resource.RUSAGE_SELF)
    work()
    return Cost(time.monotonic() - started, _seconds(resource.RUSAGE_SELF) - before)
