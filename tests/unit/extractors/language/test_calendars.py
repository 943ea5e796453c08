# mypy: ignore-errors
"""Quarters, ISO weeks and bands, against dates from calendars and numbers by hand."""

from datetime import date

import pytest

from extractors import in_bands, iso_weeks, quarters
from extractors.evaluation import evaluate
from extractors.language.dataset import create_dataset
from extractors.tables import omop as o


def test_quarters():
    found = quarters(3).starting_on("2019-10-01")
    assert found == [
        (date(2019, 10, 1), date(2019, 12, 31)),
        (date(2020, 1, 1), date(2020, 3, 31)),
        (date(2020, 4, 1), date(2020, 6, 30)),
    ]
    assert quarters(3).ending_on("2020-06-30") == found
    assert quarters(1).starting_on("2019-12-15") == [
        (date(2019, 12, 15), date(2020, 3, 14))
    ]


def test_iso_weeks():
    assert iso_weeks(2).starting_on("2020-W53") == [
        (date(2020, 12, 28), date(2021, 1, 3)),
        (date(2021, 1, 4), date(2021, 1, 10)),
    ]
    assert iso_weeks(1).starting_on("2019W01") == [
        (date(2018, 12, 31), date(2019, 1, 6))
    ]


REFUSED = [
    (lambda: quarters(0), ValueError, "at least 1"),
    (lambda: quarters("2"), TypeError, "a whole number"),
    (lambda: quarters(2).starting_on("2019"), ValueError, "YYYY-MM-DD"),
    (lambda: iso_weeks(2).starting_on("2019-04-01"), ValueError, "written as 2019-W14"),
    (lambda: iso_weeks(2).starting_on("2019-W53"), ValueError, "there is no week"),
    (
        lambda: iso_weeks(2).starting_on(date(2019, 4, 1)),
        TypeError,
        "written as 2019-W14",
    ),
    (
        lambda: in_bands(3, [(0, 1)]),
        TypeError,
        "needs a series of whole numbers, got int",
    ),
    (
        lambda: in_bands(o.measurement.value_as_number, [(0, 1)]),
        TypeError,
        "got a series of float",
    ),
    (lambda: in_bands(o.person.year_of_birth, []), TypeError, "needs a list of bands"),
    (
        lambda: in_bands(o.person.year_of_birth, [(0, 1.5)]),
        TypeError,
        "a pair of whole numbers",
    ),
    (
        lambda: in_bands(o.person.year_of_birth, [(2, 1)]),
        ValueError,
        "ends before it starts",
    ),
    (
        lambda: in_bands(o.person.year_of_birth, [(5, None), (0, 5)]),
        ValueError,
        "have a number in common",
    ),
    (
        lambda: in_bands(o.person.year_of_birth, [(0, None), (5, 6)]),
        ValueError,
        "have a number in common",
    ),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_is_refused(number):
    wrong, error, said = REFUSED[number]
    with pytest.raises(error, match=said):
        wrong()


def test_bands():
    dataset = create_dataset()
    dataset.define_population(o.person.exists_for_patient())
    dataset.band = in_bands(
        o.person.year_of_birth, [(10, None), (0, 8), (9, 9)], otherwise="none"
    )
    rows = [
        {"patient_id": place, "year_of_birth": year}
        for place, year in enumerate([-1, 0, 8, 9, 10, 99, None])
    ]
    found = [row["band"] for row in evaluate(dataset, {"person": rows})]
    assert found == [
        "none",
        "0 to 8",
        "0 to 8",
        "9",
        "10 or over",
        "10 or over",
        "none",
    ]
