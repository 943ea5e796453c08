"""Columns and missing patients"""

from tests.lib.tables import e, p, p2

PEOPLE = {
    p: """
          |  i1
        --+-----
        1 | 101
        2 |
        3 | 103
    """,
    p2: """
          |  i1 | b1
        --+-----+----
        1 | 201 | T
    """,
}


def test_patient_column(spec):
    """A column of a patient frame has one value for each patient"""
    spec(PEOPLE, p.i1, {1: 101, 2: None, 3: 103})


def test_missing_patient(spec):
    """Every column is NULL for a patient without a row"""
    spec(PEOPLE, p2.i1, {1: 201, 2: None, 3: None})


def test_patient_columns_of_two_tables(spec):
    """Patient series of different tables combine patient by patient"""
    spec(PEOPLE, p.i1 + p2.i1, {1: 302, 2: None, 3: None})


def test_broadcast(spec):
    """A patient's value goes with each of the patient's rows"""
    records = {
        p: """
              | i1
            --+----
            1 | 10
            2 | 20
        """,
        e: """
              | i1
            --+----
            1 |  1
            1 |  2
            2 |  3
            3 |  4
        """,
    }
    spec(records, (e.i1 + p.i1).sum_for_patient(), {1: 23, 2: 23, 3: None})


def test_columns_left_out(spec):
    """A column that the records leave out is NULL"""
    spec(
        PEOPLE,
        {"i1": p.i1, "s1": p.s1},
        {n: {"i1": i, "s1": None} for n, i in [(1, 101), (2, None), (3, 103)]},
    )
