# mypy: ignore-errors
"""A plan is plain data: what to read, what to compute once, what moves."""

import pickle

from extractors.planner.kinds import Kind
from extractors.planner.plan import make_plan
from extractors.planner.presence import Candidates
from tests.lib.rules import END, START
from tests.lib.tables import e, p

during = e.where(e.d1.is_during((START, END)))
PLAN = make_plan(
    {
        "population": (p.d1 <= START).node,
        "seen": during.exists_for_patient().node,
        "sex": p.s1.node,
    },
    ("population",),
)


def test_it_names_what_is_read_of_each_table():
    assert {need.schema.name: need.columns for need in PLAN.needs} == {
        "e": ("d1",),
        "p": ("s1", "d1"),
    }


def test_what_never_moves_is_computed_once_and_then_read():
    assert PLAN.static == {"static 1": p.d1.node, "sex": p.s1.node}
    assert PLAN.series["sex"].source.table.schema.name == "static values"


def test_only_the_populations_say_whose_rows_are_looked_at():
    assert PLAN.candidates == Candidates(("p",), any_row=False)


def test_each_series_has_its_kind_and_each_node_its_motion():
    assert {name: part.kind for name, part in PLAN.parts.items()} == {
        "population": Kind.TIMELINE,
        "seen": Kind.WINDOW,
        "sex": Kind.STATIC,
    }
    assert set(PLAN.series.values()) <= PLAN.motions.keys()


def test_the_same_definition_has_the_same_plan_in_another_process():
    assert pickle.loads(pickle.dumps(PLAN)) == PLAN
