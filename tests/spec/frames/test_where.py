"""Filtering rows"""

from tests.lib.tables import e, e2, p

RECORDS = {
    p: """
          |  i1
        --+-----
        1 | 101
        2 |
        3 | 301
    """,
    e: """
          |  i1 | b1
        --+-----+----
        1 | 101 | T
        1 | 102 | F
        1 | 103 |
        2 | 201 |
        3 | 301 | T
    """,
}


def test_where(spec):
    """where() keeps the rows whose condition is True; False and NULL are dropped"""
    spec(RECORDS, e.where(e.b1).i1.sum_for_patient(), {1: 101, 2: None, 3: 301})


def test_except_where(spec):
    """except_where() is the complement of where(): False and NULL stay"""
    spec(RECORDS, e.except_where(e.b1).i1.sum_for_patient(), {1: 205, 2: 201, 3: None})


def test_where_not(spec):
    """`where(~condition)` differs from `except_where(condition)`: it drops NULL"""
    spec(RECORDS, e.where(~e.b1).i1.sum_for_patient(), {1: 102, 2: None, 3: None})


def test_where_literal_true(spec):
    """A literal True keeps all rows"""
    spec(RECORDS, e.where(True).count_for_patient(), {1: 3, 2: 1, 3: 1})


def test_where_literal_false(spec):
    """A literal False keeps none"""
    spec(RECORDS, e.where(False).count_for_patient(), {1: 0, 2: 0, 3: 0})


def test_except_where_literal_true(spec):
    """`except_where(True)` keeps none"""
    spec(RECORDS, e.except_where(True).count_for_patient(), {1: 0, 2: 0, 3: 0})


def test_where_patient_series(spec):
    """A patient's condition keeps all rows of the patient, or none"""
    spec(RECORDS, e.where(p.i1 > 200).count_for_patient(), {1: 0, 2: 0, 3: 1})


def test_where_compared_with_patient_series(spec):
    """A condition may compare each row with the patient's value; NULL drops"""
    spec(RECORDS, e.where(e.i1 == p.i1).count_for_patient(), {1: 1, 2: 0, 3: 1})


def test_where_twice(spec):
    """A second where() keeps what fulfils both"""
    rows = e.where(e.i1 > 101).where(e.i1 < 103)
    spec(RECORDS, rows.i1.sum_for_patient(), {1: 102, 2: None, 3: None})


def test_condition_on_the_filtered_frame(spec):
    """A later condition may name columns of the frame that is filtered"""
    once = e.where(e.i1 > 101)
    twice = once.where(once.i1 < 103)
    spec(RECORDS, twice.count_for_patient(), {1: 1, 2: 0, 3: 0})


def test_combining_within_the_same_filters(spec):
    """Series of the same table with the same filters combine row by row"""
    rows = e.where(e.i1 > 101)
    spec(
        RECORDS,
        (rows.i1 + e.where(e.i1 > 101).i1).sum_for_patient(),
        {1: 410, 2: 402, 3: 602},
    )


def test_where_then_except_where(spec):
    """where() and except_where() combine in any order"""
    rows = e.except_where(e.i1 == 102).where(e.i1 < 300)
    spec(RECORDS, rows.i1.sum_for_patient(), {1: 204, 2: 201, 3: None})


def test_condition_from_another_table(spec):
    """A condition may use an aggregate over another table"""
    records = {
        e: """
              | i1
            --+----
            1 |  1
            1 |  5
            2 |  7
        """,
        e2: """
              | i1
            --+----
            1 |  3
        """,
    }
    spec(
        records,
        e.where(e.i1 > e2.i1.maximum_for_patient()).count_for_patient(),
        {1: 1, 2: 0},
    )


def test_condition_from_the_same_table(spec):
    """A condition may use an aggregate over the same table: here, the rows with the
    patient's greatest value
    """
    rows = e.where(e.i1 == e.i1.maximum_for_patient())
    spec(RECORDS, rows.count_for_patient(), {1: 1, 2: 1, 3: 1})
