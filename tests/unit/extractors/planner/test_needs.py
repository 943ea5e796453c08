# mypy: ignore-errors
"""What is read of each table: its columns and the rows that can matter."""

import pytest

from extractors.errors import DefinitionError
from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.planner.needs import LARGEST, codelist_of, merged, table_needs
from extractors.planner.static import hoist
from tests.lib.rules import END, START
from tests.lib.tables import e, p

ASTHMA, OTHERS = ["100001", "100002"], ["200001"]
asthma = e.where(e.c1.is_in(ASTHMA))


def needs(*series):
    return {
        need.schema.name: need for need in table_needs([each.node for each in series])
    }


def test_tables_by_name_with_the_columns_that_are_named_in_the_order_of_the_table():
    found = needs(e.where(e.d1 > "2020-01-01").i1.sum_for_patient(), p.s1 == "a")
    assert list(found) == ["e", "p"]
    assert found["e"].columns == ("i1", "d1") and found["p"].columns == ("s1",)


def test_rows_are_those_that_some_frame_takes():
    many = e.where(e.i1 > 3)
    found = needs(asthma.count_for_patient(), many.count_for_patient())
    assert found["e"].rows == (((e.c1.is_in(ASTHMA)).node,), ((e.i1 > 3).node,))


def test_a_codelist_says_more_than_other_conditions_on_the_row():
    found = needs(asthma.where(e.i1 > 3).count_for_patient())
    assert found["e"].rows == (((e.c1.is_in(ASTHMA)).node,),)


def test_every_row_may_matter_where_one_frame_takes_all():
    assert needs(asthma.count_for_patient(), e.count_for_patient())["e"].rows == ()


def test_conditions_that_a_row_cannot_decide_by_itself_are_left_to_later():
    for condition in (e.d1 <= START, e.i1 > p.i1, e.i1 > e.i1.minimum_for_patient()):
        assert needs(e.where(condition).count_for_patient())["e"].rows == ()


def test_a_condition_too_long_to_write_out_is_left_to_later():
    """Each quotient says its arguments four times over: 4^5 is more than the most."""
    series = e.f1
    for _ in range(5):
        series = 1.0 / series
    assert LARGEST < 4**5
    assert needs(e.where(series > 0.5).count_for_patient())["e"].rows == ()


def test_the_column_by_which_periods_look_for_their_rows():
    during = e.where(e.d2.is_on_or_between(START, END))
    assert needs(during.count_for_patient())["e"].window == "d2"
    for half in (e.where(e.d1 <= END), e.where((e.d1 <= END) & (e.d2 >= START))):
        assert needs(half.count_for_patient())["e"].window == ""


def test_codelists_of_one_column_become_one():
    one, other = e.c1.is_in(ASTHMA).node, e.c1.is_in(OTHERS).node
    assert merged([(one,), (other,)]) == ((e.c1.is_in([*ASTHMA, *OTHERS]).node,),)
    more = ((e.i1 > 3).node, one)
    assert merged([(one,), more]) == ((one,), more)


def test_a_code_is_a_codelist_of_one():
    column, values = codelist_of((e.c1 == "100001").node)
    assert (column, values.values) == (e.c1.node, ("100001",))
    for other in (p.c1.is_in(ASTHMA), e.c1 != "100001", e.c1 == e.c2):
        assert codelist_of(other.node) is None


def test_tables_that_differ_in_capital_letters_alone_are_refused():
    tables = [
        nodes.Table(TableSchema(name, (Column("b", bool),), True))
        for name in ("a", "A")
    ]
    with pytest.raises(
        DefinitionError, match="'a' and 'A' differ in capital letters alone"
    ):
        table_needs([nodes.Column(table, "b") for table in tables])


def test_the_table_of_static_values_is_needed_like_others():
    series, _ = hoist({"x": (p.d1 <= START).node})
    assert [need.schema.name for need in table_needs(series.values())] == [
        "static values"
    ]
