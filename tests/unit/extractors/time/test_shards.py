# mypy: ignore-errors
"""People in two shards are counted as they are in one; what lies in a shard is what was
written.
"""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

import extractors
from extractors import INTERVAL, weeks
from extractors.errors import ArgumentsError, EngineError
from extractors.time import shards as shards_module
from extractors.time.shards import (
    counts_in,
    is_whole,
    shard_folder,
    shards_of,
    write_counts,
    write_shard,
)
from extractors.time.stretches import cohort_sql
from extractors.time.touched import touched_in, write_cohort
from extractors.time.whole_cohort import PERIODS, write_periods
from measures.definitions import create_measures
from tests.flows.damage import damage_batch
from tests.flows.shelves import read
from tests.lib.planned import Planned
from tests.lib.tables import e, p

MONDAY = date(2020, 1, 6)
WEEKS = weeks(5).starting_on(MONDAY)
in_week = e.where(e.d1.is_during(INTERVAL))


def study():
    measures = create_measures()
    measures.define_defaults(denominator=p.d1 <= INTERVAL.start_date, intervals=WEEKS)
    measures.define_measure(
        "seen", in_week.exists_for_patient(), group_by={"letter": p.s1}
    )
    measures.define_measure("events", in_week.i1.sum_for_patient())
    return list(measures)


def records(patients):
    born = [
        {
            "patient_id": who,
            "d1": MONDAY + timedelta(3 * who - 20),
            "s1": "abc"[who % 3],
        }
        for who in patients
    ]
    seen = [
        {"patient_id": who, "d1": MONDAY + timedelta(5 * who % 37), "i1": who * n}
        for who in patients
        for n in range(3)
    ]
    return {"p": born, "e": seen}


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    for number, patients in enumerate((range(1, 8), range(8, 14))):
        folder = shard_folder(tmp_path, number)
        folder.mkdir()
        with Planned(study(), records(patients)) as planned:
            write_shard(planned.engine, planned.timelines, folder)
            write_periods(planned.timelines, tmp_path / PERIODS)
    return tmp_path


@pytest.fixture
def whole():
    with Planned(study(), records(range(1, 14))) as planned:
        yield planned


def test_counts_of_two_shards_are_those_of_all(shards: Path, whole: Planned):
    write_counts(whole.engine, whole.timelines, shards, 0, shards / "counts")
    for place, (_, _, rows) in enumerate(whole.counts()):
        assert rows
        assert counts_in(shards / "counts", place).to_pylist() == rows


def test_the_whole_cohort_is_a_stream_in_order_of_patients(
    shards: Path, whole: Planned
):
    for place, (start, end) in enumerate(WEEKS):
        stream = extractors.cohort(f"{start}..{end}", shards)
        expected = whole.engine.arrow(
            f"SELECT * FROM ({cohort_sql(whole.timelines.chains[0], 0, place)}) "
            "ORDER BY 1"
        )
        assert stream.read_all().to_pylist() == expected.to_pylist()
    with pytest.raises(
        ArgumentsError,
        match=r"There is no period '2020-01-07'; name one like 2020-01-06\.\.2020-01-12",
    ):
        extractors.cohort("2020-01-07", shards)
    with pytest.raises(ArgumentsError, match="There are no timelines"):
        extractors.cohort("2020-01-06", shards / "nowhere")
    with pytest.raises(ArgumentsError, match="There are no timelines in nowhere"):
        extractors.cohort("2020-01-06", "nowhere")


def test_a_period_has_the_people_whom_its_rows_touched(shards: Path, tmp_path: Path):
    found = {}
    for place, (start, end) in enumerate(WEEKS):
        write_cohort(shards, 0, place, tmp_path / "cohort.parquet")
        found[start] = read(tmp_path / "cohort.parquet")["patient_id"].to_pylist()
        assert found[start] == sorted(
            {
                row["patient_id"]
                for row in records(range(1, 14))["e"]
                if start <= row["d1"] <= end
            }
            & {
                row["patient_id"]
                for row in records(range(1, 14))["p"]
                if row["d1"] <= start
            }
        )
    assert any(found.values())


def test_damaged_rows_fail_their_period_alone(shards: Path):
    folder = shard_folder(shards, 1)
    assert is_whole(folder)
    damage_batch(folder / "touched-0.arrow", 2)
    assert not is_whole(folder)
    assert touched_in(shards, 0, 1) is not None
    with pytest.raises(EngineError, match=r"The rows of this period are damaged\."):
        touched_in(shards, 0, 2)


def test_a_shard_that_is_being_written_is_none(shards: Path):
    (shards / "shard-0001.unfinished-0123").mkdir()
    assert [folder.name for folder in shards_of(shards)] == ["shard-0000", "shard-0001"]


def test_changes_that_are_mostly_zeros_take_little_room(tmp_path: Path):
    """Of 50 columns a row has a number in one or two."""
    changes = pa.table(
        {f"n{n}": [n * (row % 50 == n) for row in range(5_000)] for n in range(50)}
    )
    shards_module.write_changes(changes, tmp_path / "changes.arrow")
    assert shards_module.read_all(tmp_path / "changes.arrow").equals(changes)
    assert (tmp_path / "changes.arrow").stat().st_size < changes.nbytes / 20
