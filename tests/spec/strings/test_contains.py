"""Strings that contain others"""

from tests.lib.tables import e, p

STRINGS = {
    p: """
          | s1   | s2
        --+------+----
        1 | abc  | b
        2 | aBc  | b
        3 | a%c  | %
        4 | a_c  | _
        5 | abc  | %
        6 | abc  |
        7 |      | b
        8 | ""   | ""
        9 | a'b  | '
    """
}


def test_literal(spec):
    """`contains()` finds a part, with its case; whether NULL contains something is
    NULL
    """
    expected = {
        1: True,
        2: False,
        3: False,
        4: False,
        5: True,
        6: True,
        7: None,
        8: False,
        9: True,
    }
    spec(STRINGS, p.s1.contains("b"), expected)


def test_series(spec):
    """The part may be a series; `%` and `_` stand for themselves"""
    expected = {
        1: True,
        2: False,
        3: True,
        4: True,
        5: False,
        6: None,
        7: None,
        8: True,
        9: True,
    }
    spec(STRINGS, p.s1.contains(p.s2), expected)


def test_percent(spec):
    """A literal `%` is no wildcard"""
    expected = {
        1: False,
        2: False,
        3: True,
        4: False,
        5: False,
        6: False,
        7: None,
        8: False,
        9: False,
    }
    spec(STRINGS, p.s1.contains("a%"), expected)


def test_underscore(spec):
    """A literal `_` is no wildcard"""
    expected = {
        1: False,
        2: False,
        3: False,
        4: True,
        5: False,
        6: False,
        7: None,
        8: False,
        9: False,
    }
    spec(STRINGS, p.s1.contains("a_c"), expected)


def test_empty(spec):
    """Every string contains the empty string"""
    expected = {
        1: True,
        2: True,
        3: True,
        4: True,
        5: True,
        6: True,
        7: None,
        8: True,
        9: True,
    }
    spec(STRINGS, p.s1.contains(""), expected)


def test_quote(spec):
    """A quote is a character like any other"""
    expected = {
        1: False,
        2: False,
        3: False,
        4: False,
        5: False,
        6: False,
        7: None,
        8: False,
        9: True,
    }
    spec(STRINGS, p.s1.contains("'b"), expected)


def test_empty_is_not_null(spec):
    """The empty string is a value, not NULL"""
    expected = {
        1: False,
        2: False,
        3: False,
        4: False,
        5: False,
        6: False,
        7: True,
        8: False,
        9: False,
    }
    spec(STRINGS, p.s1.is_null(), expected)


def test_among_rows(spec):
    """Rows can be filtered by a part of a string"""
    records = {
        e: """
          | s1
        --+----
        1 | ab
        1 | b
        1 |
        2 | a
    """
    }
    spec(records, e.where(e.s1.contains("b")).count_for_patient(), {1: 2, 2: 0})
