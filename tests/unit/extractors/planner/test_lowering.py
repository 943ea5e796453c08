# mypy: ignore-errors
"""Conditions and orders of rows are read from the table itself."""

from extractors.model import nodes
from extractors.planner.lowering import lower
from tests.lib.rules import START
from tests.lib.tables import e, p

before = e.where(e.d1 <= START)


def lowered(series):
    return lower({"x": series.node})["x"]


def test_a_condition_on_filtered_rows_reads_the_table():
    """So it no longer mentions INTERVAL because of where its rows come from."""
    series = before.where(before.i1 > 3).exists_for_patient()
    assert [each.interval for each in nodes.conditions(series.node.rows)] == [
        True,
        True,
    ]
    found = lowered(series)
    assert nodes.conditions(found.rows) == [(e.i1 > 3).node, (e.d1 <= START).node]
    assert [each.interval for each in nodes.conditions(found.rows)] == [False, True]


def test_a_sort_key_of_filtered_rows_reads_the_table():
    found = lowered(before.sort_by(before.i1).first_for_patient().f1)
    assert nodes.sort_keys(found.source.source) == [e.i1.node]


def test_aggregates_in_a_condition_keep_their_own_rows():
    most = before.i1.maximum_for_patient()
    found = lowered(before.where(before.i1 == most).count_for_patient())
    assert nodes.conditions(found.rows)[0] == (e.i1 == most).node


def test_what_reads_its_table_already_stays_as_it_is():
    for series in (p.i1 + 1, before.count_for_patient()):
        assert lowered(series) == series.node
