"""The structure of a study as the manifest has it, byte for byte."""

import json

from measures.counts.columns import Part
from measures.counts.structure import (
    Kind,
    KnownAmounts,
    KnownCount,
    KnownGroup,
    KnownMeasure,
    Structure,
    Window,
    people_behind,
)
from measures.disclosure.audit.reading.public import read_structure

COUNTS = {
    "d": KnownCount(
        kind=Kind.PEOPLE, within=(), moves_with=(), window=None, people=None
    ),
    "n": KnownCount(
        kind=Kind.AMOUNTS,
        within=(),
        moves_with=("start", "end"),
        window=None,
        people="n/people",
    ),
    "n/people": KnownCount(
        kind=Kind.PEOPLE,
        within=("d",),
        moves_with=("start", "end"),
        window=Window(moves_with=("start",), alone=True),
        people=None,
    ),
}
MEASURE = KnownMeasure(
    group_by=("age", "sex"),
    series={Part.NUMERATOR: "bmi", Part.DENOMINATOR: "there"},
    kinds={Part.NUMERATOR: Kind.AMOUNTS, Part.DENOMINATOR: Kind.PEOPLE},
    within=("other",),
    counts={Part.NUMERATOR: "n", Part.DENOMINATOR: "d"},
    amounts=KnownAmounts(places=1, most=99.5),
)
GROUPS = {
    "age": KnownGroup(
        id="8c",
        same_as="age",
        moves_with=("start",),
        labels=frozenset({10, 9}),
        open=True,
    ),
    "sex": KnownGroup(
        id="1f",
        same_as="gender",
        moves_with=(),
        labels=frozenset({"male", "female"}),
        open=False,
    ),
}
STRUCTURE = Structure(measures={"mean": MEASURE}, counts=COUNTS, groups=GROUPS)


def test_a_measure_of_amounts_as_json():
    assert json.dumps(MEASURE.as_json()) == (
        '{"group_by": ["age", "sex"], "numerator": "bmi", "denominator": "there", '
        '"kind": "amounts", "denominator_kind": "people", "within": ["other"], '
        '"counts": {"numerator": "n", "denominator": "d"}, "places": 1, "most": 99.5}'
    )


def test_a_count_and_a_group_as_json():
    assert json.dumps(COUNTS["n/people"].as_json()) == (
        '{"kind": "people", "within": ["d"], "moves_with": ["start", "end"], '
        '"window": {"moves_with": ["start"], "alone": true}, "people": null}'
    )
    assert json.dumps(GROUPS["sex"].as_json()) == (
        '{"id": "1f", "same_as": "gender", "moves_with": [], "labels": ["female", '
        '"male"], "open": false}'
    )
    assert GROUPS["age"].as_json()["labels"] == [9, 10]


def test_json_holds_plain_values_only():
    """A manifest is read elsewhere, where nobody has our classes."""
    waiting: list[object] = [STRUCTURE.as_json()]
    types = set()
    while waiting:
        value = waiting.pop()
        types.add(type(value))
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
    assert types == {dict, list, str, int, float, bool, type(None)}


def test_the_auditor_reads_what_protection_writes():
    read = read_structure(STRUCTURE.as_json())
    known = read.measures["mean"]
    assert (known.grouping, known.numerator, known.denominator, known.most) == (
        ("age", "sex"), "n", "d", 99.5,
    )  # fmt: skip
    assert read.series["n"].amounts and not read.series["n"].people
    behind = read.series["n/people"]
    assert behind.window == frozenset({"start"}) and behind.alone
    assert read.names == {"age": "age", "sex": "gender"}
    assert read.group_moves == {"age": {"start"}, "sex": frozenset()}
    assert read.labels == {"age": {"9", "10"}, "sex": {"female", "male"}}
    assert read.open == {"age"}


def test_the_people_behind_a_sum_have_an_id_of_their_own():
    assert people_behind("n") == COUNTS["n"].people == "n/people"
