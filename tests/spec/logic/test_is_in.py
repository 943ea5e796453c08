"""Membership in lists and among rows"""

from datetime import date

from extractors import INTERVAL
from tests.lib.tables import e, e2, p

JANUARY = (date(2020, 1, 1), date(2020, 1, 31))

PEOPLE = {
    p: """
          | i1
        --+-----
        1 | 101
        2 | 201
        3 |
    """
}

EVENTS = {
    **PEOPLE,
    e: """
          | i1
        --+-----
        1 | 101
        1 |
        2 |
        4 | 401
    """,
}


def test_in_list(spec):
    """`is_in()` looks a value up in a list; for NULL the answer is NULL"""
    spec(PEOPLE, p.i1.is_in([101, 301]), {1: True, 2: False, 3: None})


def test_not_in_list(spec):
    """`is_not_in()` is its opposite; for NULL the answer is NULL, too"""
    spec(PEOPLE, p.i1.is_not_in([101, 301]), {1: False, 2: True, 3: None})


def test_in_set(spec):
    """Instead of a list it may be a set, a tuple, or a dict, whose keys count"""
    spec(PEOPLE, p.i1.is_in({101: "a", 201: "b"}), {1: True, 2: True, 3: None})


def test_in_empty_list(spec):
    """In an empty list there is nothing: the answer is False, even for NULL"""
    spec(PEOPLE, p.i1.is_in([]), {1: False, 2: False, 3: False})


def test_not_in_empty_list(spec):
    """Everything is outside an empty list, even NULL"""
    spec(PEOPLE, p.i1.is_not_in([]), {1: True, 2: True, 3: True})


def test_interval_in_empty_list(spec):
    """Not even a date of INTERVAL is in an empty list"""
    spec(
        PEOPLE,
        INTERVAL.start_date.is_in([]),
        {1: False, 2: False, 3: False},
        interval=JANUARY,
    )


def test_in_event_series(spec):
    """`is_in()` also takes an event series, the values of the patient's rows; NULLs
    among them are ignored
    """
    records = {
        **EVENTS,
        p: """
          | i1
        --+-----
        1 | 101
        2 | 201
        3 | 301
        4 | 400
    """,
    }
    spec(records, p.i1.is_in(e.i1), {1: True, 2: False, 3: False, 4: False})


def test_null_in_event_series(spec):
    """For NULL the answer is NULL, unless the rows have no values: then it is False"""
    records = {
        **EVENTS,
        p: """
          | i1
        --+----
        1 |
        2 |
        3 |
        4 |
    """,
    }
    spec(records, p.i1.is_in(e.i1), {1: None, 2: False, 3: False, 4: None})


def test_not_in_event_series(spec):
    """is_not_in() is the opposite of is_in()"""
    records = {
        **EVENTS,
        p: """
          | i1
        --+-----
        1 | 101
        2 |
        3 |
        4 |
    """,
    }
    spec(records, p.i1.is_not_in(e.i1), {1: False, 2: True, 3: True, 4: None})


def test_rows_in_rows_of_another_table(spec):
    """Each row can be looked up among the rows of another table"""
    records = {
        e: """
              | i1
            --+----
            1 | 1
            1 | 2
            1 |
            2 | 1
        """,
        e2: """
              | i2
            --+----
            1 | 2
            1 | 3
        """,
    }
    spec(records, e.where(e.i1.is_in(e2.i2)).count_for_patient(), {1: 1, 2: 0})


def test_rows_in_filtered_rows_of_the_same_table(spec):
    """Each row can be looked up among other rows of the same table"""
    records = {
        e: """
          | i1 | i2
        --+----+----
        1 | 1  | 0
        1 | 2  | 1
        1 | 0  | 5
        2 | 1  | 1
    """
    }
    spec(
        records,
        e.where(e.i1.is_in(e.where(e.i2 > 0).i2)).count_for_patient(),
        {1: 1, 2: 1},
    )


def test_in_expression_over_events(spec):
    """The argument may be any expression over events"""
    spec(EVENTS, p.i1.is_in(e.i1 + 0), {1: True, 2: False, 3: False, 4: None})


def test_bool_in_list(spec):
    """Bools can be members"""
    spec(
        {
            p: """
          | b1
        --+----
        1 | T
        2 | F
        3 |
    """
        },
        p.b1.is_in([True]),
        {1: True, 2: False, 3: None},
    )


def test_date_in_list(spec):
    """ISO strings in a list of dates are taken as dates"""
    records = {
        p: """
          | d1
        --+------------
        1 | 2020-02-29
        2 | 2020-03-01
        3 |
    """
    }
    spec(records, p.d1.is_in(["2020-02-29"]), {1: True, 2: False, 3: None})
