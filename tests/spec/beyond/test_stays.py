"""Nights of stays, of each first day the longest"""

from tests.lib.tables import e, p

STAYS = {
    e: """
          | d1         | d2         | b1
        --+------------+------------+----
        1 | 2020-01-01 | 2020-01-03 | T
        1 | 2020-01-01 | 2020-01-06 | F
        1 | 2020-02-01 | 2020-02-01 | T
        1 | 2020-03-01 |            | T
        2 | 2020-03-01 |            | T
        3 | 2020-01-31 | 2020-02-02 | T
        3 | 2020-01-31 | 2020-02-02 | T
    """,
    p: """
          | i1
        --+----
        4 | 1
    """,
}


def test_nights_by_start(spec):
    """Several stays from one day are one, the longest; one without an end adds
    nothing
    """
    spec(STAYS, e.d1.nights_by_start_for_patient(e.d2), {1: 5, 2: 0, 3: 2, 4: 0})


def test_nights_of_some_rows(spec):
    """Only the rows of the frame count"""
    rows = e.where(e.b1)
    spec(STAYS, rows.d1.nights_by_start_for_patient(rows.d2), {1: 2, 2: 0, 3: 2, 4: 0})


def test_nights_to_a_date_made_of_another(spec):
    """The end may be computed"""
    spec(STAYS, e.d1.nights_by_start_for_patient(e.d1), {1: 0, 2: 0, 3: 0, 4: 0})
