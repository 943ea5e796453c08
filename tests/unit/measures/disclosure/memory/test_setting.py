"""What a run hands to protection beside its counts."""

import numpy as np

from measures.disclosure.control import protection
from measures.disclosure.memory.keys import PUBLIC
from measures.disclosure.memory.setting import Setting, one_by_one
from measures.disclosure.rounding.programme import Programme
from tests.lib.people_counts import CountsOf, Person
from tests.lib.tied_tables import ONE_SEX

# 17 women and 24 men, then 3 women and 38 men
PEOPLE = [
    *[Person({"sex": "f"}, [1, -1])] * 14,
    *[Person({"sex": "f"}, [1, 1])] * 3,
    *[Person({"sex": "m"}, [1, 1])] * 24,
    *[Person({"sex": "m"}, [-1, 1])] * 14,
]
STUDY = CountsOf(PEOPLE, ONE_SEX, weeks=2)


def test_solutions_come_in_the_order_of_their_programmes():
    seen: list[Programme] = []

    def solve_all(programmes):
        seen.extend(programmes)
        return one_by_one(programmes)

    protection(
        STUDY.raw(), "controlled", Setting(STUDY.structure(), solve_all=solve_all)
    )
    first, second = seen
    assert sorted(first.counts) != sorted(second.counts)
    for programmes in ((first, second), (second, first)):
        for programme, solution in zip(programmes, one_by_one(programmes), strict=True):
            assert (np.abs(solution.values - programme.counts) < programme.base).all()


def test_a_setting_remembers_nothing_by_itself():
    """Each has a memory of its own, so that no run sees what another released."""
    first, second = Setting(), Setting()
    first.memory.commits.append({"kind": "commit"})
    assert second.memory.releases == 0
    assert (second.key, second.made_up, second.revise) == (PUBLIC, False, False)
