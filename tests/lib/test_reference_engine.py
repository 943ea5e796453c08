"""The plain-Python engine knows every operation, and counts measures as the language
means them.
"""

from datetime import date

from extractors import INTERVAL
from extractors.model import aggregates, operations
from measures.definitions import create_measures
from tests.lib import reference_engine, reference_operations
from tests.lib.tables import draw, e, p

WEEK = (date(2020, 1, 1), date(2020, 1, 7))
RECORDS = {
    "p": draw(
        p,
        """
          | s1 | i1 | b1
        --+----+----+----
        1 | a  |  2 | T
        2 | a  |    | T
        3 |    |  0 | T
        4 | b  |  5 | F
        5 | b  |  5 |
        """,
    ),
    "e": draw(
        e,
        """
          | d1
        --+------------
        1 | 2020-01-01
        1 | 2020-01-07
        2 | 2020-01-08
        4 | 2020-01-02
        """,
    ),
}


def test_every_operation_is_known():
    assert reference_operations.OPERATIONS.keys() == operations.OPERATIONS.keys()


def test_every_aggregate_is_known():
    assert reference_operations.AGGREGATES.keys() == aggregates.AGGREGATES.keys()


def counts(numerator, denominator, **group_by):
    measures = create_measures()
    measures.define_measure(
        "m",
        numerator=numerator,
        denominator=denominator,
        group_by=group_by,
        intervals=[WEEK],
    )
    rows = reference_engine.measures(list(measures), RECORDS)
    parts = ("numerator", "denominator", "numerator_patients", "denominator_patients")
    return {
        tuple(row["groups"].values()): tuple(row[part] for part in parts)
        for row in rows
    }


def test_numerator_within_the_denominator():
    during = e.where(e.d1.is_during(INTERVAL)).exists_for_patient()
    assert counts(during, p.b1, s1=p.s1) == {
        ("a",): (1, 2, 1, 2),
        (None,): (0, 1, 0, 1),
    }


def test_int_numerator_counts_null_as_nothing():
    assert counts(p.i1, p.b1) == {(): (2, 3, 1, 3)}


def test_int_denominator_is_summed():
    assert counts(e.count_for_patient(), p.i1, s1=p.s1) == {
        ("a",): (2, 2, 1, 1),
        ("b",): (1, 10, 1, 2),
    }


def test_nobody_makes_no_row():
    assert counts(p.b1, p.i1 > 100) == {}


def test_whoever_is_in_any_table_may_count():
    assert counts(p.b1, ~e.exists_for_patient()) == {(): (1, 2, 1, 2)}
