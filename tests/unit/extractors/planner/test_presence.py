# mypy: ignore-errors
"""In which tables a patient must have a row to be counted."""

import pytest

from extractors.planner.presence import Candidates, find_candidates
from tests.lib.tables import e, e2, p, p2

seen = e.exists_for_patient()
CERTAIN = {
    "a comparison": (p.i1 > 3, "p"),
    "a flag": (p.b1, "p"),
    "rows": (seen, "e"),
    "a count": (e.count_for_patient(), "e"),
    "a sum compared": (e.i1.sum_for_patient() > 3, "e"),
    "a calculation": ((p.d1.year + 1) * 2 > 4_000, "p"),
    "a list": (p.s1.is_in(["a"]), "p"),
    "all of several, by one of the tables": ((p.i1 > 3) & (p2.i1 > 3) & seen, "e"),
    "a comparison of two": (p.i1 > p2.i1, "p"),
}
ANYBODY = {
    "not": ~(p.i1 > 3),
    "not both: False and NULL is False": ~(p.b1 & p2.b1),
    "nothing": p.i1.is_null(),
    "a default": p.i1.when_null_then(5) > 3,
    "a count of no rows": e.count_for_patient() < 3,
    "existence as a number": seen.as_int() < 3,
    "one of two without a row": (p.i1 > 3) | p2.i1.is_null(),
    # It is never True without `p`; but what a row of `p2` says is unknown, and so is
    # the whole.
    "a condition beside one that holds without a row": (p.i1 > 3) & p2.i1.is_null(),
    "in nothing": ~p.i1.is_in([]),
    "False, where x and False is": (p.b1 & (p2.i1 > 3)) == False,  # noqa: E712
}


def candidates(*populations):
    return find_candidates(
        [each.node for each in populations], [p.i1.node, e.i1.node, e2.i1.node]
    )


@pytest.mark.parametrize("name", CERTAIN)
def test_only_the_patients_of_a_table_can_be_counted(name):
    population, table = CERTAIN[name]
    assert candidates(population) == Candidates((table,), any_row=False)


@pytest.mark.parametrize("name", ANYBODY)
def test_anybody_in_any_table_of_the_definition_may_be_counted(name):
    assert candidates(ANYBODY[name]) == Candidates(("e", "e2", "p"), any_row=True)


def test_one_of_two_needs_both_tables():
    assert candidates((p.i1 > 3) | seen) == Candidates(("e", "p"), any_row=False)


def test_several_populations_need_the_tables_of_each():
    assert candidates(p.i1 > 3, seen) == Candidates(("e", "p"), any_row=False)
    assert candidates(p.i1 > 3, p.i1.is_null()).any_row
