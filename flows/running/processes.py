"""Work spread over processes of this machine."""

import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context

from flows.workspace.settings import settings

FEW = 20  # components; fewer are done before a pool has started
TRIES = 3  # pools, of which each ends when one of its processes is killed


def in_processes(function: Callable, tasks: Iterable) -> list:
    """`map` over as many processes as a run would have workers; where one is killed, all of it again."""
    listed, workers = list(tasks), settings().workers
    if len(listed) >= FEW and workers > 1:
        for _ in range(TRIES):
            with suppress(BrokenProcessPool):
                return _in_pool(function, listed, workers)
    return [function(task) for task in listed]


def _in_pool(function: Callable, tasks: Sequence, workers: int) -> list:
    # Spawned, not forked: Arrow's threads would be copied in whatever state they are. Ctrl-C is not for them.
    deaf = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(workers, get_context("spawn"), signal.signal, deaf) as pool:
        return list(pool.map(function, tasks, chunksize=max(1, len(tasks) // (4 * workers))))
