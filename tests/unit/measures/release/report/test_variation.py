"""Unusual variation on a page: refused where points or people are too few, and doubted
where they are few.
"""

import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.release.report.making import make_report

MONTHS = [
    (date(2020 + n // 12, 1 + n % 12, 1), date(2020 + n // 12, 1 + n % 12, 28))
    for n in range(24)
]
PEOPLE = 10_000
REFUSED, DOUBTED = "There are no limits: ", "some marks may be rounding"


def page_of(folder: Path, counts: list[int], **said: object) -> tuple[str, set[str]]:
    """The page of a series of monthly counts, and the names of its pictures."""
    shape = MeasureShape("seen", (), tuple(MONTHS[: len(counts)]), is_proportion=True)
    rows = []
    for (start, end), count in zip(MONTHS, counts, strict=False):
        keys = {
            "measure": "seen",
            "interval_start": start,
            "interval_end": end,
            "group_by": "",
        }
        parts = {"numerator": count, "denominator": PEOPLE}
        rows.append(
            {
                **keys,
                **parts,
                **{f"{name}_patients": number for name, number in parts.items()},
            }
        )
    table = pa.Table.from_pylist(rows, schema=raw_schema({}))
    measure = {
        "name": "seen",
        "family": 0,
        "mean": False,
        "numerator": "n",
        "denominator": "d",
        "groups": {},
    }
    described = {"measures": {"seen": {"spc": True, **said}}}
    asked = {
        "measures": [measure],
        "codelists": [],
        "definition": [],
        "described": described,
    }
    write_release(
        protect(gather([table], [shape], {}), "opensafely"),
        folder,
        {"study": "seen"},
        asked=asked,
    )
    made = make_report(folder, processes=1)
    return made.html, set(made.pictures)


def around(middle: int, months: int) -> list[int]:
    return [middle + 5 * (number % 3 - 1) for number in range(months)]


@pytest.mark.parametrize("counts, words", [
    (around(200, 12), "12 released periods, and 13 are the fewest"),
    # what is withheld is none
    ([*around(200, 12), 3], "12 released periods, and 13 are the fewest"),
    (around(40, 20), "half of the counts are below 50, where rounding looks like change"),
])  # fmt: skip
def test_limits_are_refused(tmp_path, counts, words):
    page, pictures = page_of(tmp_path / "m", counts)
    assert f"{REFUSED}{words}" in page
    assert "Diamonds mark" not in page
    assert pictures == {"seen"}


@pytest.mark.parametrize(
    "middle, is_doubted", [(50, True), (95, True), (100, False), (400, False)]
)
def test_limits_of_few_people_are_doubted(tmp_path, middle, is_doubted):
    page, pictures = page_of(tmp_path / "m", around(middle, 13))
    assert REFUSED not in page
    assert (DOUBTED in page) == is_doubted
    assert pictures == {"seen", "seen.variation"}


def test_stretch_of_too_few_points_has_no_limits(tmp_path):
    """Thirteen months, then four after everything began anew."""
    page, _ = page_of(
        tmp_path / "m", [*around(200, 13), *around(400, 4)], rebase=["2021-02-01"]
    )
    [told] = set(
        re.findall(
            r"From 1 January 2020 the mean is ([\d.]+), and usual variation", page
        )
    )
    assert float(told) == pytest.approx(
        sum(around(200, 13)) / 13 / PEOPLE * 1000, rel=5e-3
    )
    assert "From 1 February 2021 there are too few points, or they do not vary." in page


def test_marks_are_told_with_their_rule(tmp_path):
    page, _ = page_of(tmp_path / "m", [*around(200, 12), 400, *around(200, 3)])
    told = re.findall(r"<li>([^<]*): above the upper limit", page)
    assert told == ["1 January 2021 to 28 January 2021"]
