"""Choosing between values"""

from extractors import case, when
from tests.lib.tables import e, p

NUMBERS = {
    p: """
          | i1 | s1
        --+----+----
        1 | 1  | a
        2 | 2  | b
        3 | 3  |
        4 |    | d
    """
}


def test_first_true_wins(spec):
    """The first condition that is True wins"""
    chosen = case(
        when(p.i1 < 2).then("low"), when(p.i1 < 3).then("middle"), otherwise="high"
    )
    spec(NUMBERS, chosen, {1: "low", 2: "middle", 3: "high", 4: "high"})


def test_no_default(spec):
    """Without a default the rest is NULL"""
    spec(
        NUMBERS,
        case(when(p.i1 < 2).then("low"), when(p.i1 < 3).then("middle")),
        {1: "low", 2: "middle", 3: None, 4: None},
    )


def test_null_condition_falls_through(spec):
    """A condition that is NULL is not True: the next one is tried"""
    spec(NUMBERS, when(p.i1 < 2).then(1).otherwise(0), {1: 1, 2: 0, 3: 0, 4: 0})


def test_then_none(spec):
    """A value may be None"""
    spec(
        NUMBERS,
        case(when(p.i1 == 1).then(None), when(p.i1 == 2).then(2), otherwise=0),
        {1: None, 2: 2, 3: 0, 4: 0},
    )


def test_series_as_values(spec):
    """Values may be series"""
    spec(
        NUMBERS,
        when(p.i1 > 1).then(p.s1).otherwise("none"),
        {1: "none", 2: "b", 3: None, 4: "none"},
    )


def test_literal_condition(spec):
    """A condition may be a literal"""
    spec(
        NUMBERS,
        case(when(p.i1 == 1).then(10), when(True).then(20)),  # type: ignore[type-var, call-overload]
        {1: 10, 2: 20, 3: 20, 4: 20},
    )


def test_bools(spec):
    """Values may be bools"""
    spec(
        NUMBERS,
        case(when(p.i1 == 1).then(True), when(p.i1 == 2).then(False)),
        {1: True, 2: False, 3: None, 4: None},
    )


def test_floats_with_whole_literals(spec):
    """A whole number beside a float series is taken as a float"""
    records = {
        p: """
          | f1
        --+-----
        1 | 1.5
        2 |
    """
    }
    spec(records, when(p.f1 > 1).then(p.f1).otherwise(0), {1: 1.5, 2: 0.0})


def test_events_and_patients(spec):
    """Values of rows and values of patients may be mixed; there is one result for each
    row
    """
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
        1 | 1
        1 | 2
        2 | 3
        2 |
    """,
    }
    spec(
        records,
        when(e.i1 > 1).then(p.i1).otherwise(e.i1).sum_for_patient(),
        {1: 11, 2: 20},
    )
