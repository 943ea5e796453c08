# mypy: ignore-errors
"""Means of amounts (ours; ehrQL's numerators are no floats)"""

import pytest

from extractors import INTERVAL, months
from measures import amount, create_measures
from tests.lib.tables import e, p

READINGS = {
    p: """
          | b1 | f1
        --+----+-------
        1 | T  | 27.35
        2 | T  | 31.04
        3 | T  |
        4 | F  | 24.0
        5 | T  | 9.99
        6 | T  | 270.0
        7 |    | 22.5
    """,
}
EVENTS = {
    e: """
          | d1         | f1
        --+------------+-------
        1 | 2020-01-10 | 120.1
        1 | 2020-01-20 | 130.2
        1 | 2020-02-10 | 110.0
        2 | 2020-01-10 | 140.0
        2 | 2020-01-11 | 9999.0
        3 | 2020-02-01 |
    """,
}


def test_mean(counted):
    """A float is a numerator as an amount() between two ends; the ratio is the mean of
    those who have one there
    """
    measures = create_measures()
    bmi = amount(p.f1, least=10, most=100)
    measures.define_measure(
        "bmi",
        numerator=bmi,
        denominator=p.b1,
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        READINGS,
        measures,
        """
        measure | numerator | denominator
        --------+-----------+------------
        bmi     | 58.4      | 2
        """,
    )


def test_extremes(counted):
    """Those beyond the ends and those without a value are not counted at all; the ends
    themselves are
    """
    measures = create_measures()
    bmi = amount(p.f1, least=9.99, most=31.04)
    measures.define_measure(
        "bmi",
        bmi,
        p.exists_for_patient(),
        group_by={"known": p.b1},
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        READINGS,
        measures,
        """
        measure | known | numerator | denominator
        --------+----+-----------+------------
        bmi     | T  | 68.4      | 3
        bmi     | F  | 24.0      | 1
        bmi     |    | 22.5      | 1
        """,
    )


def test_places(counted):
    """Each amount is rounded to `places` decimals, a half up, before they are added up;
    without saying so to one
    """
    measures = create_measures()
    january = months(1).starting_on("2020-01-01")
    measures.define_measure(
        "whole", amount(p.f1, least=10, most=100, places=0), p.b1, intervals=january
    )
    measures.define_measure(
        "hundredths",
        amount(p.f1, least=10, most=100, places=2),
        p.b1,
        intervals=january,
    )
    counted(
        READINGS,
        measures,
        """
        measure    | numerator | denominator
        -----------+-----------+------------
        whole      | 58.0      | 2
        hundredths | 58.39     | 2
        """,
    )


def test_amounts_of_rows(counted):
    """An amount has one value per patient; here each patient's mean of the interval
    counts once
    """
    measures = create_measures()
    during = e.where(e.d1.is_during(INTERVAL))
    systolic = during.where(during.f1 < 300.0).f1.mean_for_patient()
    measures.define_measure(
        "systolic",
        numerator=amount(systolic, least=40, most=300),
        denominator=e.exists_for_patient(),
        intervals=months(2).starting_on("2020-01-01"),
    )
    counted(
        EVENTS,
        measures,
        """
        measure  | interval_start | numerator | denominator
        ---------+----------------+-----------+------------
        systolic | 2020-01-01     | 265.2     | 2
        systolic | 2020-02-01     | 110.0     | 1
        """,
    )


def test_without_ends():
    """A float without ends is refused: one person could be most of the sum"""
    measures = create_measures()
    with pytest.raises(TypeError, match="for a mean write amount"):
        measures.define_measure(
            "bmi", p.f1, p.b1, intervals=months(1).starting_on("2020-01-01")
        )


@pytest.mark.parametrize(("least", "most"), [(-1, 100), (10, 10), (0, 0.5), (0, 10**9)])
def test_ends(least, most):
    """The ends are plain numbers: the lower not below 0, the upper from 1 to a billion
    units
    """
    with pytest.raises(
        ValueError, match="amount\\(\\) needs 0 <= least < most, and most from 1 to"
    ):
        amount(p.f1, least=least, most=most)


@pytest.mark.parametrize("series", [p.i1, p.b1, e.f1, 1.5])
def test_series(series):
    """An amount is made of a float series with one value per patient"""
    with pytest.raises(TypeError, match="amount\\(\\) needs"):
        amount(series, least=0, most=10)


def test_people():
    """Its denominator counts people"""
    measures = create_measures()
    with pytest.raises(
        TypeError, match="must be a bool series, because its ratio is a mean"
    ):
        measures.define_measure(
            "m",
            amount(p.f1, least=0, most=10),
            p.i1,
            None,
            months(1).starting_on("2020-01-01"),
        )
