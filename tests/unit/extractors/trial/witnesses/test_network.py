"""Differences by hand."""

import numpy as np

from extractors.trial.witnesses.network import at_most, grown, unknown


def test_what_follows_from_two_differences_is_known():
    most = at_most(unknown(3), 1, 0, 10.0)
    assert most is not None
    most = at_most(most, 2, 1, 5.0)
    assert most is not None
    assert most[2, 0] == 15 and np.isinf(most[0, 2])


def test_what_is_known_already_changes_nothing():
    most = at_most(unknown(2), 1, 0, 10.0)
    assert most is not None
    assert at_most(most, 1, 0, 12.0) is most


def test_a_contradiction_is_refused():
    most = at_most(unknown(2), 1, 0, 10.0)
    assert most is not None
    assert at_most(most, 0, 1, -10.0) is not None
    assert at_most(most, 0, 1, -11.0) is None


def test_more_room_keeps_what_is_known():
    most = at_most(unknown(2), 1, 0, 10.0)
    assert most is not None
    larger = grown(most)
    assert (
        larger.shape == (4, 4)
        and larger[1, 0] == 10
        and np.isinf(larger[3, 0])
        and larger[3, 3] == 0
    )
