"""And, or, not (Kleene logic)"""

from tests.lib.tables import e, p

TRUTH = {
    p: """
          | b1 | b2
        --+----+----
        1 | T  | T
        2 | T  |
        3 | T  | F
        4 |    | T
        5 |    |
        6 |    | F
        7 | F  | T
        8 | F  |
        9 | F  | F
    """
}


def test_and(spec):
    """`&`: False with anything is False; otherwise NULL carries on"""
    spec(
        TRUTH,
        p.b1 & p.b2,
        {
            1: True,
            2: None,
            3: False,
            4: None,
            5: None,
            6: False,
            7: False,
            8: False,
            9: False,
        },
    )


def test_or(spec):
    """`|`: True with anything is True; otherwise NULL carries on"""
    spec(
        TRUTH,
        p.b1 | p.b2,
        {
            1: True,
            2: True,
            3: True,
            4: True,
            5: None,
            6: None,
            7: True,
            8: None,
            9: False,
        },
    )


SHORT = {
    p: """
          | b1
        --+----
        1 | T
        2 |
        3 | F
    """
}


def test_not(spec):
    """`~`: the opposite of NULL is NULL"""
    spec(SHORT, ~p.b1, {1: False, 2: None, 3: True})


def test_and_literal(spec):
    """An operand may be a literal, on either side"""
    spec(SHORT, True & p.b1, {1: True, 2: None, 3: False})


def test_and_literal_false(spec):
    """Anything `& False` is False"""
    spec(SHORT, p.b1 & False, {1: False, 2: False, 3: False})


def test_or_literal(spec):
    """Anything `| True` is True"""
    spec(SHORT, p.b1 | True, {1: True, 2: True, 3: True})


def test_as_int(spec):
    """`as_int()` gives 1, 0 and NULL"""
    spec(SHORT, p.b1.as_int(), {1: 1, 2: None, 3: 0})


def test_as_int_for_events(spec):
    """So one can sum in how many rows something is True"""
    spec(
        {
            e: """
          | b1
        --+----
        1 | T
        1 | T
        1 |
        2 | F
        3 |
    """
        },
        e.b1.as_int().sum_for_patient(),
        {1: 2, 2: 0, 3: None},
    )
