"""Less and greater"""

from tests.lib.tables import p

PAIRS = {
    p: """
          | i1 | i2 | s1 | s2
        --+----+----+----+----
        1 |  1 |  2 | B  | a
        2 |  2 |  2 | a  | a
        3 |  3 |  2 | ab | a
        4 |    |  2 |    | a
        5 |  3 |    | a  |
        6 |    |    |    |
    """
}


def test_less(spec):
    """`<` with NULL on a side is NULL"""
    spec(PAIRS, p.i1 < p.i2, {1: True, 2: False, 3: False, 4: None, 5: None, 6: None})


def test_less_or_equal(spec):
    """`<=` is True for equals"""
    spec(PAIRS, p.i1 <= p.i2, {1: True, 2: True, 3: False, 4: None, 5: None, 6: None})


def test_greater(spec):
    """`>` is False for equals"""
    spec(PAIRS, p.i1 > p.i2, {1: False, 2: False, 3: True, 4: None, 5: None, 6: None})


def test_greater_or_equal(spec):
    """`>=` is True for equals"""
    spec(PAIRS, p.i1 >= p.i2, {1: False, 2: True, 3: True, 4: None, 5: None, 6: None})


def test_strings(spec):
    """Strings have the order of their characters, capitals first"""
    spec(PAIRS, p.s1 < p.s2, {1: True, 2: False, 3: False, 4: None, 5: None, 6: None})


def test_literal(spec):
    """Either side may be a literal"""
    spec(PAIRS, 2 > p.i1, {1: True, 2: False, 3: False, 4: None, 5: False, 6: None})  # noqa: SIM300
