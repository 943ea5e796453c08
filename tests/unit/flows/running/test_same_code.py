"""Workers with other code than the run do nothing for it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from distributed import Client, LocalCluster

from extractors.errors import ArgumentsError
from flows.running import same_code
from flows.running.cluster import open_cluster
from flows.running.on_dask import OnDask
from flows.running.same_code import OtherCode, refuse_other_code, with_code
from flows.workspace.code import CodeParts, own_code
from flows.workspace.settings import Limit, settings
from flows.workspace.store import umask

LIMIT = Limit(60, "COHORTFLOW_PERIOD_SECONDS")
OTHER = replace(
    own_code(), files="0123456789", versions={**own_code().versions, "duckdb": "0.1"}
)
SAID = rf"cohortflow's files 01234567, here {own_code().files[:8]}"


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Workers in this process, whose umask a run changes."""
    quiet: dict[str, Any] = {
        "processes": False,
        "protocol": "tcp://",
        "dashboard_address": None,
    }
    with (
        umask(0o022),
        LocalCluster(n_workers=1, threads_per_worker=1, **quiet) as local,
    ):
        yield local


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster) as client:
        yield client


def test_the_same_code_is_the_same():
    assert own_code().difference(own_code()) == ""
    assert OTHER.difference(OTHER) == ""


def test_what_is_another_is_named_with_both_versions():
    duckdb = own_code().versions["duckdb"]
    assert (
        own_code()
        .difference(OTHER)
        .startswith(f"duckdb 0.1, here {duckdb}, cohortflow's files 01234567, here ")
    )
    older = CodeParts(own_code().files, {"python": "3.9"})
    assert "pyarrow none, here" in own_code().difference(older)


def test_a_cluster_of_the_same_code_is_taken(cluster: LocalCluster, tmp_path):
    with open_cluster(cluster.scheduler_address, settings(), tmp_path) as client:
        hands = OnDask(client, own_code())
        assert hands.call(LIMIT, "words", str.upper, "a") == "A"


def test_a_cluster_of_other_code_is_refused(
    cluster: LocalCluster, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    """Before anything is computed; this process stands for the run, its thread for the
    worker.
    """
    monkeypatch.setattr(same_code, "own_code", _in_turn(own_code(), OTHER))
    with (
        pytest.raises(
            ArgumentsError,
            match=rf"have other code than this run: .*{SAID}.*Put the same",
        ) as caught,
        open_cluster(cluster.scheduler_address, settings(), tmp_path),
    ):
        pass
    assert caught.value.exit_code == 2


def _in_turn(*answers: CodeParts) -> Callable[[], CodeParts]:
    left = list(answers)

    def answer() -> CodeParts:
        return left.pop(0)

    return answer


def test_a_worker_without_our_code_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    # it fails when it is asked again
    monkeypatch.setattr(same_code, "own_code", _in_turn(own_code()))
    with pytest.raises(ArgumentsError, match="no cohortflow, or another one"):
        refuse_other_code(client)


def test_a_worker_that_joins_later_gets_no_work(client: Client):
    """Its call fails, and may be tried again."""
    hands = OnDask(client, OTHER)
    for ask in (lambda: None, lambda: hands.hand_in(LIMIT, str.upper, {"a": "a"})):
        ask()
        with pytest.raises(
            OtherCode, match="A Dask worker that joined has other code"
        ) as caught:
            hands.call(LIMIT, "a", str.upper, "a")
        assert caught.value.transient


def test_the_guard_lets_the_same_code_through():
    assert with_code(own_code(), dict, a=1) == {"a": 1}
    with pytest.raises(OtherCode):
        with_code(OTHER, dict)
