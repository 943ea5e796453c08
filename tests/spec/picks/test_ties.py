"""Ties are broken by what is selected"""

from tests.lib.tables import e

TIED = {
    e: """
          |  i1 | i2 |  i3 | b1 | s1
        --+-----+----+-----+----+----
        1 | 100 |  1 | 103 | T  | a
        1 | 100 |  1 | 102 | F  | b
        2 | 200 |  1 |     |    | c
        2 | 200 |  1 | 201 | T  |
    """
}


def test_selected_column_breaks_the_tie(spec):
    """A tie is broken by the column that is selected, lowest first"""
    spec(TIED, e.sort_by(e.i1, e.i2).first_for_patient().i3, {1: 102, 2: None})


def test_selected_column_in_the_direction_of_the_pick(spec):
    """The tie-break has the direction of the pick"""
    spec(TIED, e.sort_by(e.i1, e.i2).last_for_patient().i3, {1: 103, 2: 201})


def test_selected_bool(spec):
    """Of bools False sorts before True, and NULL before both"""
    spec(TIED, e.sort_by(e.i1).first_for_patient().b1, {1: False, 2: None})


def test_selected_bool_last(spec):
    """From the other end True is the first choice"""
    spec(TIED, e.sort_by(e.i1).last_for_patient().b1, {1: True, 2: True})


def test_selected_columns_in_order_of_name(spec):
    """Of several selected columns the one whose name comes first in the alphabet
    decides
    """
    picked = e.sort_by(e.i1).first_for_patient()
    spec(
        TIED,
        {"z": picked.i3, "a": picked.s1},
        {1: {"z": 102, "a": "b"}, 2: {"z": None, "a": "c"}},
    )


def test_a_sort_key_does_not_break_ties_twice(spec):
    """A selected column that is a sort key already changes nothing"""
    picked = e.sort_by(e.i1).first_for_patient()
    spec(
        TIED,
        {"i1": picked.i1, "s1": picked.s1},
        {1: {"i1": 100, "s1": "a"}, 2: {"i1": 200, "s1": None}},
    )


def test_columns_selected_elsewhere_count(spec):
    """A column that only the population selects breaks the tie as well"""
    picked = e.sort_by(e.i1).first_for_patient()
    population = e.exists_for_patient() & (picked.i3.is_null() | (picked.i3 > 0))
    spec(TIED, picked.s1, {1: "b", 2: "c"}, population=population)


def test_columns_used_before_the_pick_do_not_count(spec):
    """A column used to filter is not selected from the pick"""
    spec(
        TIED, e.where(e.i3 > 0).sort_by(e.i1).first_for_patient().s1, {1: "a", 2: None}
    )


def test_picks_in_two_directions(spec):
    """The first and the last are two picks, each with its own selected columns"""
    sorted_rows = e.sort_by(e.i1)
    first, last = sorted_rows.first_for_patient(), sorted_rows.last_for_patient()
    spec(
        TIED,
        {"first": first.s1, "last": last.i3},
        {1: {"first": "a", "last": 103}, 2: {"first": None, "last": 201}},
    )
