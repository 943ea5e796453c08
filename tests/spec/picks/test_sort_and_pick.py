"""Picking one row for each patient"""

from tests.lib.tables import e, p

RECORDS = {
    e: """
          |  i1 | i2 | s1 | d1         | f1
        --+-----+----+----+------------+------
        1 | 101 |  3 | b  | 2020-02-29 |  1.5
        1 | 102 |  2 | B  | 2020-03-01 | -1.5
        1 | 103 |  1 |    | 2019-12-31 |  0.5
        2 | 201 |  1 | a  |            |
        2 | 202 |  1 | a  | 2020-01-01 |  2.5
    """
}


def test_first(spec):
    """first_for_patient() picks the lowest"""
    spec(RECORDS, e.sort_by(e.i1).first_for_patient().i1, {1: 101, 2: 201})


def test_last(spec):
    """last_for_patient() picks the highest"""
    spec(RECORDS, e.sort_by(e.i1).last_for_patient().i1, {1: 103, 2: 202})


def test_null_sorts_lowest(spec):
    """NULL sorts before every value, so it is picked first"""
    spec(RECORDS, e.sort_by(e.s1).first_for_patient().i1, {1: 103, 2: 201})


def test_null_is_last_only_if_alone(spec):
    """With last_for_patient() any value wins over NULL"""
    spec(RECORDS, e.sort_by(e.d1).last_for_patient().i1, {1: 102, 2: 202})


def test_strings_sort_by_code_point(spec):
    """Strings sort by their characters, capital letters before small ones"""
    spec(
        RECORDS,
        e.where(e.s1.is_not_null()).sort_by(e.s1).first_for_patient().s1,
        {1: "B", 2: "a"},
    )


def test_sort_by_float(spec):
    """Floats can be sorted"""
    spec(RECORDS, e.sort_by(e.f1).last_for_patient().f1, {1: 1.5, 2: 2.5})


def test_sort_by_expression(spec):
    """Any expression over the frame's rows is a key"""
    spec(RECORDS, e.sort_by(-e.i1).first_for_patient().i1, {1: 103, 2: 202})


def test_sort_by_expression_with_patient_value(spec):
    """A key may mix the row's and the patient's values"""
    records = {
        p: """
          | i1
        --+-----
        1 | 102
        2 | 0
    """,
        **RECORDS,
    }
    spec(
        records,
        e.sort_by((e.i1 - p.i1).absolute()).first_for_patient().i1,
        {1: 102, 2: 201},
    )


def test_first_key_counts_most(spec):
    """Of several keys the first counts most"""
    spec(RECORDS, e.sort_by(e.i2, e.i1).last_for_patient().i1, {1: 101, 2: 202})


def test_sorting_again(spec):
    """Sorting again makes the new key the most important and keeps the old one below
    it
    """
    spec(RECORDS, e.sort_by(e.i1).sort_by(e.i2).last_for_patient().i1, {1: 101, 2: 202})


def test_where_after_sort(spec):
    """where() after sort_by() keeps the order"""
    spec(
        RECORDS,
        e.sort_by(e.i1).where(e.i2 < 3).first_for_patient().i1,
        {1: 102, 2: 201},
    )


def test_where_before_sort(spec):
    """where() before sort_by() leaves the rows to pick from"""
    spec(
        RECORDS, e.where(e.i2 < 2).sort_by(e.i1).last_for_patient().i1, {1: 103, 2: 202}
    )


def test_key_of_an_earlier_frame(spec):
    """A key may name columns of the frame before it was filtered"""
    rows = e.where(e.i2 < 3)
    spec(
        RECORDS,
        rows.sort_by(rows.i2).sort_by(e.i1).first_for_patient().i1,
        {1: 102, 2: 201},
    )


def test_no_row_to_pick(spec):
    """Without a row to pick all columns are NULL"""
    spec(
        RECORDS,
        e.where(e.i1 > 200).sort_by(e.i1).first_for_patient().i1,
        {1: None, 2: 201},
    )


def test_picks_from_a_pick(spec):
    """A picked value may filter the rows for another pick: here, the next row after the
    first
    """
    first = e.where(e.d1.is_not_null()).sort_by(e.d1).first_for_patient()
    following = e.where(e.d1 > first.d1).sort_by(e.d1).first_for_patient()
    spec(RECORDS, following.i1, {1: 101, 2: None})


def test_pick_filtered_by_a_pick(spec):
    """Picks nest to any depth"""
    lowest = e.sort_by(e.i2, e.i1).first_for_patient()
    rows = e.where(e.i1 != lowest.i1)
    spec(
        RECORDS, rows.sort_by(rows.i2, rows.i1).first_for_patient().i1, {1: 102, 2: 202}
    )


def test_columns_of_one_pick_are_of_one_row(spec):
    """All columns of a pick come from the same row"""
    picked = e.sort_by(e.i1).last_for_patient()
    spec(
        RECORDS,
        {"i1": picked.i1, "i2": picked.i2, "s1": picked.s1},
        {1: {"i1": 103, "i2": 1, "s1": None}, 2: {"i1": 202, "i2": 1, "s1": "a"}},
    )
