"""Which counts are bound to each other: those of the same people."""

import numpy as np

from measures.disclosure.bound import in_order, learn, pinned, same, waves
from measures.disclosure.rounding.programme import UNKNOWN
from measures.disclosure.tables.layout import TableKey

MONDAY, NEXT, LAST = "2019-04-01", "2019-04-08", "2019-04-15"
PEOPLE = np.array([7, 0, 9, 7, 0], np.uint64)
COUNTS = np.array([14, 0, 25, 14, 3])


def family(of, start):
    return [TableKey(of, (), start, "")]


def in_waves(keys, counts, people):
    """Each table has one count and the fingerprint of its people."""
    tables = {key: np.array([count]) for key, count in zip(keys, counts, strict=True)}
    whom = {
        key: np.array([each], np.uint64) for key, each in zip(keys, people, strict=True)
    }
    return list(waves([[key] for key in keys], tables, whom, dict.fromkeys(keys, 10)))


def test_counts_of_the_same_people_move_with_the_first():
    free = np.array([True] * 5)
    assert same(PEOPLE, COUNTS // 10, free).tolist() == [0, 1, 2, 0, 4], (
        "nobody and unknown people are bound to none"
    )
    free[0] = False
    assert same(PEOPLE, COUNTS // 10, free).tolist() == [0, 1, 2, 3, 4], (
        "what is released stays, and moves nothing"
    )


def test_two_counts_that_differ_are_not_of_the_same_people():
    """Should two sets have one fingerprint, nothing breaks."""
    assert same(
        np.array([7, 7], np.uint64), np.array([1, 2]), np.array([True, True])
    ).tolist() == [0, 1]
    assert pinned(PEOPLE, COUNTS, np.full(5, 10), {7: 40}).tolist() == [UNKNOWN] * 5


def test_people_who_have_a_number_keep_it():
    assert pinned(PEOPLE, COUNTS, np.full(5, 10), {7: 10, 0: 10}).tolist() == [
        1,
        UNKNOWN,
        UNKNOWN,
        1,
        UNKNOWN,
    ]


def test_the_first_number_stays_and_what_is_withheld_is_none():
    numbers = {7: 10}
    learn(numbers, PEOPLE, np.array([20, 0, 30, 20, 10]), np.zeros(5, bool))
    assert numbers == {7: 10, 9: 30}
    numbers = {}
    learn(
        numbers,
        PEOPLE,
        np.array([20, 0, 30, 20, 10]),
        np.array([True, False, False, False, False]),
    )
    assert numbers == {7: 20, 9: 30}
    assert all(type(each) is int for each in (*numbers, *numbers.values()))


def test_families_are_in_order_of_time_and_not_of_names():
    first, second, always = family("z", MONDAY), family("a", NEXT), family("m", "")
    assert in_order([second, first, always]) == [always, first, second]


def test_who_shares_people_waits_for_those_before():
    keys = [
        *family("a", MONDAY),
        *family("a", NEXT),
        *family("a", LAST),
        *family("b", LAST),
    ]
    found = in_waves(keys, [14, 14, 15, 14], [7, 7, 8, 7])
    assert found == [[[keys[0]], [keys[2]]], [[keys[1]]], [[keys[3]]]]


def test_multiples_and_unknown_people_wait_for_nobody():
    """They can be rounded in one way only, or nothing binds them."""
    keys = [
        *family("a", MONDAY),
        *family("a", NEXT),
        *family("b", MONDAY),
        *family("b", NEXT),
    ]
    assert len(in_waves(keys, [20, 20, 14, 14], [7, 7, 0, 0])) == 1
