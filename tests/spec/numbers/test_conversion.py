"""From float to int and back"""

from tests.lib.tables import p

NUMBERS = {
    p: """
          |   f1 | i1
        --+------+----
        1 |  6.7 |  6
        2 | -6.7 | -6
        3 |  0.5 |  0
        4 | -0.5 |
        5 |      |  1
        6 |  1.5 |  2
        7 |  2.5 |  3
    """
}


def test_float_to_int(spec):
    """as_int() cuts off towards zero: -6.7 becomes -6; nothing is rounded"""
    spec(NUMBERS, p.f1.as_int(), {1: 6, 2: -6, 3: 0, 4: 0, 5: None, 6: 1, 7: 2})


def test_int_to_float(spec):
    """`as_float()` makes an int a float"""
    spec(
        NUMBERS,
        p.i1.as_float(),
        {1: 6.0, 2: -6.0, 3: 0.0, 4: None, 5: 1.0, 6: 2.0, 7: 3.0},
    )


def test_int_to_int(spec):
    """as_int() of an int changes nothing"""
    spec(NUMBERS, p.i1.as_int(), {1: 6, 2: -6, 3: 0, 4: None, 5: 1, 6: 2, 7: 3})


def test_float_to_float(spec):
    """as_float() of a float changes nothing"""
    spec(
        NUMBERS,
        p.f1.as_float(),
        {1: 6.7, 2: -6.7, 3: 0.5, 4: -0.5, 5: None, 6: 1.5, 7: 2.5},
    )


def test_float_to_int_beyond_64_bits(spec):
    """Beyond 64 bits there is no int: as_int() is NULL"""
    records = {
        p: """
              |   f1
            --+--------
            1 |   1e18
            2 |   1e19
            3 | -1e300
        """
    }
    spec(records, p.f1.as_int(), {1: 10**18, 2: None, 3: None})
