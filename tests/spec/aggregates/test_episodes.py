"""Counting episodes"""

import pytest

from extractors import days, months, weeks
from tests.lib.tables import e, p

RECORDS = {
    e: """
          | d1         | b1
        --+------------+----
        1 | 2020-01-15 | T
        1 | 2020-01-01 | T
        1 | 2020-01-04 | F
        1 | 2020-01-07 | T
        1 |            | T
        2 |            | T
        3 | 2020-02-29 | T
        3 | 2020-02-29 | T
    """,
    p: """
          | i1
        --+----
        4 | 1
    """,
}


def test_gap_in_days(spec):
    """A gap of exactly n days continues the episode, a longer one begins another; 0
    without a date
    """
    spec(RECORDS, e.d1.count_episodes_for_patient(days(3)), {1: 2, 2: 0, 3: 1, 4: 0})


def test_shorter_gap(spec):
    """With a shorter gap there are more episodes"""
    spec(RECORDS, e.d1.count_episodes_for_patient(days(2)), {1: 4, 2: 0, 3: 1, 4: 0})


def test_gap_in_weeks(spec):
    """The gap may be in weeks"""
    spec(RECORDS, e.d1.count_episodes_for_patient(weeks(1)), {1: 2, 2: 0, 3: 1, 4: 0})


def test_longer_gap(spec):
    """Episodes chain: only the gaps between neighbours matter"""
    spec(RECORDS, e.d1.count_episodes_for_patient(days(8)), {1: 1, 2: 0, 3: 1, 4: 0})


def test_filtered(spec):
    """Only the rows of the frame count"""
    spec(
        RECORDS,
        e.where(e.b1).d1.count_episodes_for_patient(days(3)),
        {1: 3, 2: 0, 3: 1, 4: 0},
    )


def test_expression(spec):
    """Any dates can form episodes"""
    spec(
        RECORDS,
        (e.d1 + days(1)).count_episodes_for_patient(days(3)),
        {1: 2, 2: 0, 3: 1, 4: 0},
    )


def test_months():
    """The gap cannot be in months or years, whose lengths vary"""
    with pytest.raises(
        TypeError, match=r"count_episodes_for_patient needs days\(n\) or weeks\(n\)"
    ):
        e.d1.count_episodes_for_patient(months(1))
