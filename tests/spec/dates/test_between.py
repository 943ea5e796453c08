"""Before, after, between"""

from datetime import date

from extractors import INTERVAL, months
from tests.lib.tables import e, p

DATES = {
    p: """
          | d1         | d2         | d3
        --+------------+------------+------------
        1 | 2020-01-10 | 2020-01-10 | 2020-01-20
        2 | 2020-01-15 | 2020-01-10 | 2020-01-20
        3 | 2020-01-20 | 2020-01-10 | 2020-01-20
        4 | 2020-01-25 | 2020-01-10 | 2020-01-20
        5 | 2020-01-15 | 2020-01-20 | 2020-01-10
        6 | 2020-01-25 |            | 2020-01-20
        7 | 2020-01-15 |            | 2020-01-20
        8 | 2020-01-05 | 2020-01-10 |
        9 |            | 2020-01-10 | 2020-01-20
    """
}


def test_before(spec):
    """`is_before()` is the same as `<`"""
    expected = {
        1: False,
        2: False,
        3: False,
        4: False,
        5: True,
        6: None,
        7: None,
        8: True,
        9: None,
    }
    spec(DATES, p.d1.is_before(p.d2), expected)


def test_on_or_before(spec):
    """`is_on_or_before()` is the same as `<=`"""
    expected = {
        1: True,
        2: False,
        3: False,
        4: False,
        5: True,
        6: None,
        7: None,
        8: True,
        9: None,
    }
    spec(DATES, p.d1.is_on_or_before(p.d2), expected)


def test_after(spec):
    """`is_after()` is the same as `>`"""
    expected = {
        1: False,
        2: True,
        3: True,
        4: True,
        5: False,
        6: None,
        7: None,
        8: False,
        9: None,
    }
    spec(DATES, p.d1.is_after(p.d2), expected)


def test_on_or_after(spec):
    """`is_on_or_after()` is the same as `>=`"""
    expected = {
        1: True,
        2: True,
        3: True,
        4: True,
        5: False,
        6: None,
        7: None,
        8: False,
        9: None,
    }
    spec(DATES, p.d1.is_on_or_after(p.d2), expected)


def test_between_inclusive(spec):
    """`is_on_or_between()` counts both ends; one failing bound is False even if the
    other is NULL
    """
    expected = {
        1: True,
        2: True,
        3: True,
        4: False,
        5: False,
        6: False,
        7: None,
        8: False,
        9: None,
    }
    spec(DATES, p.d1.is_on_or_between(p.d2, p.d3), expected)


def test_between_exclusive(spec):
    """`is_between_but_not_on()` counts neither end"""
    expected = {
        1: False,
        2: True,
        3: False,
        4: False,
        5: False,
        6: False,
        7: None,
        8: False,
        9: None,
    }
    spec(DATES, p.d1.is_between_but_not_on(p.d2, p.d3), expected)


def test_during(spec):
    """is_during() takes a pair, both ends included"""
    expected = {
        1: False,
        2: True,
        3: True,
        4: False,
        5: True,
        6: False,
        7: True,
        8: False,
        9: None,
    }
    spec(DATES, p.d1.is_during(("2020-01-11", "2020-01-20")), expected)


def test_during_interval(spec):
    """INTERVAL is such a pair"""
    expected = {
        1: False,
        2: True,
        3: True,
        4: False,
        5: True,
        6: False,
        7: True,
        8: False,
        9: None,
    }
    spec(
        DATES,
        p.d1.is_during(INTERVAL),
        expected,
        interval=(date(2020, 1, 11), date(2020, 1, 20)),
    )


def test_before_interval(spec):
    """The dates of INTERVAL take part in all that dates can do"""
    records = {
        e: """
          | d1
        --+------------
        1 | 2020-03-01
        1 | 2020-02-29
        2 | 2020-03-31
        3 |
    """
    }
    rows = e.where(e.d1.is_on_or_after(INTERVAL.end_date - months(1)))
    spec(
        records,
        rows.count_for_patient(),
        {1: 1, 2: 1, 3: 0},
        interval=(date(2020, 3, 25), date(2020, 3, 31)),
    )


def test_interval_as_a_value(spec):
    """A date of INTERVAL may be a value"""
    spec(
        {
            p: """
          | d1
        --+----
        1 |
    """
        },
        p.d1.when_null_then(INTERVAL.start_date),
        {1: date(2020, 3, 25)},
        interval=(date(2020, 3, 25), date(2020, 3, 31)),
    )
