"""A large measure has a file for each year, none of them too long."""

from datetime import date

import pyarrow as pa

from measures.release.parts import parts_of


def rows(years):
    days = [date(year, 1, 1) for year, count in years.items() for _ in range(count)]
    return pa.table({"interval_start": days, "row": range(len(days))})


def test_what_fits_is_one_file():
    assert parts_of(rows({2019: 3, 2020: 2}), most=5) == {"": rows({2019: 3, 2020: 2})}


def test_what_does_not_fit_has_a_file_for_each_year():
    parts = parts_of(rows({2019: 3, 2020: 3}), most=5)
    assert {name: part["row"].to_pylist() for name, part in parts.items()} == {
        ".2019": [0, 1, 2],
        ".2020": [3, 4, 5],
    }


def test_a_year_that_does_not_fit_has_several():
    parts = parts_of(rows({2019: 2, 2020: 7}), most=3)
    assert {name: part["row"].to_pylist() for name, part in parts.items()} == {
        ".2019": [0, 1],
        ".2020-1": [2, 3, 4],
        ".2020-2": [5, 6, 7],
        ".2020-3": [8],
    }
