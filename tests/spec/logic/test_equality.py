"""Equality and missing values"""

from tests.lib.tables import p

PAIRS = {
    p: """
          | i1 | i2 | s1 | s2 | b1 | b2 | d1         | d2         | f1  | f2
        --+----+----+----+----+----+----+------------+------------+-----+-----
        1 |  1 |  1 | a  | a  | T  | T  | 2020-02-29 | 2020-02-29 | 0.5 | 0.5
        2 |  1 |  2 | a  | A  | T  | F  | 2020-02-29 | 2020-03-01 | 0.5 | 1.0
        3 |  1 |    | a  |    | T  |    | 2020-02-29 |            | 0.5 |
        4 |    |    |    |    |    |    |            |            |     |
    """
}


def test_int(spec):
    """`==` with NULL on a side is NULL, even NULL == NULL"""
    spec(PAIRS, p.i1 == p.i2, {1: True, 2: False, 3: None, 4: None})


def test_int_unequal(spec):
    """`!=` with NULL on a side is NULL, too"""
    spec(PAIRS, p.i1 != p.i2, {1: False, 2: True, 3: None, 4: None})


def test_str(spec):
    """Strings are compared with their case"""
    spec(PAIRS, p.s1 == p.s2, {1: True, 2: False, 3: None, 4: None})


def test_bool(spec):
    """Bools can be compared with each other"""
    spec(PAIRS, p.b1 == p.b2, {1: True, 2: False, 3: None, 4: None})


def test_date(spec):
    """Dates are equal on the same day"""
    spec(PAIRS, p.d1 == p.d2, {1: True, 2: False, 3: None, 4: None})


def test_float(spec):
    """Floats can be compared"""
    spec(PAIRS, p.f1 == p.f2, {1: True, 2: False, 3: None, 4: None})


def test_float_with_whole_literal(spec):
    """A whole number as a literal is taken as a float"""
    spec(PAIRS, p.f2 == 1, {1: False, 2: True, 3: None, 4: None})


def test_date_literal(spec):
    """A string like `2020-02-29` as a literal is taken as a date"""
    spec(PAIRS, p.d2 != "2020-02-29", {1: False, 2: True, 3: None, 4: None})


def test_is_null(spec):
    """is_null() is never NULL"""
    spec(PAIRS, p.i2.is_null(), {1: False, 2: False, 3: True, 4: True})


def test_is_not_null(spec):
    """is_not_null() is its opposite"""
    spec(PAIRS, p.i2.is_not_null(), {1: True, 2: True, 3: False, 4: False})


def test_when_null_then_literal(spec):
    """when_null_then() fills in what is missing"""
    spec(PAIRS, p.i2.when_null_then(0), {1: 1, 2: 2, 3: 0, 4: 0})


def test_when_null_then_series(spec):
    """`when_null_then()` may take another series"""
    spec(PAIRS, p.s2.when_null_then(p.s1), {1: "a", 2: "A", 3: "a", 4: None})
