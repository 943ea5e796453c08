# mypy: ignore-errors
"""What is refused"""

from datetime import date

import pytest

from extractors import months
from measures import create_measures
from tests.lib.tables import e, p


@pytest.mark.parametrize("numerator", [p.f1, p.s1, p.d1, p.c1])
def test_types(numerator):
    """Numerators and denominators are bool or int"""
    measures = create_measures()
    with pytest.raises(TypeError, match="must be a bool or int series"):
        measures.define_measure(
            "m", numerator, p.b1, intervals=months(1).starting_on("2020-01-01")
        )


def test_many_values():
    """They have one value per patient, and so have groups"""
    measures = create_measures()
    with pytest.raises(
        TypeError, match="needs one value per patient, got a series with many"
    ):
        measures.define_measure(
            "m", e.b1, p.b1, intervals=months(1).starting_on("2020-01-01")
        )


def test_no_dates():
    """A duration alone makes no intervals"""
    measures = create_measures()
    with pytest.raises(TypeError, match="did you forget .starting_on"):
        measures.define_measure("m", p.b1, p.b1, intervals=months(1))


def test_no_strings():
    """The dates of intervals are dates, not strings"""
    measures = create_measures()
    with pytest.raises(TypeError, match="must be datetime.date, got str"):
        measures.define_measure(
            "m", p.b1, p.b1, intervals=[("2020-01-01", "2020-01-31")]
        )


def test_backwards():
    """An interval does not end before it starts"""
    measures = create_measures()
    with pytest.raises(ValueError, match="must not end before it starts"):
        measures.define_measure(
            "m", p.b1, p.b1, intervals=[(date(2020, 1, 31), date(2020, 1, 1))]
        )
