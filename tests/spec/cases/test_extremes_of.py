"""The greatest and least of several values"""

from datetime import date

from extractors import maximum_of, minimum_of
from tests.lib.tables import e, p

RECORDS = {
    p: """
          | i1 | i2 | f1  | d1         | s1
        --+----+----+-----+------------+----
        1 |  1 |  2 | 1.5 | 2020-01-01 | a
        2 |  2 |    | 0.5 |            | B
        3 |    |    |     |            |
    """
}


def test_maximum(spec):
    """`maximum_of()` disregards NULL; the result is NULL only if all values are"""
    spec(RECORDS, maximum_of(p.i1, p.i2), {1: 2, 2: 2, 3: None})


def test_minimum(spec):
    """`minimum_of()` does the same for the least"""
    spec(RECORDS, minimum_of(p.i1, p.i2), {1: 1, 2: 2, 3: None})


def test_three(spec):
    """There may be more than two, and literals among them"""
    spec(RECORDS, maximum_of(p.i1, p.i2, 0), {1: 2, 2: 2, 3: 0})


def test_literals_only(spec):
    """Literals alone will do: everybody has the same value"""
    spec(RECORDS, maximum_of(1, 3, 2), {1: 3, 2: 3, 3: 3})


def test_whole_literal_with_float(spec):
    """A whole number as a literal goes with a float series"""
    spec(RECORDS, minimum_of(p.f1, 1), {1: 1.0, 2: 0.5, 3: 1.0})


def test_date_literal(spec):
    """A string like `2019-12-31` goes with a date series"""
    spec(
        RECORDS,
        maximum_of("2019-12-31", p.d1),
        {1: date(2020, 1, 1), 2: date(2019, 12, 31), 3: date(2019, 12, 31)},
    )


def test_strings(spec):
    """Strings have the order of their characters"""
    spec(RECORDS, maximum_of(p.s1, "Z"), {1: "a", 2: "Z", 3: "Z"})


def test_events_and_patients(spec):
    """Values of rows and values of patients may be mixed, row by row"""
    records = {
        **RECORDS,
        e: """
          | i1
        --+----
        1 | 0
        1 | 5
        2 |
        3 | 7
    """,
    }
    spec(records, maximum_of(e.i1, p.i1).sum_for_patient(), {1: 6, 2: 2, 3: 7})
