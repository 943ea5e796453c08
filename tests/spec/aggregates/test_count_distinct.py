"""Counting different values"""

from tests.lib.tables import e, p

RECORDS = {
    e: """
          | i1 | f1  | s1 | d1         | b1 | c1
        --+----+-----+----+------------+----+--------
        1 |  3 | 1.5 | a  | 2020-01-01 | T  | 111111
        1 |  3 | 1.5 | A  | 2020-01-01 | F  | 111111
        1 |    |     |    |            |    |
        1 |  4 | 2.5 | a  | 2020-01-02 | T  | 222222
        2 |    |     |    |            |    |
    """,
    p: """
          | i1
        --+----
        3 | 1
    """,
}


def test_ints(spec):
    """Each value counts once and NULL not at all; 0 if there is no value"""
    spec(RECORDS, e.i1.count_distinct_for_patient(), {1: 2, 2: 0, 3: 0})


def test_floats(spec):
    """Floats are counted likewise"""
    spec(RECORDS, e.f1.count_distinct_for_patient(), {1: 2, 2: 0, 3: 0})


def test_strings(spec):
    """Strings differ if their case does"""
    spec(RECORDS, e.s1.count_distinct_for_patient(), {1: 2, 2: 0, 3: 0})


def test_dates(spec):
    """Dates are counted likewise"""
    spec(RECORDS, e.d1.count_distinct_for_patient(), {1: 2, 2: 0, 3: 0})


def test_bools(spec):
    """Bools have at most two values"""
    spec(RECORDS, e.b1.count_distinct_for_patient(), {1: 2, 2: 0, 3: 0})


def test_codes(spec):
    """Codes are counted likewise"""
    spec(RECORDS, e.c1.count_distinct_for_patient(), {1: 2, 2: 0, 3: 0})
