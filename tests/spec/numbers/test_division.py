"""Division and powers"""

import pytest

from tests.lib.tables import p
from tests.spec.numbers.test_arithmetic import FLOATS, INTS


def test_divide_ints(spec):
    """`/` always gives a float; dividing by 0 gives NULL"""
    spec(
        INTS,
        p.i1 / p.i2,
        {1: 3.5, 2: -3.5, 3: -3.5, 4: None, 5: None, 6: None, 7: None},
    )


def test_divide_evenly(spec):
    """`/` gives a float also where it comes out even"""
    spec(
        {
            p: """
          | i1
        --+----
        1 | 6
    """
        },
        p.i1 / 2,
        {1: 3.0},
    )


def test_divide_floats(spec):
    """Floats are divided likewise"""
    spec(FLOATS, p.f1 / p.f2, {1: 3.75, 2: -3.75, 3: -3.75, 4: None, 5: None})


def test_divide_by_literal_zero(spec):
    """A literal 0 divides to NULL as well"""
    spec(
        INTS, p.i1 / 0, {1: None, 2: None, 3: None, 4: None, 5: None, 6: None, 7: None}
    )


def test_literal_divided(spec):
    """A literal may be divided"""
    spec(INTS, 1 / p.i2, {1: 0.5, 2: -0.5, 3: 0.5, 4: None, 5: None, 6: 0.5, 7: None})


def test_floor_divide_ints(spec):
    """`//` rounds towards minus infinity, so `7 // -2` is -4; dividing by 0 gives
    NULL
    """
    spec(INTS, p.i1 // p.i2, {1: 3, 2: -4, 3: -4, 4: None, 5: None, 6: None, 7: None})


def test_floor_divide_floats(spec):
    """`//` gives an int for floats too"""
    spec(FLOATS, p.f1 // p.f2, {1: 3, 2: -4, 3: -4, 4: None, 5: None})


def test_floor_divide_negative_evenly(spec):
    """`//` leaves alone what comes out even"""
    spec(
        {
            p: """
          | i1
        --+----
        1 | -6
        2 | -5
    """
        },
        p.i1 // 3,
        {1: -2, 2: -2},
    )


POWERS = {
    p: """
          |  i1 | i2 |   f1 |   f2
        --+-----+----+------+------
        1 |   7 |  2 |  2.0 |  0.5
        2 |   2 | -1 |  4.0 | -0.5
        3 |   0 |  0 | -8.0 |  0.5
        4 |   0 | -1 |  0.0 | -1.0
        5 |  -2 |  3 | -2.0 |  2.0
        6 |     |  0 |      |  0.0
    """
}


def test_power_of_ints(spec):
    """`**` always gives a float; `x ** 0` is 1; 0 to a negative power is NULL"""
    spec(POWERS, p.i1**p.i2, {1: 49.0, 2: 0.5, 3: 1.0, 4: None, 5: -8.0, 6: None})


def test_power_of_floats(spec):
    """Where the result of `**` would be complex it is NULL"""
    spec(POWERS, p.f1**p.f2, {1: 2**0.5, 2: 0.5, 3: None, 4: None, 5: 4.0, 6: None})


def test_literal_power(spec):
    """The base may be a literal"""
    spec(POWERS, 2**p.i2, {1: 4.0, 2: 0.5, 3: 1.0, 4: 0.5, 5: 8.0, 6: 1.0})


def test_power_takes_no_fraction_of_an_int(spec):
    """A float literal does not go with an int series"""
    with pytest.raises(TypeError, match="expected int, got float"):
        p.i1**0.5
