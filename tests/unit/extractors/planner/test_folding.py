# mypy: ignore-errors
"""Choices by what other choices have come to are made at once, and come to the same."""

import pytest

from extractors import case, create_dataset, when
from extractors.model import nodes
from extractors.planner.folding import fold
from tests.lib.engines import ENGINES
from tests.lib.tables import p

ROWS = [
    {"patient_id": n, "s1": s, "i1": n}
    for n, s in enumerate(("a", "b", "c", "d", "", None), 1)
]
letter = p.s1.map_values({"a": "1", "b": "2", "c": None, "": "1"}, default="3")
plain = p.s1.map_values({"a": "1", "b": "2"})  # NULL for all others
NAMES = {"1": "one", "2": "two"}

FOLDED = {
    "values of values": letter.map_values(NAMES),
    "with a default": letter.map_values(NAMES, default="many"),
    "NULL has no name": plain.map_values(NAMES, default="none"),
    "three deep": letter.map_values(NAMES).map_values({"one": 1, "two": 2}, default=0),
    "one of some": case(
        when(letter.is_in(["2", "3"])).then("more"),
        when(letter == "1").then("one"),
        otherwise="none",
    ),
    "the first that is true": case(
        when(letter == "1").then("x"), when(letter.is_in(["1", "2"])).then("y")
    ),
    "none of them": case(when(letter.is_in([])).then("never"), otherwise="always"),
    "numbers": case(when(p.i1 < 3).then(1), otherwise=2).map_values(
        {1: "few", 2: "more"}
    ),
}
LEFT = {
    "two different choices": case(
        when(letter == "1").then("x"), when(plain == "2").then("y"), otherwise="z"
    ),
    "another question": case(
        when(letter > "1").then("x"), when(letter == "1").then("y"), otherwise="z"
    ),
    "an outcome that is not written": case(
        when(letter == "1").then(p.s1), when(letter == "2").then("y")
    ),
    "a choice of what is not written": case(
        when(p.i1 < 3).then(p.s1), otherwise="1"
    ).map_values(NAMES),
    "no choice below": p.s1.map_values({"a": "x", "b": "y"}),
}


def folded(series) -> nodes.Series:
    return fold({"x": series.node})["x"]


@pytest.mark.parametrize("name", [*FOLDED, *LEFT])
def test_it_comes_to_the_same(name: str):
    dataset = create_dataset()
    dataset.define_population(p.exists_for_patient())
    dataset.x = (FOLDED | LEFT)[name]
    expected, found = (
        run(dataset, {"p": ROWS}) for run in (ENGINES["reference"], ENGINES["duckdb"])
    )
    assert found == expected
    assert len({each["x"] for each in expected.values()}) > 1 or name == "none of them"


@pytest.mark.parametrize("name", FOLDED)
def test_at_once(name: str):
    cases = [
        n
        for n in nodes.walk([folded(FOLDED[name])])
        if isinstance(n, nodes.Call) and n.operation == "case"
    ]
    assert len(cases) == 1


@pytest.mark.parametrize("name", LEFT)
def test_other_choices_are_left(name: str):
    assert folded(LEFT[name]) == LEFT[name].node
