"""Intervals"""

from datetime import date

from extractors import INTERVAL, months, weeks, years
from measures import create_measures
from tests.lib.tables import e, p

ROWS = {
    p: """
          | d1
        --+------------
        1 | 1980-01-15
        2 | 1990-02-28
        3 |
    """,
    e: """
          | d1
        --+------------
        1 | 2020-01-31
        1 | 2020-02-01
        2 | 2020-02-29
        3 |
    """,
}


def test_interval(counted):
    """INTERVAL stands for each interval in turn; both of its days belong to it"""
    measures = create_measures()
    during = e.where(e.d1.is_during(INTERVAL))
    measures.define_measure(
        "seen",
        numerator=during.exists_for_patient(),
        denominator=p.exists_for_patient(),
        intervals=months(3).starting_on("2020-01-01"),
    )
    counted(
        ROWS,
        measures,
        """
        measure | interval_start | interval_end | numerator | denominator
        --------+----------------+--------------+-----------+------------
        seen    | 2020-01-01     | 2020-01-31   | 1         | 3
        seen    | 2020-02-01     | 2020-02-29   | 2         | 3
        seen    | 2020-03-01     | 2020-03-31   | 0         | 3
        """,
    )


def test_dates_of_the_interval(counted):
    """INTERVAL.start_date and INTERVAL.end_date are dates like any other: they are
    compared, moved, taken apart
    """
    measures = create_measures()
    adult = (INTERVAL.start_date - p.d1).years >= 30
    recent = e.where(
        e.d1.is_on_or_between(INTERVAL.end_date - weeks(4), INTERVAL.end_date)
    )
    measures.define_measure(
        "recent",
        recent.count_for_patient(),
        adult,
        intervals=months(3).starting_on("2020-01-01"),
    )
    counted(
        ROWS,
        measures,
        """
        measure | interval_start | numerator | denominator
        --------+----------------+-----------+------------
        recent  | 2020-01-01     | 1         | 1
        recent  | 2020-02-01     | 1         | 1
        recent  | 2020-03-01     | 0         | 2
        """,
    )


def test_pair(counted):
    """INTERVAL is a pair of two dates where two are wanted"""
    measures = create_measures()
    start, end = INTERVAL
    during = e.where(e.d1.is_on_or_between(start, end))
    measures.define_measure(
        "seen",
        during.exists_for_patient(),
        p.exists_for_patient(),
        intervals=years(1).starting_on("2020-01-01"),
    )
    counted(
        ROWS,
        measures,
        """
        measure | interval_start | interval_end | numerator | denominator
        --------+----------------+--------------+-----------+------------
        seen    | 2020-01-01     | 2020-12-31   | 2         | 3
        """,
    )


def test_any_pairs(counted):
    """Intervals may be any pairs of dates: they may overlap, stand in any order, and
    count once if they stand twice
    """
    measures = create_measures()
    during = e.where(e.d1.is_during(INTERVAL))
    january = (date(2020, 1, 1), date(2020, 1, 31))
    winter = (date(2019, 12, 1), date(2020, 2, 29))
    one_day = (date(2020, 2, 29), date(2020, 2, 29))
    measures.define_measure(
        "seen",
        during.exists_for_patient(),
        p.exists_for_patient(),
        intervals=[one_day, january, winter, january],
    )
    counted(
        ROWS,
        measures,
        """
        measure | interval_start | interval_end | numerator | denominator
        --------+----------------+--------------+-----------+------------
        seen    | 2019-12-01     | 2020-02-29   | 2         | 3
        seen    | 2020-01-01     | 2020-01-31   | 1         | 3
        seen    | 2020-02-29     | 2020-02-29   | 1         | 3
        """,
    )


def test_intervals_of_each_measure(counted):
    """Each measure may have its own intervals"""
    measures = create_measures()
    during = e.where(e.d1.is_during(INTERVAL)).exists_for_patient()
    measures.define_measure(
        "monthly",
        during,
        p.exists_for_patient(),
        intervals=months(2).starting_on("2020-01-01"),
    )
    measures.define_measure(
        "yearly",
        during,
        p.exists_for_patient(),
        intervals=years(1).starting_on("2020-01-01"),
    )
    counted(
        ROWS,
        measures,
        """
        measure | interval_start | interval_end | numerator
        --------+----------------+--------------+----------
        monthly | 2020-01-01     | 2020-01-31   | 1
        monthly | 2020-02-01     | 2020-02-29   | 2
        yearly  | 2020-01-01     | 2020-12-31   | 2
        """,
    )
