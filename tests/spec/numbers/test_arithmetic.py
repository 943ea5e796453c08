"""Arithmetic"""

from tests.lib.tables import e, p

INTS = {
    p: """
          |  i1 | i2
        --+-----+----
        1 |   7 |  2
        2 |   7 | -2
        3 |  -7 |  2
        4 |   7 |  0
        5 |   7 |
        6 |     |  2
        7 |   0 |  0
    """
}
FLOATS = {
    p: """
          |   f1 |  f2
        --+------+------
        1 |  7.5 |  2.0
        2 |  7.5 | -2.0
        3 | -7.5 |  2.0
        4 |  7.5 |  0.0
        5 |  7.5 |
    """
}


def test_add(spec):
    """`+` with NULL on a side is NULL"""
    spec(INTS, p.i1 + p.i2, {1: 9, 2: 5, 3: -5, 4: 7, 5: None, 6: None, 7: 0})


def test_subtract(spec):
    """`-` likewise"""
    spec(INTS, p.i1 - p.i2, {1: 5, 2: 9, 3: -9, 4: 7, 5: None, 6: None, 7: 0})


def test_multiply(spec):
    """`*` likewise: even 0 times NULL is NULL"""
    spec(INTS, p.i1 * p.i2, {1: 14, 2: -14, 3: -14, 4: 0, 5: None, 6: None, 7: 0})


def test_literal_from_the_left(spec):
    """A literal may stand on the left"""
    spec(INTS, 1 - p.i1, {1: -6, 2: -6, 3: 8, 4: -6, 5: -6, 6: None, 7: 1})


def test_negate(spec):
    """`-` before a series turns its sign"""
    spec(INTS, -p.i1, {1: -7, 2: -7, 3: 7, 4: -7, 5: -7, 6: None, 7: 0})


def test_absolute(spec):
    """absolute() drops the sign"""
    spec(INTS, p.i1.absolute(), {1: 7, 2: 7, 3: 7, 4: 7, 5: 7, 6: None, 7: 0})


def test_floats(spec):
    """Floats stay floats"""
    spec(FLOATS, p.f1 + p.f2, {1: 9.5, 2: 5.5, 3: -5.5, 4: 7.5, 5: None})


def test_float_and_whole_literal(spec):
    """A whole number as a literal goes with a float series"""
    spec(FLOATS, 2 * p.f1, {1: 15.0, 2: 15.0, 3: -15.0, 4: 15.0, 5: 15.0})


def test_float_absolute(spec):
    """`absolute()` of a float is a float"""
    spec(FLOATS, (-p.f1).absolute(), {1: 7.5, 2: 7.5, 3: 7.5, 4: 7.5, 5: 7.5})


LARGE = {
    p: """
          |                   i1 |     f1
        --+----------------------+--------
        1 |  9223372036854775807 |  1e300
        2 | -9223372036854775808 | -1e300
        3 |                    7 |    7.0
    """
}


def test_beyond_64_bits(spec):
    """Whole numbers have 64 bits; what needs more is NULL"""
    spec(
        LARGE,
        {
            "more": p.i1 + 1,
            "less": p.i1 - 1,
            "twice": p.i1 * 2,
            "turned": -p.i1,
            "size": p.i1.absolute(),
        },
        {
            1: {
                "more": None,
                "less": 2**63 - 2,
                "twice": None,
                "turned": -(2**63) + 1,
                "size": 2**63 - 1,
            },
            2: {
                "more": -(2**63) + 1,
                "less": None,
                "twice": None,
                "turned": None,
                "size": None,
            },
            3: {"more": 8, "less": 6, "twice": 14, "turned": -7, "size": 7},
        },
    )


def test_division_beyond_64_bits(spec):
    """A quotient that needs more is NULL, too"""
    spec(
        LARGE,
        {"whole": p.i1 // -1, "of_floats": p.f1 // 2.0},
        {
            1: {"whole": -(2**63) + 1, "of_floats": None},
            2: {"whole": None, "of_floats": None},
            3: {"whole": -7, "of_floats": 3},
        },
    )


def test_sum_beyond_64_bits(spec):
    """So is a sum"""
    records = {
        e: """
              |                   i1
            --+---------------------
            1 | 9223372036854775807
            1 |                    7
            2 | 9223372036854775807
            2 |                   -7
        """
    }
    spec(records, e.i1.sum_for_patient(), {1: None, 2: 2**63 - 8})
