# mypy: ignore-errors
"""Ties between rows are broken by the columns that a definition selects from the
pick.
"""

from extractors.model import nodes
from extractors.planner.ties import settle_ties
from tests.lib.tables import e

first = e.sort_by(e.d1).first_for_patient()


def keys(**series):
    """The sort keys of the one pick, the most important first."""
    settled = settle_ties({name: each.node for name, each in series.items()})
    picks = {
        node for node in nodes.walk(settled.values()) if isinstance(node, nodes.Pick)
    }
    (pick,) = picks
    return nodes.sort_keys(pick.source)


def test_selected_columns_are_the_least_important_keys_in_alphabetical_order():
    assert keys(x=first.s1, y=first.i2) == [e.d1.node, e.i2.node, e.s1.node]


def test_a_column_that_is_a_key_already_is_not_added():
    assert keys(x=first.d1, y=first.i1) == [e.d1.node, e.i1.node]
    assert settle_ties({"x": first.d1.node}) == {"x": first.d1.node}


def test_a_flag_is_sorted_as_a_number():
    assert keys(x=first.b1) == [e.d1.node, nodes.Call("bool_to_int", (e.b1.node,))]


def test_filters_and_sorts_of_the_author_stay_on_top():
    frame = e.sort_by(e.i1).where(e.i2 > 3).sort_by(e.d1).last_for_patient()
    settled = settle_ties({"x": frame.s1.node})["x"].source
    assert settled.last
    assert nodes.conditions(settled.source) == [(e.i2 > 3).node]
    assert nodes.sort_keys(settled.source) == [e.d1.node, e.i1.node, e.s1.node]


def test_without_a_selected_column_nothing_is_added():
    assert keys(x=first.exists_for_patient()) == [e.d1.node]
