"""Waiting for a worker: what ends in the very moment in which we stop looking, and what is lost meanwhile."""

from concurrent.futures import CancelledError
from typing import cast

import pytest
from distributed import Client, Future
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError

from extractors.errors import CohortflowError
from flows.running.cluster import GONE, LOST, _result, on_cluster


class EndsAsWeLook:
    """A future that is not there in time, and is when it is asked whether it is."""

    def __init__(self, outcome):
        self.outcome, self.asked = outcome, 0

    def result(self, timeout=None):
        self.asked += 1
        if timeout:
            raise TimeoutError
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def done(self):
        return True


def _wait(outcome):
    return _result(cast("Client", None), cast("Future", EndsAsWeLook(outcome)))


def test_a_result_that_comes_as_the_wait_ends_is_taken():
    assert _wait("all is well") == "all is well"


def test_work_that_timed_out_itself_says_so():
    with pytest.raises(TimeoutError, match="the disk does not answer"):
        _wait(TimeoutError("the disk does not answer"))


class Submits:
    """A client, and what its futures end with."""

    def __init__(self, outcome):
        self.outcome = outcome

    def submit(self, *_call, **_settings):
        return EndsAsWeLook(self.outcome)


@pytest.mark.parametrize(
    ("outcome", "message", "transient"),
    [
        (CommClosedError("a result was being fetched"), LOST, True),
        (CancelledError("nobody knows of it any more"), LOST, True),
        (ClosedClientError("nobody has answered for half a minute"), GONE, False),
    ],
)
def test_what_is_lost_is_tried_again_while_there_is_a_client(outcome, message, transient):
    with pytest.raises(CohortflowError) as caught:
        on_cluster(cast("Client", Submits(outcome)), "work", int)
    assert caught.value.message == message and caught.value.transient == transient
