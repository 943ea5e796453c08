"""The auditor's own reading of a manifest's structure, and what it guesses without
one.
"""

import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit import audit
from measures.disclosure.audit.reading.public import (
    When,
    closed,
    guessed_structure,
    next_coarser,
    read_structure,
)
from measures.disclosure.audit.reading.rows import rows_of
from tests.lib import attack_tables as made
from tests.lib.attacks import WEEK, measure, ranges, row, sexes, table


def test_equal_ids_are_equal_counts():
    same = {"one": measure("n"), "two": measure("n")}
    shown = made.table_of(
        [row("one", [], 0, 0), row("two", [], 0, 0)], [(None, 100), (42, 100)]
    )
    assert ranges([shown], same, "none")[0, "one", (), "numerator"] == (42, 42)


def test_without_a_structure_names_are_believed():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (27, 50), "m": (None, 50)})]
    found = audit([table(rows)], None, "none")
    assert "exact small" in {f.kind for f in found.findings}
    assert "No structure was given" in found.summary()[-1]


def test_a_manifest_that_is_none_is_refused():
    wrongs: list[dict] = [{"measures": {"m": {}}}, {"measures": None}, {}]
    for wrong in wrongs:
        with pytest.raises(
            ArgumentsError, match="manifest.json that came with the release"
        ):
            read_structure(wrong)


def test_a_numerator_is_counted_among_its_denominator():
    read = read_structure({"measures": {"m": measure(), "all": measure("d")}})
    assert read.parts("m") == ("n among d", "d") and read.parts("all") == ("d", "d")


def test_what_a_structure_does_not_say_is_not_believed():
    """A group that is not described moves with both ends, so no two intervals share its
    tables.
    """
    read = read_structure({"measures": {"m": measure(group_by=["age"])}})
    assert read.moves(("age",)) == {"start", "end"}
    assert read.series["d"].window is None and read.series["d"].people


def test_when_a_count_is_the_same_in_two_intervals():
    plain: dict = {"kind": "people", "within": [], "window": None}
    data = {
        "measures": {
            "m": measure(group_by=["age"])
            | {"counts": {"numerator": "n", "denominator": "d"}}
        },
        "counts": {
            "n": {**plain, "moves_with": ["end"]},
            "d": {**plain, "moves_with": []},
        },
        "groups": {"age": {"moves_with": ["start"]}},
    }
    read = read_structure(data)
    assert read.when("d", (), WEEK) == When(None, None)
    assert read.when("d", ("age",), WEEK) == When(WEEK[0], None)
    assert read.when("n", ("age",), WEEK) == When(*WEEK)


def test_tables_that_two_have_in_common_are_implied():
    assert closed([("a", "b"), ("b", "c")]) == ((), ("b",), ("a", "b"), ("b", "c"))
    assert closed([]) == ((),)


def test_the_largest_tables_that_one_adds_up_to():
    among = closed([("a", "b", "c"), ("a", "b"), ("c",)])
    assert next_coarser(("a", "b", "c"), among) == [("c",), ("a", "b")]
    assert next_coarser((), among) == []


def test_names_are_guessed_to_be_breakdowns_and_sums_to_be_events():
    rows = rows_of(
        table(
            [
                row("m", [], 30, 100),
                *sexes("m_by_sex", {"f": (20, 50)}),
                row("k", [], 130, 100),
            ]
        )
    )
    guessed = guessed_structure(rows)
    measures = guessed["measures"]
    assert (
        measures["m"]["numerator"] == measures["m_by_sex"]["numerator"] == "m numerator"
    )
    assert (measures["m"]["kind"], measures["k"]["kind"]) == ("people", "events")
    assert guessed["groups"] == {"sex": {"moves_with": []}}
