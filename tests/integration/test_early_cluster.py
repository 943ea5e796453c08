"""A cluster that starts before it is needed is the one that is used, and nothing of it
is left.
"""

import asyncio
import os
import sys
from pathlib import Path

import psutil
import pytest
from distributed import Client, LocalCluster, Scheduler, Worker
from distributed.core import rpc
from distributed.security import Security

from flows.running import cluster
from flows.running.cluster import open_cluster, started_early
from flows.workspace.secrets import certificate
from flows.workspace.settings import CLUSTER, Settings, settings
from flows.workspace.store import umask


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("COHORTFLOW_WORKERS", "1")
    monkeypatch.delenv(CLUSTER, raising=False)
    return settings()


def workers() -> set[int]:
    children = psutil.Process().children(recursive=True)
    return {
        child.pid for child in children if "spawn_main" in " ".join(child.cmdline())
    }


def test_it_is_used(one: Settings, tmp_path: Path):
    before = workers()
    with started_early("", one, tmp_path) as early:
        started = workers() - before
        assert len(started) == 1
        with open_cluster("", one, tmp_path, early) as client:
            assert early.take() is None, "it is taken"
            assert {client.submit(os.getpid).result()} == started
            assert not client.submit(_has_pandas).result(), "workers do without"
            assert client.submit(os.umask, 0o77).result() == 0o77, (
                "what it writes is its owner's alone"
            )
        assert not workers() & started
    with open_cluster("", one, tmp_path) as client:
        assert client.submit(int).result() == 0, "and the next starts as ever"


def _has_pandas() -> bool:
    try:
        import pandas  # noqa: F401
    except ImportError:
        return False
    return "pandas" in sys.modules


def test_one_that_nobody_needs_ends(one: Settings, tmp_path: Path):
    before = workers()
    with pytest.raises(LookupError), started_early("", one, tmp_path):
        raise LookupError
    assert workers() == before
    assert not list(tmp_path.glob("*/")), "and its key with it"


def test_nobody_speaks_to_it_without_its_key(one: Settings, tmp_path: Path):
    """Scheduler, nanny and worker: neither in the clear nor with a key of one's own;
    and nothing else listens.
    """
    certificate(tmp_path / "other" / "key.pem")
    before = _listening()
    with open_cluster("", one, tmp_path / "place") as client:
        ports = _listening() - before
        assert client.submit(int).result() == 0
        addresses = [
            str(_scheduler(client).address),
            *client.nthreads(),
            *client.run(_nanny).values(),
        ]
        assert all(address.startswith("tls://127.0.0.1:") for address in addresses)
        assert ports == {int(address.rpartition(":")[2]) for address in addresses}
        for port in ports:
            assert not _answers(
                f"tcp://127.0.0.1:{port}", Security(require_encryption=False)
            )
            assert not _answers(
                f"tls://127.0.0.1:{port}", _with_key(tmp_path / "other" / "key.pem")
            )
        (key,) = tmp_path.glob("place/*/key.pem")
        assert _answers(_scheduler(client).address, _with_key(key)), (
            "with its key there is an answer"
        )


def _listening() -> set[int]:
    """The ports on which this process and its children listen."""
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return {
        each.laddr.port
        for process in family
        for each in process.net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    }


def _with_key(pem: Path) -> Security:
    return Security(
        require_encryption=True,
        tls_ca_file=str(pem),
        tls_client_key=str(pem),
        tls_client_cert=str(pem),
    )


def _answers(address: str, security: Security) -> bool:
    async def ask() -> bool:
        async with rpc(
            address, connection_args=security.get_connection_args("client"), timeout=3
        ) as remote:
            return bool(await asyncio.wait_for(remote.identity(), 3))

    try:
        return asyncio.run(ask())
    except (OSError, TimeoutError):
        return False


def test_what_dask_writes_is_where_nobody_else_looks(one: Settings, tmp_path: Path):
    """In a folder of the run, whatever the umask is; Dask takes modules from there."""
    with umask(0), open_cluster("", one, tmp_path) as client:
        (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
        assert (folder.stat().st_mode & 0o777) == 0o700
        assert (folder / "key.pem").stat().st_mode & 0o777 == 0o600
        places = [
            client.run(_local_directory).popitem()[1],
            _scheduler(client).local_directory,
        ]
        assert all(Path(place).is_relative_to(folder) for place in places)
        modules = [path for path in sys.path if "dask-scratch" in path]
        assert modules and all(Path(path).is_relative_to(folder) for path in modules)
    assert not list(tmp_path.glob("*/"))


def _scheduler(client: Client) -> Scheduler:
    assert isinstance(client.cluster, LocalCluster) and isinstance(
        client.cluster.scheduler, Scheduler
    )
    return client.cluster.scheduler


def _nanny(dask_worker: Worker) -> str:
    return str(dask_worker.nanny)


def _local_directory(dask_worker: Worker) -> str:
    return dask_worker.local_directory


@pytest.mark.parametrize("environment", [True, False])
def test_none_where_there_is_another(
    one: Settings, monkeypatch: pytest.MonkeyPatch, environment: bool, tmp_path: Path
):
    if environment:
        monkeypatch.setenv(CLUSTER, "tcp://127.0.0.1:1")
    with started_early(
        "" if environment else "tcp://127.0.0.1:1", one, tmp_path
    ) as early:
        assert early.take() is None


def test_one_that_does_not_start_is_tried_again(
    one: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    real, tries = cluster._local, []

    def local(asked: Settings, place: Path) -> object:
        tries.append(asked)
        if len(tries) == 1:
            raise RuntimeError("a worker was killed")
        return real(asked, place)

    monkeypatch.setattr(cluster, "_local", local)
    with (
        started_early("", one, tmp_path) as early,
        open_cluster("", one, tmp_path, early) as client,
    ):
        assert client.submit(int).result() == 0
    assert len(tries) == 2
