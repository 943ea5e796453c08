"""Waiting for a worker: what ends in the very moment in which we stop looking has ended all the same."""

from typing import cast

import pytest
from distributed import Client, Future

from flows.cluster import _result


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
