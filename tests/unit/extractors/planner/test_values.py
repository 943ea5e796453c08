# mypy: ignore-errors
"""The values a series can have, where the definition and the promises of its tables
tell them.
"""

import pytest

from extractors import INTERVAL, case, when
from extractors.errors import DefinitionError
from extractors.model.schema import Column, TableSchema, joined
from extractors.planner.values import MOST, known_values
from extractors.tables.tpp import patients, practice_registrations
from tests.lib.tables import p

REGION = practice_registrations.for_patient_on(
    INTERVAL.start_date
).practice_nuts1_region_name
YOUNG = case(
    when(p.i1 < 18).then("young"), when(p.i1 < 65).then("adult"), otherwise="old"
)


@pytest.mark.parametrize(
    ("series", "known"),
    [
        (YOUNG, ("adult", "old", "young")),
        (case(when(p.b1).then("a")), ("a",)),  # or NULL
        (YOUNG.when_null_then("missing"), ("adult", "missing", "old", "young")),
        (patients.sex, ("female", "intersex", "male", "unknown")),
        (
            case(when(p.b1).then(patients.sex), otherwise="?"),
            ("?", "female", "intersex", "male", "unknown"),
        ),
        (p.s1, None),
        (p.s1.when_null_then("x"), None),
        (case(when(p.b1).then(p.s1), otherwise="x"), None),
        # more than one byte tells
        (case(*(when(p.i1 == n).then(str(n)) for n in range(MOST + 1))), None),
    ],
)
def test_known_values(series, known):
    assert known_values(series.node) == known


def test_a_promise_of_the_table_and_what_stands_for_missing():
    regions = known_values(REGION.node) or ()
    assert len(regions) == 9 and "Missing" not in regions
    assert known_values(REGION.when_null_then("Missing").node) == tuple(
        sorted({"Missing", *regions})
    )


def declared_twice(*categories):
    columns = [Column("sex", str, categories=each) for each in categories]
    return (
        joined(
            *(TableSchema("patients", (column,), one_row=True) for column in columns)
        )
        .column("sex")
        .categories
    )


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (("f", "m"), (), ("f", "m")),
        # what a plan relies on is checked, whichever declaration says it
        ((), ("f", "m"), ("f", "m")),
        (("f", "m", "x"), ("m", "f"), ("f", "m")),
        ((), (), ()),
    ],
)
def test_a_table_that_is_declared_twice_keeps_the_promises_of_both(one, other, both):
    assert declared_twice(one, other) == both


def test_promises_that_no_value_keeps():
    with pytest.raises(
        DefinitionError,
        match="patients.sex is declared twice, with no category in common",
    ):
        declared_twice(("f", "m"), ("1", "2"))
