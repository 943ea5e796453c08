"""Medians and quantiles (ours; ehrQL has none)"""

import pytest

from tests.lib.tables import e, p

RECORDS = {
    e: """
          | i1 | f1   | b1
        --+----+------+----
        1 |  4 |  1.5 | T
        1 |  1 | -0.5 | T
        1 |    |      | T
        1 | 10 |  4.0 | F
        1 |  2 |      | T
        2 |    |      | T
        3 | -1 |  2.0 | F
    """,
    p: """
          | i1
        --+----
        4 | 1
    """,
}


def test_median(spec):
    """The value in the middle; NULL is ignored, and without a value the median is
    NULL
    """
    spec(RECORDS, e.f1.median_for_patient(), {1: 1.5, 2: None, 3: 2.0, 4: None})


def test_median_of_an_even_number(spec):
    """Of an even number of values, halfway between the two in the middle; a float also
    of ints
    """
    spec(RECORDS, e.i1.median_for_patient(), {1: 3.0, 2: None, 3: -1.0, 4: None})


def test_quantile(spec):
    """Between two values a quantile lies in proportion: of n values in order it is at
    the place (n - 1) * q
    """
    spec(RECORDS, e.i1.quantile_for_patient(0.9), {1: 8.2, 2: None, 3: -1.0, 4: None})


def test_ends(spec):
    """The quantile 0 is the least value, 1 the greatest"""
    least, greatest = e.f1.quantile_for_patient(0), e.f1.quantile_for_patient(1)
    spec(
        RECORDS,
        {"least": least, "greatest": greatest},
        {
            1: {"least": -0.5, "greatest": 4.0},
            2: {"least": None, "greatest": None},
            3: {"least": 2.0, "greatest": 2.0},
            4: {"least": None, "greatest": None},
        },
    )


def test_median_is_half(spec):
    """The median is the quantile 0.5"""
    spec(
        RECORDS,
        e.i1.median_for_patient() == e.i1.quantile_for_patient(0.5),
        {1: True, 2: None, 3: True, 4: None},
    )


def test_filtered(spec):
    """Only the rows of the frame count"""
    spec(
        RECORDS,
        e.where(e.b1).i1.median_for_patient(),
        {1: 2.0, 2: None, 3: None, 4: None},
    )


def test_expression(spec):
    """Any expression over rows has quantiles"""
    spec(
        RECORDS,
        (e.i1 * 2 + 1).quantile_for_patient(0.25),
        {1: 4.5, 2: None, 3: -1.0, 4: None},
    )


@pytest.mark.parametrize("q", [-0.1, 1.01, 95, float("nan")])
def test_out_of_range(q):
    """A share below 0 or above 1 is refused"""
    with pytest.raises(ValueError, match="from 0 to 1"):
        e.i1.quantile_for_patient(q)


@pytest.mark.parametrize("q", [True, "0.5", None, p.f1])
def test_plain_number(q):
    """The share is a plain number, not a series"""
    with pytest.raises(TypeError, match="plain number from 0 to 1"):
        e.i1.quantile_for_patient(q)


@pytest.mark.parametrize("series", [e.d1, e.s1, e.b1, p.i1])
def test_of_numbers(series):
    """Only numbers have them, and only where there are many per patient"""
    with pytest.raises(AttributeError):
        series.median_for_patient()
