"""Attacks worked by hand: what must be learnt, and what must not."""

import ast

import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit import audit
from tests.lib.attacks import BY_SEX, measure, ranges, row, sexes, table
from tests.lib.places import CHECKOUT


def test_lone_suppressed_cell_beside_an_exact_total():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (27, 50), "m": (None, 50)})]
    found = ranges([table(rows)], BY_SEX, "none")
    assert found[0, "m_by_sex", ("m",), "numerator"] == (3, 3)


def test_complementary_cells_share_what_is_left():
    rows = [
        row("m", [], 30, 100),
        *sexes("m_by_sex", {None: (28, 60), "f": (None, 20), "m": (None, 20)}),
    ]
    found = ranges([table(rows)], BY_SEX, "none")
    assert (
        found[0, "m_by_sex", ("f",), "numerator"]
        == found[0, "m_by_sex", ("m",), "numerator"]
        == (0, 2)
    )


def test_cells_of_a_sum_of_zero_are_zero():
    rows = [
        row("m", [], 0, 100),
        *sexes("m_by_sex", {"f": (None, 50), "m": (None, 50)}),
    ]
    found = ranges([table(rows)], BY_SEX, "none")
    assert found[0, "m_by_sex", ("f",), "numerator"] == (0, 0)


def test_missing_group_is_one_of_the_groups():
    rows = [
        row("m", [], 20, 100),
        *sexes("m_by_sex", {None: (None, 10), "f": (10, 45), "m": (9, 45)}),
    ]
    found = ranges([table(rows)], BY_SEX, "none")
    assert found[0, "m_by_sex", (None,), "numerator"] == (1, 1)


def test_crossed_table_and_its_margins():
    crossed = {
        "m_by_sex": measure(group_by=["sex"]),
        "m_by_age_sex": measure(group_by=["age", "sex"]),
    }
    cells = {("o", "f"): 5, ("y", "f"): None, ("o", "m"): 9, ("y", "m"): 11}
    rows = [*sexes("m_by_sex", {"f": (9, 50), "m": (20, 50)})]
    rows += [
        row("m_by_age_sex", [("age", a), ("sex", s)], n, 25)
        for (a, s), n in cells.items()
    ]
    found = ranges([table(rows)], crossed, "none")
    assert found[0, "m_by_age_sex", ("y", "f"), "numerator"] == (4, 4)


def test_two_crossed_tables_share_a_margin_that_is_not_shown():
    names = ("age", "sex"), ("region", "sex")
    known = {f"m_by_{'_'.join(each)}": measure(group_by=each) for each in names}
    rows = [
        row("m_by_age_sex", [("age", a), ("sex", "f")], n, 25)
        for a, n in (("o", 5), ("y", 6))
    ]
    rows += [
        row("m_by_region_sex", [("region", r), ("sex", "f")], n, 25)
        for r, n in (("e", 4), ("w", None))
    ]
    found = ranges([table(rows)], known, "none")
    assert found[0, "m_by_region_sex", ("w", "f"), "numerator"] == (7, 7)


def test_rounded_together_and_alone_is_no_contradiction_but_another_rule_is():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (30, 50), "m": (30, 50)})]
    found = audit([table(rows)], {"measures": BY_SEX}, "opensafely")
    assert not found.passed
    assert "contradict each other" in found.refusals[0]


def test_withheld_count_may_be_any():
    shown = table([row("m", [], None, 100)])
    withheld = shown.set_column(
        shown.column_names.index("status"), "status", [["withheld"]]
    )
    [found] = [f for f in audit([withheld], {"measures": {"m": measure()}}, "controlled",
                                settings={"exhaustive": True, "width": 1000}).findings
               if f.place.quantity == "numerator"]  # fmt: skip
    assert (found.low, found.high) == (0, 109)


def test_controlled_refuses_what_is_too_narrow():
    """Numerator and denominator 90..110 both, but a rest that is told apart."""
    shown = table([row("m", [], 100, 100), row("k", [], 100, 100)])
    narrow = audit(
        [shown],
        {"measures": {"m": measure(), "k": measure("k")}},
        "controlled",
        settings={"width": 25},
    )
    assert not narrow.passed
    assert "narrow" in narrow.refusals[0]


def test_what_cannot_be_audited_is_refused_with_words():
    shown = table([row("m", [], 30, 100)])
    with pytest.raises(ArgumentsError, match="'opn'.*opensafely"):
        audit([shown], None, "opn")
    with pytest.raises(ArgumentsError, match="does not know the measures m"):
        audit([shown], {"measures": {}}, "none")
    with pytest.raises(ArgumentsError, match="structure of the measures"):
        audit([shown], {"measures": {"m": {}}}, "none")
    with pytest.raises(ArgumentsError, match="no setting widht"):
        audit([shown], None, "none", settings={"widht": 3})
    with pytest.raises(ArgumentsError, match="lacks the columns group_by"):
        audit([shown.drop_columns(["group_by"])], None, "none")


def test_empty_release_has_nothing_to_tell():
    assert audit(
        [table([row("m", [], 1, 1)]).slice(0, 0)],
        {"measures": {"m": measure()}},
        "controlled",
    ).passed


def test_auditor_takes_nothing_from_the_protector_but_names_and_numbers():
    folder = CHECKOUT / "measures" / "disclosure" / "audit"
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and node.module.startswith(("measures", "flows"))
            ):
                found.add(node.module)
            assert not isinstance(node, ast.Import) or not node.names[
                0
            ].name.startswith(("measures", "flows"))
    assert {
        each for each in found if not each.startswith("measures.disclosure.audit")
    } == {"measures.disclosure.policies"}
