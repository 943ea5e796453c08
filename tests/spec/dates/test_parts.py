"""Parts of dates"""

from datetime import date

from tests.lib.tables import p

DATES = {
    p: """
          | d1
        --+------------
        1 | 2020-02-29
        2 | 1999-12-31
        3 |
    """
}


def test_year(spec):
    """`.year` is an int"""
    spec(DATES, p.d1.year, {1: 2020, 2: 1999, 3: None})


def test_month(spec):
    """`.month` begins with 1"""
    spec(DATES, p.d1.month, {1: 2, 2: 12, 3: None})


def test_day(spec):
    """`.day` is the day of the month"""
    spec(DATES, p.d1.day, {1: 29, 2: 31, 3: None})


def test_first_of_year(spec):
    """`to_first_of_year()` is 1 January of the same year"""
    spec(
        DATES,
        p.d1.to_first_of_year(),
        {1: date(2020, 1, 1), 2: date(1999, 1, 1), 3: None},
    )


def test_first_of_month(spec):
    """`to_first_of_month()` is the 1st of the same month"""
    spec(
        DATES,
        p.d1.to_first_of_month(),
        {1: date(2020, 2, 1), 2: date(1999, 12, 1), 3: None},
    )
