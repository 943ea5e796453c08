"""Where Dask is: a local cluster of processes, or the scheduler somebody else runs."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster

from flows.settings import Settings

CLUSTER = "COHORTFLOW_CLUSTER"

# Loopback, no dashboard, no worker files in the current folder: nothing of it is for others to see.
QUIET = {
    "distributed.worker.daemon": True,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.scheduler.http.routes": [],  # else its pages of tasks and workers are there even without a dashboard
    "distributed.worker.http.routes": [],
}


@contextmanager
def open_cluster(address: str, settings: Settings) -> Iterator[Client]:
    """A client of the cluster at `address`, or of a local one that ends with the block.

    Without an address the one in COHORTFLOW_CLUSTER counts; it is of the machine, so it is not kept with a run.
    """
    address = address or os.environ.get(CLUSTER, "")
    logging.getLogger("distributed").setLevel(logging.ERROR)
    with dask.config.set(QUIET):
        if address:
            with Client(address) as client:
                yield client
        else:
            with _local(settings) as cluster, Client(cluster) as client:
                yield client


def _local(settings: Settings) -> LocalCluster:
    return LocalCluster(
        n_workers=settings.workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        # Any free port: with no address it is 8787, and a second run at the same time warns that it is taken.
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        memory_limit=0,  # DuckDB keeps its own bounds and spills; a nanny would only kill it meanwhile
        silence_logs=logging.ERROR,
    )
