"""Sum, mean, least and greatest"""

from datetime import date

from tests.lib.tables import e, p

RECORDS = {
    e: """
          | i1 | f1   | s1 | d1         | b1
        --+----+------+----+------------+----
        1 |  3 |  1.5 | b  | 2020-02-29 | T
        1 |  4 | -0.5 | B  | 2020-01-31 | T
        1 |    |      |    |            |
        2 |    |      |    |            |
        3 | -1 |  2.0 | c  | 1999-12-31 | F
    """,
    p: """
          | i1
        --+----
        4 | 1
    """,
}


def test_sum(spec):
    """`sum_for_patient()` ignores NULL; without a value the sum is NULL, not 0"""
    spec(RECORDS, e.i1.sum_for_patient(), {1: 7, 2: None, 3: -1, 4: None})


def test_sum_of_floats(spec):
    """The sum of floats is a float"""
    spec(RECORDS, e.f1.sum_for_patient(), {1: 1.0, 2: None, 3: 2.0, 4: None})


def test_mean(spec):
    """`mean_for_patient()` is the mean of the values there are, a float also for
    ints
    """
    spec(RECORDS, e.i1.mean_for_patient(), {1: 3.5, 2: None, 3: -1.0, 4: None})


def test_mean_of_floats(spec):
    """The mean of floats leaves NULL out, too"""
    spec(RECORDS, e.f1.mean_for_patient(), {1: 0.5, 2: None, 3: 2.0, 4: None})


def test_minimum(spec):
    """`minimum_for_patient()` is the least value; NULL if there is none"""
    spec(RECORDS, e.i1.minimum_for_patient(), {1: 3, 2: None, 3: -1, 4: None})


def test_maximum(spec):
    """`maximum_for_patient()` is the greatest value; NULL if there is none"""
    spec(RECORDS, e.i1.maximum_for_patient(), {1: 4, 2: None, 3: -1, 4: None})


def test_earliest(spec):
    """The least date is the earliest"""
    spec(
        RECORDS,
        e.d1.minimum_for_patient(),
        {1: date(2020, 1, 31), 2: None, 3: date(1999, 12, 31), 4: None},
    )


def test_latest(spec):
    """The greatest date is the latest"""
    spec(
        RECORDS,
        e.d1.maximum_for_patient(),
        {1: date(2020, 2, 29), 2: None, 3: date(1999, 12, 31), 4: None},
    )


def test_least_string(spec):
    """Strings have the order of their characters, capitals first"""
    spec(RECORDS, e.s1.minimum_for_patient(), {1: "B", 2: None, 3: "c", 4: None})


def test_least_float(spec):
    """Floats have a least value too"""
    spec(RECORDS, e.f1.minimum_for_patient(), {1: -0.5, 2: None, 3: 2.0, 4: None})


def test_sum_of_expression(spec):
    """Any expression over rows can be aggregated"""
    spec(RECORDS, (e.i1 * 2 + 1).sum_for_patient(), {1: 16, 2: None, 3: -1, 4: None})


def test_aggregate_of_a_sorted_frame(spec):
    """Whether the frame is sorted makes no difference"""
    spec(RECORDS, e.sort_by(e.d1).i1.sum_for_patient(), {1: 7, 2: None, 3: -1, 4: None})
