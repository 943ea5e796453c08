"""Waiting for a worker: what ends in the very moment in which we stop looking, and what
is lost meanwhile.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from types import SimpleNamespace
from typing import cast

import pytest
from distributed import Client, Future, LocalCluster
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker, WorkerState

from extractors.errors import CohortflowError
from flows.running import cluster
from flows.running.cluster import (
    ALONE,
    DIED,
    GONE,
    LOST,
    _result,
    all_on_cluster,
    on_cluster,
)

Outcome = object


class Fetches:
    """A client whose fetches end as they are told to, in a loop of their own as Dask's;
    `closed` after a while.
    """

    def __init__(
        self,
        outcome: Outcome,
        *,
        workers: bool = True,
        seconds: float = 0.0,
        status: str = "running",
    ):
        self.outcome, self.workers, self.seconds, self.status = (
            outcome,
            workers,
            seconds,
            status,
        )
        self.fetched = self.cancelled = 0
        self.loop = SimpleNamespace(asyncio_loop=asyncio.new_event_loop())
        self._thread = threading.Thread(target=self.loop.asyncio_loop.run_forever)
        self._thread.start()

    def submit(self, *_call: object, **_settings: object) -> object:
        return SimpleNamespace(cancel=self._cancel)

    def gather(self, _future: object, *, asynchronous: bool) -> Awaitable[Outcome]:
        assert asynchronous
        return self._gather()

    async def _gather(self) -> Outcome:
        self.fetched += 1
        await asyncio.sleep(self.seconds)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def scheduler_info(self, n_workers: int) -> dict:
        return {"workers": {"one": {}}} if self.workers else {}

    def _cancel(self) -> None:
        self.cancelled += 1

    def end(self) -> None:
        loop = self.loop.asyncio_loop
        asyncio.run_coroutine_threadsafe(self._cancel_all(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()
        loop.close()

    async def _cancel_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


Fetching = Callable[..., Fetches]


@pytest.fixture
def fetching() -> Iterator[Fetching]:
    made: list[Fetches] = []

    def fetches(outcome: Outcome, **how: object) -> Fetches:
        made.append(Fetches(outcome, **how))  # type: ignore[arg-type]
        return made[-1]

    yield fetches
    for each in made:
        each.end()


def _wait(client: Fetches) -> Outcome:
    return _result(cast("Client", client), cast("Future", client.submit()))


def test_a_result_is_fetched_once_however_often_we_look(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cluster, "LOOK", 0.01)
    client = fetching("all is well", seconds=0.3)
    assert _wait(client) == "all is well"
    assert client.fetched == 1 and not client.cancelled


def test_work_that_timed_out_itself_says_so(fetching: Fetching):
    with pytest.raises(TimeoutError, match="the disk does not answer"):
        _wait(fetching(TimeoutError("the disk does not answer")))


def test_nobody_who_could_do_it(fetching: Fetching, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "LOOK", 0.01)
    monkeypatch.setattr(cluster, "PATIENCE", 0.05)
    client = fetching("too late", workers=False, seconds=600)
    with pytest.raises(CohortflowError) as caught:
        on_cluster(cast("Client", client), "work", int)
    assert caught.value.message == ALONE and client.cancelled == 1


def test_a_client_that_was_closed_meanwhile(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cluster, "LOOK", 0.01)
    with pytest.raises(CohortflowError, match=LOST):
        on_cluster(
            cast("Client", fetching("never", seconds=600, status="closed")), "work", int
        )


@pytest.mark.parametrize(
    ("outcome", "message", "transient"),
    [
        (CommClosedError("a result was being fetched"), LOST, True),
        (CancelledError("nobody knows of it any more"), LOST, True),
        (ClosedClientError("nobody has answered for half a minute"), GONE, False),
        (
            KilledWorker(
                "key", cast("WorkerState", SimpleNamespace(address="here")), 4
            ),
            f"work: {DIED}",
            False,
        ),
    ],
)
def test_what_is_lost_is_tried_again_while_there_is_a_client(
    fetching: Fetching, outcome: Exception, message: str, transient: bool
):
    with pytest.raises(CohortflowError) as caught:
        on_cluster(cast("Client", fetching(outcome)), "work", int)
    assert caught.value.message == message and caught.value.transient == transient


def test_many_short_looks_on_a_busy_machine(monkeypatch: pytest.MonkeyPatch):
    """Several threads wait for results that Dask fetches together, and each looks
    hundreds of times a second.
    """
    monkeypatch.setattr(cluster, "LOOK", 0.002)
    ended, wrong = threading.Event(), list[object]()

    def burn() -> None:
        while not ended.is_set():
            sum(range(1000))

    def ask(client: Client, thread: int) -> None:
        for turn in range(6):
            calls: list[tuple] = [
                (_slowly, (thread, turn, number)) for number in range(3)
            ]
            try:
                got = all_on_cluster(client, "work", calls)
            except CohortflowError as error:
                got = [error]
            if got != [call[1] for call in calls]:
                wrong.append(got)

    with (
        LocalCluster(
            n_workers=1,
            threads_per_worker=4,
            processes=False,
            protocol="tcp://",
            dashboard_address=None,
        ) as local,
        Client(local) as client,
    ):
        asking = [
            threading.Thread(target=ask, args=(client, number)) for number in range(4)
        ]
        threads = [*(threading.Thread(target=burn) for _ in range(1)), *asking]
        for thread in threads:
            thread.start()
        for thread in asking:
            thread.join()
        ended.set()
        for thread in threads:
            thread.join()
    assert not wrong


def _slowly(given: object) -> object:
    time.sleep(0.01)
    return given
