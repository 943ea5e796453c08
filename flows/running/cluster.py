"""Where Dask is: a local cluster of processes, or the scheduler of the site; and what
may become of it.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Future, LocalCluster, Worker, WorkerPlugin
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from extractors.errors import ArgumentsError, ClusterLost, InterruptedRun, WorkerDied
from flows.running.dask_parts import closed_cluster
from flows.running.same_code import refuse_other_code
from flows.running.same_place import refuse_blind
from flows.workspace.judging import judged
from flows.workspace.passing import passing_folder
from flows.workspace.settings import CLUSTER, Settings
from flows.workspace.store import PRIVATE, umask
from flows.workspace.undisturbed import undisturbed

LOOK = 5  # seconds between two looks at whether there are workers
# seconds without any worker; a nanny starts one in a few, on a busy machine in some
# more
PATIENCE = 60
STARTS = 3  # how often a local cluster is started before the run gives up
STILL = (
    "The local Dask cluster does not start; are there memory and processes enough "
    "for COHORTFLOW_WORKERS workers?"
)
DIED = (
    "its worker died several times: killed, out of memory, or ended because it did "
    "not stop in time."
)
LOST = "The connection to the Dask scheduler was lost."
GONE = "The Dask scheduler does not answer any more; when it is back, run again."
ALONE = (
    f"Dask has had no worker for {PATIENCE} s; see that some can start, then run again."
)

LOGGERS = ("distributed", "distributed.client")  # the second has a level of its own

# Loopback, no dashboard, no worker files in the current folder: nothing of it is for
# others to see.
# Nor is anybody to look at profiles and loads, which are sampled a hundred times a
# second: 3% of every worker.
QUIET = {
    "distributed.worker.daemon": True,
    # while a run still prepares itself
    "distributed.worker.preload": [
        "flows.running.without_pandas",
        "duckdb",
        "pyarrow.compute",
        "flows.running.work",
    ],
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.gil.enabled": False,
    # results are a few bytes
    "distributed.scheduler.active-memory-manager.start": False,
    # 64 KB by default: memory is given back at once, and DuckDB asks for it again at
    # once; 2% of a worker
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 256_000_000,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.use-file-locking": False,  # no other process uses its folder
}


@dataclass(frozen=True)
class OwnCluster:
    """A run's own cluster."""

    # the scheduler and its workers
    dask: LocalCluster
    folder: ExitStack  # removes the folder of its key

    def close(self) -> None:
        """End it; nothing of it is left."""
        with self.folder:
            self.dask.close()


class EarlyCluster:
    """A local cluster that starts before a run needs it; `open_cluster` takes it."""

    def __init__(self, cluster: OwnCluster | None = None):
        self._cluster = cluster

    def take(self) -> OwnCluster | None:
        """The cluster, for the first who asks."""
        taken, self._cluster = self._cluster, None
        return taken

    def close(self) -> None:
        """End the cluster if no run took it."""
        if left := self.take():
            left.close()


@contextmanager
def open_cluster(
    address: str, settings: Settings, place: Path, early: EarlyCluster | None = None
) -> Iterator[Client]:
    """A client of the cluster at `address`, or of a local one that ends with the block.

    Without an address the one in COHORTFLOW_CLUSTER counts; it is of the machine, so it
    is not kept with a run. A local cluster keeps its key in a folder of its own in
    `place`.
    """
    address = address_of(address)
    with _quiet():
        if address:
            with _connected(address) as client:
                with _in_words("the cluster"):
                    refuse_other_code(client)
                    refuse_blind(client, place)
                client.register_plugin(PrivateFiles())
                yield client
        else:
            with (
                closing(_started(settings, place, early)) as own,
                Client(own.dask) as client,
            ):
                yield client


@contextmanager
def started_early(
    address: str, settings: Settings, place: Path
) -> Iterator[EarlyCluster]:
    """A local cluster for `open_cluster`, which ends with the block; an empty one where
    there is an address.
    """
    early = EarlyCluster()
    if not address_of(address):
        # one that does not start is tried again when needed
        with _quiet(), umask(PRIVATE), suppress(RuntimeError, OSError):
            early = EarlyCluster(_local(settings, place))
    try:
        yield early
    finally:
        early.close()


def address_of(given: str) -> str:
    """Of the cluster that a run is to use; empty if it brings its own."""
    return given or os.environ.get(CLUSTER, "")


@contextmanager
def _quiet() -> Iterator[None]:
    for name in LOGGERS:  # what became of it, we say ourselves
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set(QUIET):
        yield


class PrivateFiles(WorkerPlugin):
    """What a worker writes is readable by its owner alone; a local one has this from
    the process that starts it.
    """

    name = "cohortflow-private-files"

    def setup(self, worker: Worker) -> None:
        os.umask(PRIVATE)


def _connected(address: str) -> Client:
    try:
        return Client(address)
    except (OSError, ValueError) as error:
        remedy = (
            "start it, or leave --cluster out and the run brings a cluster of its own"
        )
        raise ArgumentsError(
            f"There is no Dask scheduler at {address}; {remedy}.", str(error)
        ) from None


def _started(settings: Settings, place: Path, early: EarlyCluster | None) -> OwnCluster:
    """A local cluster; where a worker was killed before it said a word, another one."""
    if early and (ready := early.take()):
        return ready
    for _ in range(STARTS - 1):
        with suppress(RuntimeError):
            return _local(settings, place)
    try:
        return _local(settings, place)
    except RuntimeError as error:
        raise ClusterLost(STILL, str(error)) from None


def _local(settings: Settings, place: Path) -> OwnCluster:
    """A new cluster; Ctrl-C waits until it is there, and then it ends at once."""
    made: list[OwnCluster] = []
    # when Python starts it, it lets Ctrl-C through again
    resource_tracker.ensure_running()
    try:
        with undisturbed():
            made.append(_new(settings, place))
    except KeyboardInterrupt:  # it waited
        made[0].close()
        raise
    return made[0]


def _new(settings: Settings, place: Path) -> OwnCluster:
    with ExitStack() as stack:
        folder = stack.enter_context(passing_folder(place))
        cluster = closed_cluster(settings.workers, folder)
        return OwnCluster(cluster, stack.pop_all())


# Work on it ---------------------------------------------------------------------------


def on_cluster(
    client: Client, what: str, function: Callable, *inputs: Any, **settings: Any
) -> Any:
    """What a function gives on a worker. Raises CohortflowError, also for all that may
    happen to a cluster.
    """
    # Dask would take some names for its own, as `key`
    named = partial(function, **settings)
    (given,) = all_on_cluster(client, what, [(named, *inputs)])
    return given


def all_on_cluster(client: Client, what: str, calls: Sequence[tuple]) -> list:
    """As `on_cluster`, for several calls at once: each a function and its inputs."""
    with _in_words(what):
        futures = [client.submit(*call, pure=False) for call in calls]
        return [_result(client, future) for future in futures]


def handed_in(client: Client, calls: Sequence[tuple], **settings: Any) -> list[Future]:
    """Calls of one function that begin as workers are free: each a tuple of the
    function and its inputs.

    Raises CohortflowError as `on_cluster` does.
    """
    with _in_words("the periods"):
        function, *inputs = zip(*calls, strict=True)
        named = partial(function[0], **settings)
        futures: list[Future] = client.map(named, *inputs, pure=False)
        return futures


def awaited(client: Client, what: str, future: Future) -> Any:
    """What a call that was handed in gives; as `on_cluster`."""
    with _in_words(what):
        return _result(client, future)


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    """Whatever happens to a cluster, in words."""
    try:
        yield
    except KilledWorker as error:
        raise WorkerDied(f"{what}: {DIED}", str(error)) from None
    except (
        ClosedClientError
    ) as error:  # it has tried to connect again for as long as it does
        raise ClusterLost(GONE, str(error)) from None
    except (
        CancelledError,
        asyncio.CancelledError,
        CommClosedError,
    ) as error:  # the last: while a result was fetched
        raise InterruptedRun(LOST, str(error)) from None
    except Exception as error:
        raise judged(error, what) from None


def _result(client: Client, future: Future) -> Any:
    """Wait for as long as there is anybody who could do it: without workers a scheduler
    keeps a task for ever.

    What is waited for is fetched once. A look that comes too early must not end that:
    Dask fetches the results of several threads together, and all of them would lose
    theirs.
    """
    loop: asyncio.AbstractEventLoop = client.loop.asyncio_loop  # type: ignore[union-attr] # it has started
    fetching = asyncio.run_coroutine_threadsafe(
        client.gather(future, asynchronous=True), loop
    )
    alone = 0.0
    while True:
        done, _ = wait([fetching], timeout=LOOK)
        if done:
            return fetching.result()
        if client.status == "closed":  # with the loop that was to fetch it
            raise CancelledError
        # none while it is not connected
        workers = client.scheduler_info(n_workers=-1).get("workers")
        alone = 0 if workers else alone + LOOK
        if alone >= PATIENCE:
            future.cancel()
            raise ClusterLost(ALONE)
