"""Adding to dates, subtracting from them"""

from datetime import date

from extractors import days, months, weeks, years
from tests.lib.tables import e, p

DATES = {
    p: """
          | d1         |  i1
        --+------------+-----
        1 | 2003-01-31 |   1
        2 | 2004-02-29 |  12
        3 | 2003-12-31 |  -1
        4 | 2003-03-30 |
        5 |            |   1
    """
}


def test_days(spec):
    """Adding days"""
    expected = {
        1: date(2003, 2, 1),
        2: date(2004, 3, 1),
        3: date(2004, 1, 1),
        4: date(2003, 3, 31),
        5: None,
    }
    spec(DATES, p.d1 + days(1), expected)


def test_days_from_the_left(spec):
    """The duration may stand on the left, and be negative"""
    expected = {
        1: date(2003, 1, 30),
        2: date(2004, 2, 28),
        3: date(2003, 12, 30),
        4: date(2003, 3, 29),
        5: None,
    }
    spec(DATES, days(-1) + p.d1, expected)


def test_weeks(spec):
    """Weeks are seven days"""
    expected = {
        1: date(2003, 1, 17),
        2: date(2004, 2, 15),
        3: date(2003, 12, 17),
        4: date(2003, 3, 16),
        5: None,
    }
    spec(DATES, p.d1 - weeks(2), expected)


def test_months(spec):
    """Months keep the day; a day that does not exist rolls forward to the 1st of the
    next month
    """
    expected = {
        1: date(2003, 3, 1),
        2: date(2004, 3, 29),
        3: date(2004, 1, 31),
        4: date(2003, 4, 30),
        5: None,
    }
    spec(DATES, p.d1 + months(1), expected)


def test_subtracting_months(spec):
    """Subtracting months rolls forward, too"""
    expected = {
        1: date(2002, 12, 31),
        2: date(2004, 1, 29),
        3: date(2003, 12, 1),
        4: date(2003, 3, 1),
        5: None,
    }
    spec(DATES, p.d1 - months(1), expected)


def test_years(spec):
    """Adding years: 29 February becomes 1 March in a common year"""
    expected = {
        1: date(2004, 1, 31),
        2: date(2005, 3, 1),
        3: date(2004, 12, 31),
        4: date(2004, 3, 30),
        5: None,
    }
    spec(DATES, p.d1 + years(1), expected)


def test_subtracting_years(spec):
    """Subtracting years does the same"""
    expected = {
        1: date(2002, 1, 31),
        2: date(2003, 3, 1),
        3: date(2002, 12, 31),
        4: date(2002, 3, 30),
        5: None,
    }
    spec(DATES, p.d1 - years(1), expected)


def test_century(spec):
    """1900 was no leap year, 2000 was one"""
    expected = {
        1: date(1899, 1, 31),
        2: date(1900, 3, 1),
        3: date(1899, 12, 31),
        4: date(1899, 3, 30),
        5: None,
    }
    spec(DATES, p.d1 - years(104), expected)


def test_months_of_a_series(spec):
    """The number may be a series; NULL gives NULL"""
    expected = {
        1: date(2003, 3, 1),
        2: date(2005, 3, 1),
        3: date(2003, 12, 1),
        4: None,
        5: None,
    }
    spec(DATES, p.d1 + months(p.i1), expected)


def test_years_of_a_series(spec):
    """Years of a series are twelve months each"""
    expected = {
        1: date(2002, 1, 31),
        2: date(1992, 2, 29),
        3: date(2004, 12, 31),
        4: None,
        5: None,
    }
    spec(DATES, p.d1 - years(p.i1), expected)


def test_literal_date_and_series(spec):
    """A plain date can be moved by a series"""
    expected = {
        1: date(2020, 3, 1),
        2: date(2021, 1, 31),
        3: date(2019, 12, 31),
        4: None,
        5: date(2020, 3, 1),
    }
    spec(DATES, date(2020, 1, 31) + months(p.i1), expected)


FAR = {
    p: """
          | d1
        --+------------
        1 | 9999-12-31
        2 | 0001-01-01
        3 | 9990-06-15
    """
}


def test_days_out_of_range(spec):
    """A date after the year 9999 is NULL"""
    spec(FAR, p.d1 + days(1), {1: None, 2: date(1, 1, 2), 3: date(9990, 6, 16)})


def test_days_out_of_range_below(spec):
    """A date before the year 1 is NULL"""
    spec(FAR, p.d1 - days(1), {1: date(9999, 12, 30), 2: None, 3: date(9990, 6, 14)})


def test_months_out_of_range(spec):
    """Adding months goes no further than that, either"""
    spec(FAR, p.d1 + months(120), {1: None, 2: date(11, 1, 1), 3: None})


def test_years_out_of_range_below(spec):
    """Nor does subtracting years"""
    spec(FAR, p.d1 - years(9990), {1: date(9, 12, 31), 2: None, 3: None})


def test_very_far_out_of_range(spec):
    """However far away the date would be, it is NULL"""
    spec(FAR, p.d1 + years(500_000), {1: None, 2: None, 3: None})


def test_very_many_days(spec):
    """However many days it would be, too"""
    spec(FAR, p.d1 - days(100_000_000), {1: None, 2: None, 3: None})


def test_among_rows(spec):
    """Each row's date is moved by the row's own number"""
    records = {
        e: """
          | d1         | i1
        --+------------+----
        1 | 2020-01-31 | 1
        1 | 2020-02-28 | 1
        2 |            | 1
    """
    }
    spec(
        records,
        (e.d1 + months(e.i1)).maximum_for_patient(),
        {1: date(2020, 3, 28), 2: None},
    )
