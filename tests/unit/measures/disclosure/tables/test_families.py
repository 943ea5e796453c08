"""Which tables are tied to each other, worked by hand."""

from datetime import date

import numpy as np
import pytest

from measures.disclosure.tables.families import connected, tie
from measures.disclosure.tables.layout import TableKey, lay_out
from tests.lib.people_counts import CountsOf, Person
from tests.lib.structures import structure_from
from tests.lib.tied_tables import ONE_SEX, crowd

NINE = crowd({"f": 3}, level=1) + crowd({"f": 2, "m": 4})
START, END = "2019-04-01", "2019-04-07"
FORTNIGHT = [
    (date(2019, 4, 1), date(2019, 4, 7)),
    (date(2019, 4, 8), date(2019, 4, 14)),
    (date(2019, 4, 1), date(2019, 4, 14)),
]


def tied(study, structure=None):
    raw = study.raw()
    layout = lay_out(raw, structure or study.structure(), np.ones(len(raw.table), bool))
    return layout, tie(layout)


def of(count, grouping=(), start=START, end=END):
    return TableKey(count, grouping, start, end)


def everybody(grouping=()):
    return of("all", grouping, end="")


def test_a_table_adds_up_to_its_total_and_a_part_is_within_its_whole():
    _, ties = tied(CountsOf(NINE, ONE_SEX))
    assert {pair: places.tolist() for pair, places in ties.sums.items()} == {
        (of("n0"), of("n0", ("sex",))): [0, 0],
        (everybody(), everybody(("sex",))): [0, 0],
    }
    assert ties.pairs == {
        (of("n0"), everybody()),
        (of("n0", ("sex",)), everybody(("sex",))),
    }


def test_what_two_tables_have_in_common_is_a_margin_that_nobody_shows():
    people = [
        Person({"a": a, "b": b, "c": "x"}, [0]) for a, b in ("11", "12", "22", "22")
    ]
    layout, ties = tied(CountsOf(people, [("a", "b"), ("b", "c")]))
    by_b, crossed = everybody(("b",)), everybody(("a", "b"))
    assert layout.tables[by_b].tolist() == [1, 3]
    assert layout.tables[everybody()].tolist() == [4]
    assert ties.sums[by_b, crossed].tolist() == [0, 1, 1]
    assert (everybody(), crossed) not in ties.sums, (
        "it adds up to its nearest margin alone"
    )


def windowed(alone):
    """The numerator only grows with its interval."""
    study = CountsOf(
        [Person({"sex": "f"}, [1, 0, 1])] * 3, [()], weeks=3, intervals=FORTNIGHT
    )
    data = study.structure_json()
    data["counts"]["n0"]["window"] = {"moves_with": [], "alone": alone}
    return tied(study, structure_from(data))[1]


@pytest.mark.parametrize("alone", [True, False])
def test_a_week_is_within_its_fortnight_which_its_weeks_cover(alone):
    ties = windowed(alone)
    first, second = of("n0"), of("n0", start="2019-04-08", end="2019-04-14")
    both = of("n0", end="2019-04-14")
    assert {(first, both), (second, both)} <= ties.pairs
    assert ties.covers == ({(both, (first, second))} if alone else set())


def test_no_window_no_ties_over_time():
    study = CountsOf(
        [Person({"sex": "f"}, [1, 0, 1])] * 3, [()], weeks=3, intervals=FORTNIGHT
    )
    _, ties = tied(study)
    assert {(part.of, whole.of) for part, whole in ties.pairs} == {("n0", "all")}


def test_tables_are_one_family_at_however_many_removes():
    layout, ties = tied(CountsOf(NINE, ONE_SEX))
    [family] = connected(layout.tables, ties)
    assert set(family) == set(layout.tables)
    apart = connected([of("n0", ("sex",)), everybody()], ties)
    assert apart == [[of("n0", ("sex",))], [everybody()]], (
        "the tables between them are not there"
    )
