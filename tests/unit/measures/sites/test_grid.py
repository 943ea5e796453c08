"""Raw counts as numbers in one order: there and back, and added up as if all people
were at one site.
"""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from extractors.errors import ArgumentsError
from measures.counts.columns import COUNTS, KEYS
from measures.counts.gathering import gather
from measures.sites.grid import CHECKS, WORDS, counts_of, length_of, numbers_of
from tests.lib.masked_sites import VALUES, agreed_on, keys_of
from tests.lib.people_counts import CountsOf, Person
from tests.lib.site_releases import drawn

TYPES = {"age": pa.string(), "sex": pa.string()}


@pytest.fixture
def agreed(tmp_path):
    return agreed_on(drawn(10, 1, events=True), keys_of("ABC", tmp_path), "ABC", "A")


def rows(raw, columns=COUNTS):
    keys = [*KEYS, *TYPES]
    return [
        {name: row[name] for name in (*keys, *columns)} for row in raw.table.to_pylist()
    ]


def together(numbers, agreed, counts):
    return gather([counts_of(numbers, agreed, TYPES)], counts.shapes, TYPES)


def test_there_and_back_gives_the_same(agreed):
    counts = drawn(60, 5, events=True)
    raw = counts.raw()
    again = together(numbers_of(raw.table, agreed), agreed, counts)
    assert again.table.equals(raw.table)


def test_sites_add_up_to_all_their_people(agreed):
    """As a count of everybody in plain Python, but for the largest number of events,
    which may be more.
    """
    sites = [
        drawn(size, seed, events=True) for size, seed in ((40, 1), (3, 2), (90, 3))
    ]
    everybody = CountsOf(
        [p for site in sites for p in site.people],
        sites[0].groupings,
        weeks=2,
        events=True,
    )
    numbers = sum(numbers_of(site.raw().table, agreed) for site in sites)
    mine, wanted = together(numbers, agreed, everybody), everybody.raw()
    assert rows(mine, COUNTS[:5]) == rows(wanted, COUNTS[:5])
    for one, other in zip(rows(mine), rows(wanted), strict=True):
        assert one["numerator_largest"] >= other["numerator_largest"]
        assert one["denominator_largest"] == other["denominator_largest"]


def test_a_sum_below_zero_and_a_missing_group_are_kept(agreed):
    people = [
        Person({"sex": None, "age": "a"}, [0, -1], events=-7),
        Person({"sex": "f", "age": None}, [1, 1], events=2),
    ]
    counts = CountsOf(people, ((), ("sex",), ("age",)), weeks=2, events=True)
    again = together(numbers_of(counts.raw().table, agreed), agreed, counts)
    assert again.table.equals(counts.raw().table)
    assert -7 in again.table["numerator"].to_pylist()


def test_whom_a_count_is_of_is_unknown_where_one_site_does_not_know(agreed):
    known, unknown = (
        drawn(30, 1, events=True),
        replace(drawn(30, 2, events=True), known=False),
    )
    numbers = numbers_of(known.raw().table, agreed) + numbers_of(
        unknown.raw().table, agreed
    )
    assert counts_of(numbers, agreed, TYPES)[
        "denominator_fingerprint"
    ].null_count == len(counts_of(numbers, agreed, TYPES))


def test_the_length_says_nothing_of_the_records(agreed):
    small, large = drawn(1, 1, events=True), drawn(400, 2, events=True)
    assert len(numbers_of(small.raw().table, agreed)) == len(
        numbers_of(large.raw().table, agreed)
    )
    cells = 2 * 2 * (1 + len(VALUES["sex"]) + len(VALUES["age"]))
    assert length_of(agreed) == cells * len(WORDS) + CHECKS


def test_a_group_that_the_round_does_not_name_is_refused_without_its_name(agreed):
    people = [Person({"sex": "secret", "age": "a"}, [0, 0])]
    counts = CountsOf(people, ((), ("sex",), ("age",)), weeks=2)
    with pytest.raises(
        ArgumentsError, match="a group of sex that the round does not name"
    ) as refused:
        numbers_of(counts.raw().table, agreed)
    assert "secret" not in str(refused.value)


def test_periods_that_the_round_lacks_are_left_out(agreed):
    counts = drawn(30, 1, events=True)
    short = replace(agreed, calendars=(agreed.calendars[0][:1],))
    assert len(numbers_of(counts.raw().table, short)) < len(
        numbers_of(counts.raw().table, agreed)
    )


def test_what_would_not_fit_is_refused(agreed):
    with pytest.raises(ArgumentsError, match="Leave out what crosses the most groups"):
        length_of(
            replace(
                agreed,
                values={
                    "sex": tuple(range(3000)),
                    "age": tuple(map(str, range(10_000_000))),
                },
            )
        )


def test_true_and_one_are_two_values(agreed):
    people = [Person({"sex": "f", "age": "a"}, [0, 0])]
    counts = CountsOf(people, ((), ("sex",), ("age",)), weeks=2)
    raw = counts.raw().table
    wrong = replace(agreed, values={**VALUES, "sex": (None, True, False)})
    with pytest.raises(ArgumentsError):
        numbers_of(raw, wrong)
    assert np.count_nonzero(numbers_of(raw, agreed))
