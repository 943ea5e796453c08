"""Whether and how many rows"""

from tests.lib.tables import e, p

RECORDS = {
    p: """
          | i1
        --+----
        1 |
        2 |
        3 |
    """,
    e: """
          |  i1
        --+-----
        1 | 101
        1 |
        2 |
    """,
}


def test_exists(spec):
    """exists_for_patient() is False, never NULL, without a row"""
    spec(RECORDS, e.exists_for_patient(), {1: True, 2: True, 3: False})


def test_count(spec):
    """count_for_patient() counts rows, whether their values are NULL or not; 0 without
    a row
    """
    spec(RECORDS, e.count_for_patient(), {1: 2, 2: 1, 3: 0})


def test_exists_on_a_patient_frame(spec):
    """A patient frame can be asked whether it has a row, too"""
    spec(
        {
            **RECORDS,
            p: """
          | i1
        --+----
        1 |
    """,
        },
        p.exists_for_patient(),
        {1: True, 2: False},
    )


def test_count_on_a_patient_frame(spec):
    """A patient frame counts 1 or 0"""
    spec(
        {
            **RECORDS,
            p: """
          | i1
        --+----
        1 |
    """,
        },
        p.count_for_patient(),
        {1: 1, 2: 0},
    )


def test_exists_on_a_picked_row(spec):
    """A picked row exists where there was one to pick"""
    picked = e.where(e.i1 > 0).sort_by(e.i1).first_for_patient()
    spec(RECORDS, picked.exists_for_patient(), {1: True, 2: False, 3: False})


def test_count_on_a_picked_row(spec):
    """A picked row counts 1 where there was one to pick"""
    picked = e.sort_by(e.i1).last_for_patient()
    spec(RECORDS, picked.count_for_patient(), {1: 1, 2: 1, 3: 0})
