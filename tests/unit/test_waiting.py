"""Waiting for a worker: what ends in the very moment in which we stop looking has ended all the same."""

import pytest

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


def test_a_result_that_comes_as_the_wait_ends_is_taken():
    assert _result(client=None, future=EndsAsWeLook("all is well")) == "all is well"


def test_work_that_timed_out_itself_says_so():
    with pytest.raises(TimeoutError, match="the disk does not answer"):
        _result(client=None, future=EndsAsWeLook(TimeoutError("the disk does not answer")))
