# mypy: ignore-errors
"""The largest parts that never mention INTERVAL become columns computed once."""

from extractors.model import nodes
from extractors.planner.kinds import STATIC_TABLE
from extractors.planner.static import hoist
from tests.lib.rules import START
from tests.lib.tables import e, p


def hoisted(**series):
    return hoist({name: each.node for name, each in series.items()})


def test_a_series_that_never_moves_is_a_column_of_its_own_name():
    rewritten, static = hoisted(old=p.i1 + 1 > 40)
    assert static == {"old": (p.i1 + 1 > 40).node}
    assert (rewritten["old"].source.schema.name, rewritten["old"].name) == (
        STATIC_TABLE,
        "old",
    )


def test_the_largest_still_part_of_a_series_that_moves_is_numbered():
    rewritten, static = hoisted(x=(p.i1 + 1 > 40) & (p.d1 <= START))
    assert static == {"static 1": (p.i1 + 1 > 40).node, "static 2": p.d1.node}
    columns = [
        each
        for each in nodes.walk(rewritten.values())
        if isinstance(each, nodes.Column)
    ]
    assert {each.name for each in columns} == {"static 1", "static 2"}


def test_a_part_of_two_series_is_computed_once():
    _, static = hoisted(x=p.d1 <= START, y=p.d1 > START, born=p.d1)
    assert static == {"born": p.d1.node}


def test_what_is_written_and_what_is_of_rows_stays():
    counted = e.where(e.d1 <= START).where(e.i1 > 3).count_for_patient()
    rewritten, static = hoisted(x=counted)
    assert static == {} and rewritten == {"x": counted.node}


def test_a_set_of_values_is_no_column():
    inside = (p.i1 + START.year).is_in(e.i1)
    _, static = hoisted(x=inside)
    assert list(static.values()) == [p.i1.node]


def test_a_column_of_known_strings_says_which():
    letter = p.s1.map_values({"a": "yes"}, default="no")
    rewritten, _ = hoisted(letter=letter)
    assert rewritten["letter"].source.schema.column("letter").categories == (
        "no",
        "yes",
    )
