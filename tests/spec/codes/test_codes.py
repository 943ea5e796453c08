"""Codes and codelists"""

import pytest

from tests.lib.tables import e, p

EVENTS = {
    e: """
          | c1        | d1
        --+-----------+------------
        1 | 111111111 | 2020-01-01
        1 | 222222222 | 2020-01-02
        1 |           | 2020-01-03
        2 | 333333333 | 2020-01-01
        3 |           | 2020-01-01
    """
}


def test_equals(spec):
    """A code is compared with a string"""
    spec(
        EVENTS,
        e.where(e.c1 == "111111111").exists_for_patient(),
        {1: True, 2: False, 3: False},
    )


def test_unequal(spec):
    """NULL is not unequal to anything: the comparison is NULL, and the row is
    dropped
    """
    spec(EVENTS, e.where(e.c1 != "111111111").count_for_patient(), {1: 1, 2: 1, 3: 0})


def test_is_in(spec):
    """A codelist is a list of strings"""
    spec(
        EVENTS,
        e.where(e.c1.is_in(["222222222", "333333333"])).count_for_patient(),
        {1: 1, 2: 1, 3: 0},
    )


def test_is_in_codelist_with_categories(spec):
    """A codelist with categories is a dict from code to category; its codes are what
    counts
    """
    spec(
        EVENTS,
        e.where(e.c1.is_in({"222222222": "a"})).count_for_patient(),
        {1: 1, 2: 0, 3: 0},
    )


def test_except(spec):
    """except_where() keeps rows without a code"""
    spec(
        EVENTS,
        e.except_where(e.c1.is_in(["222222222"])).count_for_patient(),
        {1: 2, 2: 1, 3: 1},
    )


def test_to_category(spec):
    """to_category() gives the category of the code; NULL if it is not in the
    codelist
    """
    latest = e.where(e.c1.is_not_null()).sort_by(e.d1).last_for_patient()
    categories = {"222222222": "two", "111111111": "one"}
    spec(EVENTS, latest.c1.to_category(categories), {1: "two", 2: None, 3: None})


def test_to_category_default(spec):
    """With a default, codes that are not in the codelist get it, and NULL does too"""
    latest = e.sort_by(e.d1).last_for_patient()
    spec(EVENTS, latest.c1.to_category({"333333333": 3}, default=9), {1: 9, 2: 3, 3: 9})


def test_as_sort_key(spec):
    """Codes can be sorted, as strings are"""
    spec(
        EVENTS,
        e.sort_by(e.c1).last_for_patient().c1,
        {1: "222222222", 2: "333333333", 3: None},
    )


def test_count_distinct(spec):
    """Different codes can be counted"""
    spec(EVENTS, e.c1.count_distinct_for_patient(), {1: 2, 2: 1, 3: 0})


def test_in_codes_of_events(spec):
    """A patient's code can be looked up among those of the patient's events"""
    records = {
        **EVENTS,
        p: """
          | c1
        --+-----------
        1 | 222222222
        2 | 222222222
        3 | 222222222
    """,
    }
    spec(records, p.c1.is_in(e.c1), {1: True, 2: False, 3: False})


def test_other_coding_system():
    """A string that is no code of the column's system is refused"""
    with pytest.raises(ValueError, match="Invalid SNOMEDCTCode: 12"):
        e.c1 == "12"
