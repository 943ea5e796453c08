"""Durations of a series"""

from datetime import date

from extractors import days, weeks, years
from tests.lib.tables import p

RECORDS = {
    p: """
          | d1         | i1 | i2
        --+------------+----+----
        1 | 2020-02-29 | 1  | 3
        2 | 2020-02-29 |    | 3
        3 |            | 1  | 3
    """
}


def test_negative(spec):
    """A duration can be negated"""
    spec(RECORDS, p.d1 + -weeks(p.i1), {1: date(2020, 2, 22), 2: None, 3: None})


def test_sum(spec):
    """Durations of the same unit add up before they move a date"""
    spec(
        RECORDS,
        p.d1 + (days(p.i1) + days(p.i2)),
        {1: date(2020, 3, 4), 2: None, 3: None},
    )


def test_expression(spec):
    """The number may be an expression"""
    spec(RECORDS, p.d1 + years(p.i1 * p.i2), {1: date(2023, 3, 1), 2: None, 3: None})


def test_equality(spec):
    """Durations of the same unit compare by their numbers"""
    spec(RECORDS, days(p.i1) == days(1), {1: True, 2: None, 3: True})
