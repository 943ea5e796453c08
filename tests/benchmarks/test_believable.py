"""Made-up people are as near to England as they should be."""

import pytest

from tests.benchmarks.believable import FACTS, ours, uniform


@pytest.mark.slow
def test_made_up_people_are_near_to_what_is_published():
    made, even = ours(20_000), uniform(20_000)
    off = {
        fact.name: own
        for fact in FACTS
        if abs((own := fact.of(made)) / fact.published - 1) > fact.within
    }
    assert off == {}
    nearer = [
        abs(fact.of(made) - fact.published) <= abs(fact.of(even) - fact.published)
        for fact in FACTS
    ]
    assert sum(nearer) >= len(FACTS) - 3
