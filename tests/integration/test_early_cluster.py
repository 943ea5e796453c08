"""A cluster that starts before it is needed is the one that is used, and nothing of it is left."""

import os
import sys

import psutil
import pytest

from flows.running import cluster
from flows.running.cluster import open_cluster, started_early
from flows.workspace.settings import CLUSTER, Settings, settings


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("COHORTFLOW_WORKERS", "1")
    monkeypatch.delenv(CLUSTER, raising=False)
    return settings()


def workers() -> set[int]:
    children = psutil.Process().children(recursive=True)
    return {child.pid for child in children if "spawn_main" in " ".join(child.cmdline())}


def test_it_is_used(one: Settings):
    before = workers()
    with started_early("", one) as early:
        started = workers() - before
        assert len(started) == 1
        with open_cluster("", one, early) as client:
            assert early.take() is None, "it is taken"
            assert {client.submit(os.getpid).result()} == started
            assert not client.submit(_has_pandas).result(), "workers do without"
            assert client.submit(os.umask, 0o77).result() == 0o77, "what it writes is its owner's alone"
        assert not workers() & started
    with open_cluster("", one) as client:
        assert client.submit(int).result() == 0, "and the next starts as ever"


def _has_pandas() -> bool:
    try:
        import pandas  # noqa: F401
    except ImportError:
        return False
    return "pandas" in sys.modules


def test_one_that_nobody_needs_ends(one: Settings):
    before = workers()
    with pytest.raises(LookupError), started_early("", one):
        raise LookupError
    assert workers() == before


@pytest.mark.parametrize("environment", [True, False])
def test_none_where_there_is_another(one: Settings, monkeypatch: pytest.MonkeyPatch, environment: bool):
    if environment:
        monkeypatch.setenv(CLUSTER, "tcp://127.0.0.1:1")
    with started_early("" if environment else "tcp://127.0.0.1:1", one) as early:
        assert early.take() is None


def test_one_that_does_not_start_is_tried_again(one: Settings, monkeypatch: pytest.MonkeyPatch):
    real, tries = cluster._local, []

    def local(asked: Settings) -> object:
        tries.append(asked)
        if len(tries) == 1:
            raise RuntimeError("a worker was killed")
        return real(asked)

    monkeypatch.setattr(cluster, "_local", local)
    with started_early("", one) as early, open_cluster("", one, early) as client:
        assert client.submit(int).result() == 0
    assert len(tries) == 2
