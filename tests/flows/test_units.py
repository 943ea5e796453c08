"""Deciles over practices and standardised rates, from records to the page, against
arithmetic on the records.
"""

import csv
import datetime
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.conftest import STUDIES
from tests.flows.shelves import Shelves

MONTHS = ("2020-01-01", "2020-02-01")
PRACTICES, EACH, LATE = 120, 125, 25  # so many practices begin in the second month
FIRST_PRACTICE = 7_100_001  # a number that is nowhere else
PEOPLE = PRACTICES * EACH
# how old most people of a band are, and its weight in the standard
BANDS = {
    "0-39": (1995, 47_000),
    "40-49": (1975, 14_000),
    "50-64": (1961, 19_500),
    "65+": (1945, 19_500),
}
OFF = 2  # by how much rounding to the nearest five is wrong at most
Z = 1.959963984540054


@dataclass(frozen=True)
class World:
    """Who there is: for each person the practice, the band, and whether they are seen
    in each month.
    """

    practice: np.ndarray
    band: np.ndarray
    seen: np.ndarray


def world() -> World:
    """The later a practice's number, the more of its people are seen; nobody of the
    late ones in January.
    """
    rng = np.random.default_rng(11)
    practice = np.repeat(np.arange(PRACTICES), EACH)
    chance = 0.15 + practice / 250
    seen = rng.random((2, PEOPLE)) < chance
    return World(practice, rng.integers(0, len(BANDS), PEOPLE), seen)


def is_there(drawn: World, month: int) -> np.ndarray:
    return (drawn.practice < PRACTICES - LATE) | (month == 1)


def write_world(drawn: World, folder: Path) -> Path:
    folder.mkdir()
    ids = np.arange(1, PEOPLE + 1)
    born = [datetime.date(year, 6, 1) for year, _ in BANDS.values()]
    patients = {
        "patient_id": ids,
        "date_of_birth": [born[band] for band in drawn.band],
        "sex": ["female"] * PEOPLE,
        "date_of_death": pa.nulls(PEOPLE, pa.date32()),
    }
    starts = [
        datetime.date(2020 if late else 2010, 1, 20) for late in ~is_there(drawn, 0)
    ]
    registrations = {
        "patient_id": ids,
        "start_date": starts,
        "end_date": pa.nulls(PEOPLE, pa.date32()),
        "practice_pseudo_id": drawn.practice + FIRST_PRACTICE,
    }
    month, person = np.nonzero(drawn.seen)
    events = {
        "patient_id": ids[person],
        "date": [datetime.date(2020, 1 + each, 25) for each in month],
        "snomedct_code": ["413606001"] * len(person),
        "numeric_value": [120.0] * len(person),
    }
    tables = {
        "patients": patients,
        "practice_registrations": registrations,
        "clinical_events": events,
    }
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def drawn() -> World:
    return world()


@pytest.fixture(scope="module")
def release(
    cohortflow: Command, drawn: World, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("units")
    records = write_world(drawn, folder / "records")
    where = (
        "--records",
        records,
        "--policy",
        "opensafely",
        "--workspace",
        folder / "w",
    )
    own = {
        "COHORTFLOW_KEY_FILE": folder / "key" / "key",
        "COHORTFLOW_LEDGER": folder / "key" / "ledger",
    }
    cohortflow("run", STUDIES / "units.py", *where, **own).well()
    return Shelves(folder / "w", "units").released()


def rows_of(release: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(release[name].decode("utf-8"), newline="")))


def nearest_five(count: float) -> int:
    return int(count + 2) // 5 * 5


def test_world_has_the_sizes_that_the_tests_speak_of(drawn):
    assert PRACTICES - LATE < 100 <= PRACTICES
    assert all(np.bincount(drawn.practice) == EACH)


@pytest.mark.slow
def test_deciles_are_those_of_the_practices_rates(release, drawn):
    found = rows_of(release, "deciles/seen.csv")
    rates = []
    for number in range(PRACTICES):
        counted = int(drawn.seen[1][drawn.practice == number].sum())
        rates.append(nearest_five(counted) / nearest_five(EACH))
    february = [row for row in found if row["interval_start"] == MONTHS[1]]
    assert [int(row["percentile"]) for row in february] == [*range(10, 100, 10)]
    for row in february:
        expected = float(np.percentile(rates, int(row["percentile"])))
        assert float(row["ratio"]) == float(f"{expected:.3g}")
        assert (row["units"], row["status"]) == (f"{PRACTICES // 10 * 10}", "released")


@pytest.mark.slow
def test_month_of_fewer_than_100_practices_has_no_deciles_anywhere(release):
    january = [
        row
        for row in rows_of(release, "deciles/seen.csv")
        if row["interval_start"] == MONTHS[0]
    ]
    assert [row["status"] for row in january] == ["withheld"] * 9
    assert {
        row[name]
        for row in january
        for name in ("ratio", "ratio_at_least", "ratio_at_most", "units")
    } == {""}
    page = release["report.html"].decode("utf-8")
    [table] = re.findall(
        r"<table[^>]*><caption>[^<]*deciles over units.*?</table>", page, re.DOTALL
    )
    cells = {
        row[0]: row[1:]
        for row in (
            re.findall(r"<t[hd][^>]*>([^<]*)<", each)
            for each in table.split("<tr>")[1:]
        )
    }
    assert set(cells[MONTHS[0]]) == {"[c]"}
    assert "[c]" not in cells[MONTHS[1]]
    shown = [
        row
        for row in rows_of(release, "deciles/seen.csv")
        if row["interval_start"] == MONTHS[1]
    ]
    assert [float(each) for each in cells[MONTHS[1]][:9]] == pytest.approx(
        [float(r["ratio"]) * 1000 for r in shown]
    )
    assert "Of 2" not in table
    assert "1 period withheld" in page


@pytest.mark.slow
def test_no_practice_is_anywhere_in_the_release(release):
    for name, content in release.items():
        assert b"71000" not in content, name
        if name != "asked.json":  # which says in words what the deciles are over
            assert b"seen_deciles" not in content, name


@pytest.mark.slow
@pytest.mark.parametrize("month", [0, 1])
def test_standardised_rate_is_dobsons_of_the_released_bands(release, drawn, month):
    [row] = [
        row
        for row in rows_of(release, "standardised/seen_by_age_band.csv")
        if row["interval_start"] == MONTHS[month]
    ]
    counts, people = [], []
    for number in range(len(BANDS)):
        mine = (drawn.band == number) & is_there(drawn, month)
        counts.append(nearest_five(drawn.seen[month][mine].sum()))
        people.append(nearest_five(mine.sum()))
    weights = [weight for _, weight in BANDS.values()]
    assert (row["standard"], row["bands_withheld"], row["status"]) == (
        "ESP2013",
        "0",
        "released",
    )
    assert float(row["ratio"]) == float(f"{dobson(counts, people, weights)[0]:.3g}")
    low = dobson([x - OFF for x in counts], [n + OFF for n in people], weights)
    high = dobson([x + OFF for x in counts], [n - OFF for n in people], weights)
    ends = {
        "ratio_at_least": low[0],
        "ci_low": low[1],
        "ratio_at_most": high[0],
        "ci_high": high[2],
    }
    for name, end in ends.items():
        assert float(row[name]) == pytest.approx(end, rel=6e-3)
        outward = (
            float(row[name]) <= end
            if name in ("ratio_at_least", "ci_low")
            else float(row[name]) >= end
        )
        assert outward, name
    page = release["report.html"].decode("utf-8")
    assert f"{float(row['ratio']) * 1000:.3g}" in re.findall(
        r"<td>([\d.]+)", page[page.index("standardised (ESP2013)") :]
    )


def dobson(
    counts: list[int], people: list[int], weights: list[int]
) -> tuple[float, float, float]:
    """The rate and its 95 % interval, from the formulas of Dobson 1991 and Byar."""
    whole, events = sum(weights), sum(counts)
    rate = (
        sum(w * x / n for w, x, n in zip(weights, counts, people, strict=True)) / whole
    )
    variance = (
        sum(w * w * x / n / n for w, x, n in zip(weights, counts, people, strict=True))
        / whole**2
    )
    lower = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3
    upper = (events + 1) * (
        1 - 1 / (9 * (events + 1)) + Z / (3 * math.sqrt(events + 1))
    ) ** 3
    step = math.sqrt(variance / events)
    return rate, rate + step * (lower - events), rate + step * (upper - events)
