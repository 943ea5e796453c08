"""Two counts of one interval that lack one person of each other: one number, or one of
them none.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from measures.disclosure import nearly
from measures.disclosure.control import protection
from measures.disclosure.memory.ledger import Ledger, Memory
from measures.disclosure.memory.setting import Setting
from measures.disclosure.nearly import Near, times
from measures.disclosure.policy_steps import WITHHELD
from tests.lib import releases
from tests.lib.fingerprints import hash_of
from tests.lib.people_counts import WEEKS, CountsOf, Person
from tests.lib.tied_tables import keyed

HASHES = np.array([hash_of(place) % 2**64 for place in range(500)], np.uint64)


def is_person(numbers):
    return np.isin(numbers, HASHES)


class Apart(CountsOf):
    """Measures `n0` and `n1` of which the definition says nothing: none is part of the
    other.
    """

    def structure_json(self) -> dict[str, Any]:
        plain = super().structure_json()
        for name, each in plain["counts"].items():
            each["within"] = ["all"] if name != "all" else []
        for each in plain["measures"].values():
            each["within"] = []
        return plain


def both(size: int, lacking: int = 1, others: int = 100) -> CountsOf:
    """`size` people in `n0`, of whom some are lacking in `n1`."""
    level = [[2]] * (size - lacking) + [[1]] * lacking + [[0]] * others
    return Apart([Person({}, each) for each in level], [()], nested=2)


def made(counts: CountsOf, key=releases.KEY, **wanted) -> list[int | None]:
    setting = Setting(counts.structure(), key, is_person=is_person, **wanted)
    return (
        protection(counts.raw(), "controlled", setting)
        .released.table["numerator"]
        .to_pylist()
    )


@pytest.mark.parametrize("size", [*range(12, 22), 35, 40, 41])
def test_one_person_less_shows_one_number(size):
    for number in range(8):
        first, second = made(both(size), keyed(number))
        assert first == second


@pytest.mark.parametrize("most", [1, 3, 7])
def test_questions_in_small_blocks_have_the_same_answers(
    monkeypatch: pytest.MonkeyPatch, most: int
):
    counts = chain([24, 25, 26, 40, 41, 60])
    at_once = made(counts, keyed(5))
    sizes = []

    def asked(numbers: np.ndarray) -> np.ndarray:
        sizes.append(len(numbers))
        return is_person(numbers)

    monkeypatch.setattr(nearly, "MOST_AT_ONCE", most)
    setting = Setting(counts.structure(), keyed(5), is_person=asked)
    found = (
        protection(counts.raw(), "controlled", setting)
        .released.table["numerator"]
        .to_pylist()
    )
    assert found == at_once
    assert len(sizes) > 0 and max(sizes) < most + 3


def test_two_people_less_may_show_two_numbers():
    assert (
        len({len(set(made(both(25, lacking=2), keyed(number)))) for number in range(8)})
        == 2
    )


def test_whoever_is_lacking_is_not_seen_in_any_number():
    """Everybody, and everybody but Ann if she has a diagnosis: both worlds look
    alike.
    """
    for number in range(20):
        with_her, without = (
            made(both(27, lacking=each), keyed(number)) for each in (0, 1)
        )
        assert len(set(with_her)) == len(set(without)) == 1


def test_a_part_and_its_whole_are_left_alone():
    """Everybody knows that one may be less, so nothing is said of anybody by two
    numbers.
    """
    nested = CountsOf(both(25).people, [()], nested=2)
    assert len({len(set(made(nested, keyed(number)))) for number in range(8)}) == 2
    everybody = both(25, others=0)
    raw, setting = (
        everybody.raw(),
        Setting(everybody.structure(), releases.KEY, is_person=is_person),
    )
    assert (
        protection(raw, "controlled", setting).released.table["status"].to_pylist()
        == ["released"] * 2
    )


def chain(sizes: Sequence[int], others: int = 20) -> CountsOf:
    """Counts `n0`, `n1` … of these sizes, each of the first people, of which the
    definition says nothing.
    """
    largest = max(sizes)
    level = [[sum(place < size for size in sizes)] for place in range(largest)]
    return Apart(
        [Person({}, each) for each in level + [[0]] * others], [()], nested=len(sizes)
    )


def test_a_chain_is_cut_and_the_count_behind_the_cut_is_withheld():
    sizes = list(range(45, 10, -1))
    counts = chain(sizes)
    setting = Setting(counts.structure(), releases.KEY, is_person=is_person)
    released = protection(counts.raw(), "controlled", setting).released
    assert WITHHELD in released.reasons["numerator"].to_pylist()
    assert len({*released.table["numerator"].to_pylist()} - {None}) >= 2


def test_another_study_shows_the_number_of_those_who_are_nearly_the_same(tmp_path):
    """The second asks for one person less of the same interval."""
    for number in range(8):
        site = Ledger(tmp_path / f"{number}.jsonl", keyed(number))
        first, second = (
            CountsOf([Person({}, [1])] * size + [Person({}, [0])] * 50, [()])
            for size in (26, 25)
        )
        found = []
        for counts in (first, second):
            setting = Setting(
                counts.structure(), keyed(number), site=site.memory, is_person=is_person
            )
            done = protection(counts.raw(), "controlled", setting)
            site.append(done.site)
            found += done.released.table["numerator"].to_pylist()
        assert len(set(found)) == 1


def test_other_intervals_are_not_bound():
    """One chance for all weeks: a series that loses a person each week goes down as it
    did.
    """
    level = [[1 if place > week else -1 for week in range(40)] for place in range(60)]
    counts = CountsOf([Person({}, each) for each in level], [()], weeks=40)
    bound, free = (
        protection(
            counts.raw(),
            "controlled",
            Setting(counts.structure(), releases.KEY, is_person=each),
        ).released
        for each in (is_person, None)
    )
    assert bound.table.equals(free.table)


def test_an_interval_may_be_kept_by_either_end():
    assert times(WEEKS[0]) == [
        "2019-04-01..2019-04-07",
        "2019-04-01..",
        "..2019-04-07",
        "..",
    ]


def test_without_pairs_everybody_shows_their_own_number():
    people = np.array([3, 4], np.uint64)
    assert Near().led(people).tolist() == [3, 4]
    near = Near(leader={4: 3, 3: 3}, numbers={}, unmet=frozenset([5]))
    assert near.led(people).tolist() == [3, 3]
    assert near.numbers_of_all({3: 20, 5: 10, 6: 30}) == {3: 20, 4: 20, 6: 30}


def test_random_counts_of_nearly_the_same_people_have_one_number():
    """Of every interval: two sets that lack one person of each other show one number,
    are withheld, or are tied.
    """
    for seed in range(6):
        chance = np.random.default_rng(seed)
        level = [[int(each) for each in chance.integers(0, 3, 3)] for _ in range(60)]
        counts = Apart(
            [Person({"sex": "fm"[chance.integers(2)]}, each) for each in level],
            [(), ("sex",)],
            2,
            3,
        )
        setting = Setting(
            counts.structure(), keyed(seed), is_person=is_person, memory=Memory()
        )
        table = protection(
            counts.raw(), "controlled", setting
        ).released.table.to_pylist()
        raw = counts.raw().table.to_pylist()
        shown: dict[Any, dict[int, int]] = defaultdict(dict)
        for row, true in zip(table, raw, strict=True):
            if row["numerator"] is not None:
                shown[row["interval_start"]][true["numerator_fingerprint"]] = row[
                    "numerator"
                ]
        for numbers in shown.values():
            people = np.array(list(numbers), np.uint64)
            for each in people:
                near = people[is_person(people - each)].tolist()
                assert {numbers[other] for other in near} <= {numbers[int(each)]}
