"""Differences of dates"""

from tests.lib.tables import e, p

PAIRS = {
    p: """
           | d1         | d2
        ---+------------+------------
         1 | 2020-02-29 | 2021-02-28
         2 | 2020-02-29 | 2021-03-01
         3 | 2020-01-31 | 2020-02-29
         4 | 2020-01-31 | 2020-03-01
         5 | 2020-01-02 | 2020-01-01
         6 | 2020-01-16 | 2020-01-01
         7 | 2020-01-01 | 2020-01-16
         8 | 2020-01-01 | 2020-01-01
         9 | 2021-03-01 | 2020-02-29
        10 | 2020-01-01 |
        11 |            | 2020-01-01
        12 | 1950-05-15 | 2020-05-14
    """
}


def test_days(spec):
    """`.days` are exact"""
    expected = {
        1: 365,
        2: 366,
        3: 29,
        4: 30,
        5: -1,
        6: -15,
        7: 15,
        8: 0,
        9: -366,
        10: None,
        11: None,
        12: 25567,
    }
    spec(PAIRS, (p.d2 - p.d1).days, expected)


def test_weeks(spec):
    """`.weeks` are rounded towards minus infinity: -15 days are -3 weeks, 15 days
    are 2
    """
    expected = {
        1: 52,
        2: 52,
        3: 4,
        4: 4,
        5: -1,
        6: -3,
        7: 2,
        8: 0,
        9: -53,
        10: None,
        11: None,
        12: 3652,
    }
    spec(PAIRS, (p.d2 - p.d1).weeks, expected)


def test_months(spec):
    """`.months`: a month is complete when its day is reached; one day too early is
    -1
    """
    expected = {
        1: 11,
        2: 12,
        3: 0,
        4: 1,
        5: -1,
        6: -1,
        7: 0,
        8: 0,
        9: -13,
        10: None,
        11: None,
        12: 839,
    }
    spec(PAIRS, (p.d2 - p.d1).months, expected)


def test_years(spec):
    """`.years`: a year is complete when month and day are reached; for 29 February, on
    1 March of a common year
    """
    expected = {
        1: 0,
        2: 1,
        3: 0,
        4: 0,
        5: -1,
        6: -1,
        7: 0,
        8: 0,
        9: -2,
        10: None,
        11: None,
        12: 69,
    }
    spec(PAIRS, (p.d2 - p.d1).years, expected)


SOME = {
    p: """
          | d1
        --+------------
        1 | 2000-02-29
        2 |
    """
}


def test_literal_on_the_left(spec):
    """A date written as a string may stand on the left"""
    spec(SOME, ("2018-02-28" - p.d1).years, {1: 17, 2: None})


def test_literal_on_the_right(spec):
    """A date written as a string may stand on the right"""
    spec(SOME, (p.d1 - "2018-02-28").years, {1: -18, 2: None})


def test_among_rows(spec):
    """Each row has its own difference"""
    records = {
        e: """
          | d1         | d2
        --+------------+------------
        1 | 2020-01-01 | 2020-01-05
        1 | 2020-01-01 | 2020-01-09
        2 |            |
    """
    }
    spec(records, (e.d2 - e.d1).days.sum_for_patient(), {1: 12, 2: None})
