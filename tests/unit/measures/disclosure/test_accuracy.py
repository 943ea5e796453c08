"""What is said of the errors of a release: only what hides each of them."""

import pytest

from measures.disclosure.accuracy import least_cells
from measures.disclosure.control import protect
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting
from tests.lib.people_counts import CountsOf, Person


def notes(people, groupings, weeks=1, nested=1):
    study = CountsOf(people, groupings, weeks=weeks, nested=nested)
    return protect(
        study.raw(), "controlled", Setting(study.structure(), Key(bytes(range(32))))
    ).notes


def test_accuracy_is_told_only_over_many_cells():
    """A cell in 166 weeks is one cell: its people, and so its error, may be the same
    all the time.
    """
    few = notes(
        [Person({"sex": "fm"[n % 2]}, [n % 2] * 166) for n in range(300)],
        [("sex",)],
        weeks=166,
    )
    assert all(band["mean_error"] is None for band in few["accuracy"]["bands"])
    copies = notes(
        [Person({"sex": "fm"[n % 2]}, [n % 160]) for n in range(1920)],
        [("sex",)],
        nested=130,
    )
    assert all(band["mean_error"] is None for band in copies["accuracy"]["bands"]), (
        "nor are 130 measures of it 130 cells"
    )
    cells = least_cells(10) + 50
    people = [
        Person({"sex": f"{n}"}, [0]) for n in range(cells) for _ in range(25 + n % 10)
    ]
    told = {
        band["size"]: band for band in notes(people, [("sex",)])["accuracy"]["bands"]
    }["0 to 49"]
    assert told["counts"] % 100 == 0 and told["counts"] >= least_cells(10)
    assert abs(told["mean_error"]) <= 1 and 1 <= told["mean_absolute_error"] <= 5
    assert told["mean_error"] * 2 == int(told["mean_error"] * 2)


@pytest.mark.parametrize(("base", "cells"), [(5, 100), (10, 200), (15, 300)])
def test_a_mean_is_told_over_so_many_cells_that_its_rounding_hides_ten_bases(
    base, cells
):
    """Means are rounded to halves: 200 cells with one mean have sums 100 apart, ten
    bases of 10.
    """
    assert least_cells(base) == cells


def test_the_share_of_redacted_counts_is_told_of_both_parts():
    """Of 8 cells 2 are small in the numerator; all denominators are shown."""
    sizes = {f"{n}": 40 for n in range(8)}
    people = [
        Person({"sex": sex}, [int(number < (2 if sex in "01" else 35))])
        for sex, size in sizes.items()
        for number in range(size)
    ]
    study = CountsOf(people, [("sex",)])
    told = protect(study.raw(), "opensafely", Setting(study.structure())).notes[
        "accuracy"
    ]
    assert told["redacted_share"] == {"numerator": 0.25, "denominator": 0.0}
