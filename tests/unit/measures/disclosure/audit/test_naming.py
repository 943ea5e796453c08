"""The auditor's rule for names, worked by hand."""

import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit import audit
from measures.disclosure.audit.naming import cells_of
from measures.disclosure.audit.reading.public import read_structure
from tests.lib.attacks import NEXT, measure, row, table

MEASURES = {"m": measure(), "m_by_practice": measure(group_by=["practice"])}
OPEN = {"practice": {"labels": [], "open": True}}
LEAST = {"controlled": 20, "opensafely": 10, "nhs-digital": 10, "midpoint6": 15}
FEW = "few are named"


def practices(interval=None, **denominators):
    where = {} if interval is None else {"interval": interval}
    return [
        row("m_by_practice", [("practice", name)], None, d, **where)
        for name, d in denominators.items()
    ]


def found(rows, policy="controlled", groups=OPEN, before=(), measures=MEASURES):
    structure = {"measures": measures, "groups": groups}
    return audit([table(each) for each in rows], structure, policy, named_before=before)


def named(audit):
    return [each.place.cell.groups for each in audit.findings if each.kind == FEW]


@pytest.mark.parametrize("policy, least", LEAST.items())
def test_two_bases_are_enough(policy, least):
    rows = practices(a=least, b=None)
    told = found([rows], policy)
    assert named(told) == [("b",)]
    assert not told.passed and "1 groups have names" in " ".join(told.refusals)
    assert found([practices(a=least)], policy).passed


def test_in_any_interval_of_any_release_and_by_any_measure():
    rows = [*practices(a=None), *practices(NEXT, a=20)]
    assert not named(found([rows]))
    assert not named(found([practices(NEXT, a=20), practices(a=None)]))
    other = {**MEASURES, "o": measure("o", "e", group_by=["practice"])}
    assert not named(
        found(
            [[*practices(a=None), row("o", [("practice", "a")], None, 20)]],
            measures=other,
        )
    )


def test_the_definition_names_its_own():
    groups = {"practice": {"labels": ["a", True, 7], "open": True}}
    rows = [
        *practices(a=None, T=None, b=None),
        row("m_by_practice", [("practice", None)], None, None),
    ]
    rows.append(row("m_by_practice", [("practice", "7")], None, None))
    assert named(found([rows], groups=groups)) == [("b",)]


def test_each_combination_is_a_group_of_its_own():
    crossed = {**MEASURES, "m_by_both": measure(group_by=["practice", "sex"])}
    groups = {**OPEN, "sex": {"labels": ["f", "m"], "open": False}}
    cells = {("a", "f"): 20, ("a", "m"): None}
    rows = practices(a=40)
    rows += [
        row("m_by_both", [("practice", p), ("sex", s)], None, d)
        for (p, s), d in cells.items()
    ]
    assert named(found([rows], groups=groups, measures=crossed)) == [("a", "m")]


def test_what_was_named_before_may_be_named_again():
    before = [{"group_by": "practice", "groups": {"practice": "b"}}]
    assert not named(found([practices(a=20, b=None)], before=before))


def test_a_manifest_of_before_says_nothing_of_names():
    """Old releases are audited as they were: all their names count as the
    definition's.
    """
    assert not named(found([practices(a=None)], groups={}))
    assert not named(audit([table(practices(a=None))], None, "controlled"))


def test_a_measure_by_itself_may_be_small_where_another_is_not():
    """A file of measures/ is audited with the manifest of all."""
    other = {**MEASURES, "o": measure("o", "e", group_by=["practice"])}
    rows, structure = table(practices(a=None)), {"measures": other, "groups": OPEN}
    assert not named(audit([rows], structure, "controlled", whole=False))
    assert named(audit([rows], structure, "controlled")) == [("a",)]


def test_none_protects_nothing():
    assert not named(found([practices(a=1)], "none"))


@pytest.mark.parametrize("told", [[7], [{}], [{"groups": 7}]])
def test_what_is_no_list_of_groups(told):
    with pytest.raises(ArgumentsError, match="named before cannot be read"):
        cells_of(told)


def test_cells_as_csv_writes_them_by_the_sorted_names():
    [cell] = cells_of([{"groups": {"b": True, "a": 7, "c": None}}])
    assert cell == (("a", "b", "c"), ("7", "T", None))


# What those in no group change --------------------------------------------------------


def test_named_groups_may_add_up_to_less_than_the_whole():
    rows = [
        row("m", [], 100, 500),
        *(row("m_by_practice", [("practice", "a")], 40, 200),),
    ]
    assert found([rows]).passed
    closed = {"practice": {"labels": ["a"], "open": False}}
    assert found([rows], groups=closed).contradictions


def test_without_the_manifest_it_is_said_what_may_be_the_matter():
    rows = [row("m", [], 100, 500), row("m_by_practice", [("practice", "a")], 40, 200)]
    told = audit([table(rows)], None, "controlled")
    assert (
        told.contradictions and "Groups without a name have no rows" in told.refusals[1]
    )


def test_but_never_to_more():
    rows = [row("m", [], 100, 500), row("m_by_practice", [("practice", "a")], 140, 600)]
    assert found([rows]).contradictions


def test_those_in_no_group_have_no_more_events_than_people():
    """30 of 40 are outside with their events, but only 20 people are."""
    rows = [row("m", [], 100, 100), row("m_by_practice", [("practice", "a")], 40, 80)]
    assert found([rows]).contradictions


def test_a_structure_says_which_tables_are_whole():
    groups = {
        "a": {"labels": [str(n) for n in range(100)], "open": False},
        "b": {"labels": list("xy"), "open": True},
    }
    groups |= {"c": {"labels": [str(n) for n in range(101)], "open": False}}
    read = read_structure(
        {"measures": {"m": measure(group_by=["a", "b", "c"])}, "groups": groups}
    )
    assert read.is_whole(("a",)) and read.is_whole(("c",)) and read.is_whole(())
    assert not read.is_whole(("b",)) and not read.is_whole(("a", "b"))
    assert not read.is_whole(("a", "c")), "more combinations than name anybody"
    assert read.is_named(("a", "b"), ("7", None)) and not read.is_named(
        ("a", "b"), ("7", "z")
    )
    assert not read.is_named(("a", "c"), ("7", "7"))
