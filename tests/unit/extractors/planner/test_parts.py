# mypy: ignore-errors
"""The kind of each named series; `test_kinds.py`, beside this, has many of them."""

from extractors.planner.kinds import Kind, Part
from extractors.planner.motion import DEEPEST, Motion, Tip
from extractors.planner.parts import is_window, moves_in_steps, parts_of
from extractors.planner.rules import find_motions
from tests.lib.rules import END, START
from tests.lib.tables import e, p

during = e.where(e.d1.is_during((START, END)))


def part(series):
    return parts_of({"x": series.node}, find_motions([series.node]))["x"]


def test_each_kind_with_the_rule_and_the_reason():
    assert part(p.i1 > 3) == Part(Kind.STATIC, "static", "does not mention INTERVAL")
    assert part(during.exists_for_patient()) == Part(
        Kind.WINDOW, "window", "is nothing without rows that fall in the period"
    )
    assert part(p.d1 <= START) == Part(
        Kind.TIMELINE,
        "date compared with the period",
        "changes at dates known for each patient",
    )
    assert part(START) == Part(
        Kind.GENERAL, "general", "the date of the period is used as a value"
    )


def test_only_flags_and_whole_numbers_are_windows():
    for series, window in (
        (during.count_for_patient(), True),
        (during.f1.sum_for_patient(), False),
    ):
        assert is_window(series.node, find_motions([series.node])) is window


def test_too_deep_or_too_many_reasons_are_not_of_steps():
    node = (p.d1 <= START).node
    tips = frozenset(
        Tip(START.node, date=(p.d1 if n else p.d2).node, every=n) for n in range(201)
    )
    assert moves_in_steps(node, Motion(frozenset(list(tips)[:200])))
    assert not moves_in_steps(node, Motion(tips))
    deep = p.i1
    for _ in range(DEEPEST):
        deep = deep + 1
    assert not moves_in_steps(deep.node, Motion())
