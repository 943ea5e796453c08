"""Rows of raw counts as tables, worked by hand on nine people."""

import numpy as np
import pytest

from extractors.errors import CohortflowError
from measures.disclosure.tables.layout import NOWHERE, TableKey, cell_text, lay_out
from tests.lib.people_counts import CountsOf, Person
from tests.lib.tied_tables import ONE_SEX, crowd

# of 5 women 3 have the event, of 4 men none
NINE = crowd({"f": 3}, level=1) + crowd({"f": 2, "m": 4})
START, END = "2019-04-01", "2019-04-07"


def laid(study, asked=None):
    raw = study.raw()
    everything = np.ones(len(raw.table), bool)
    return lay_out(raw, study.structure(), everything if asked is None else asked)


def test_each_count_by_each_grouping_is_one_table():
    layout = laid(CountsOf(NINE, ONE_SEX))
    assert {key: values.tolist() for key, values in layout.tables.items()} == {
        TableKey("n0", (), START, END): [3],
        TableKey("all", (), START, ""): [9],
        TableKey("n0", ("sex",), START, END): [3, 0],
        TableKey("all", ("sex",), START, ""): [5, 4],
    }
    assert layout.cells == {(): {(): 0}, ("sex",): {("f",): 0, ("m",): 1}}


def test_measures_of_one_denominator_show_one_table():
    layout = laid(CountsOf(NINE, [("sex",)], nested=2))
    rows = dict(layout.tables_of("denominator"))
    assert list(rows) == [TableKey("all", ("sex",), START, "")]
    assert sorted(rows[layout.keys[1]]) == [0, 1, 2, 3]


def test_a_count_that_does_not_move_is_one_table_in_all_weeks():
    people = [Person({"sex": "f"}, [1, 0])] * 3
    layout = laid(CountsOf(people, [()], weeks=2, moves=()))
    [(key, rows)] = layout.tables_of("denominator")
    assert key == TableKey("all", (), "", "") and rows.tolist() == [0, 1]
    assert [key.start for key, _ in layout.tables_of("numerator")] == [
        "2019-04-01",
        "2019-04-08",
    ]


def test_counts_that_should_be_one_table_and_differ_are_refused():
    """The denominator is said to be the same in all weeks, but somebody comes in the
    second.
    """
    people = [Person({"sex": "f"}, [1, 0])] * 3 + [Person({"sex": "f"}, [-1, 0])]
    with pytest.raises(CohortflowError, match="do not agree"):
        laid(CountsOf(people, [()], weeks=2, moves=()))


def test_a_sum_brings_the_people_behind_it_and_its_largest():
    people = [Person({"sex": "f"}, [0], events) for events in (0, 4, 9)]
    layout = laid(CountsOf(people, [("sex",)], nested=0, events=True))
    assert layout.tables[TableKey("events", ("sex",), START, END)].tolist() == [13]
    assert layout.tables[TableKey("events/people", ("sex",), START, END)].tolist() == [
        2
    ]
    assert layout.largest == {("events", START, END): 9}


def test_rows_that_are_not_asked_for_are_nowhere():
    layout = laid(CountsOf(NINE, ONE_SEX), asked=np.array([True, False, False]))
    assert layout.cell_of.tolist() == [0, NOWHERE, NOWHERE]
    assert [key.grouping for key in layout.tables] == [(), ()]


def test_how_a_table_and_its_cells_are_written():
    assert TableKey("n0", ("age", "sex"), START, "").id == "n0|age+sex|2019-04-01|"
    assert cell_text(("ä", None, 3)) == '["ä", null, 3]'
    assert laid(CountsOf(NINE, ONE_SEX)).cell_texts(("sex",)) == ['["f"]', '["m"]']
