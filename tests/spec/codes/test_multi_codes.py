"""Several codes in one string"""

import pytest

from tests.lib.tables import e, p

DIAGNOSES = {
    e: """
          | m1
        --+----------------
        1 | I210 ,J459
        1 | J450
        2 | E119
        3 |
    """
}


def test_contains_code(spec):
    """contains() finds a code"""
    spec(
        DIAGNOSES,
        e.where(e.m1.contains("J459")).count_for_patient(),
        {1: 1, 2: 0, 3: 0},
    )


def test_contains_beginning(spec):
    """`contains()` also finds all codes that begin alike"""
    spec(
        DIAGNOSES, e.where(e.m1.contains("J45")).count_for_patient(), {1: 2, 2: 0, 3: 0}
    )


def test_contains_any_of(spec):
    """`contains_any_of()` finds any of several"""
    spec(
        DIAGNOSES,
        e.where(e.m1.contains_any_of(["I21", "E11"])).count_for_patient(),
        {1: 1, 2: 1, 3: 0},
    )


def test_null(spec):
    """Whether NULL contains something is NULL"""
    spec(
        {
            p: """
          | m1
        --+-----
        1 | A00
        2 | B01
        3 |
    """
        },
        p.m1.contains("A00"),
        {1: True, 2: False, 3: None},
    )


def test_comparing():
    """A string of several codes is never compared as a whole"""
    with pytest.raises(
        TypeError,
        match=r"it cannot be compared as a whole; use contains\(\) or contains_any_of\(\)",
    ):
        e.m1 == "I21"
