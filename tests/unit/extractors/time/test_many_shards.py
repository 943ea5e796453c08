"""Many shards of patients give what one gives."""

import gc
import json
import tempfile
from datetime import date

import pytest

import extractors
from extractors import snapshot
from extractors.engine import Engine
from extractors.sql.cells import PLACE
from extractors.sql.words import quote
from extractors.time import shards
from extractors.time.timelines import touched_table
from extractors.time.touched import touched_in
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from tests.benchmarks.agreement import differences, our_counts
from tests.benchmarks.baseline import Codelists, Period, count, open_parquet
from tests.benchmarks.inline import InlineRun
from tests.flows.shelves import read

WEEK = Period("weekly", date(2021, 1, 18), date(2021, 1, 24))
MONTH = Period("monthly", date(2022, 3, 1), date(2022, 3, 31))
PATIENTS, SHARD = 400, 70


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    prepare(
        Options("nhs_at_home", patients=PATIENTS, workspace=str(folder))
    ).records.write_to(folder / "records")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "SHARD", SHARD)
        run = InlineRun(
            prepare(
                Options("nhs_at_home", str(folder / "records"), workspace=str(folder))
            )
        )
        run.prepare_inputs()
        run.extract(f"{period.start}..{period.end}" for period in (WEEK, MONTH))
    return run


def test_counts_of_many_shards(run):
    root = run.prepared.workspace.root
    assert len(run.prepared.places.snapshot.shards) == 8
    with open_parquet(root / "records") as connection:
        for period in (WEEK, MONTH):
            assert (
                differences(
                    our_counts(root, period), count(connection, Codelists(), period)
                )
                == []
            )


def test_whole_cohorts_of_many_shards(run, tmp_path):
    """Also where nothing is known of the series, and integers are stored narrower in
    one shard than in another.
    """
    (period,) = [f"{WEEK.start}..{WEEK.end}"]
    (alone,) = run.extract_general([period], tmp_path)
    assert sorted(read(alone.counts).to_pylist(), key=repr) == sorted(
        read(run.prepared.jobs[period].counts).to_pylist(), key=repr
    )
    whole = extractors.cohort(period, run.prepared.places.timelines).read_all()
    assert (
        whole["patient_id"].to_pylist() == read(alone.cohort)["patient_id"].to_pylist()
    )


def test_a_whole_cohort_spills_where_nobody_else_looks(run, tmp_path, monkeypatch):
    """Not into the current folder, as DuckDB would; and nothing is left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stream = extractors.cohort(
        f"{WEEK.start}..{WEEK.end}", run.prepared.places.timelines
    )
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(stream.read_all()) > 0
    del stream
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_integers_that_are_wider_in_one_shard_than_in_another(tmp_path):
    for number, uses in enumerate((1, 300, -5)):
        folder = shards.shard_folder(tmp_path, number)
        folder.mkdir()
        with Engine() as engine:
            row = (
                f"SELECT 0 AS {quote(PLACE)}, {number} AS patient_id, CAST({uses} AS "
                "BIGINT) AS uses"
            )
            engine.execute(f"CREATE TABLE {quote(touched_table(0))} AS {row}")
            shards._write_touched(engine, 0, 1, folder / "touched-0.arrow")
        checks = {"touched-0.arrow": shards._checks(folder / "touched-0.arrow")}
        (folder / shards.DESCRIPTION).write_text(
            json.dumps({"batches": checks}), encoding="utf-8"
        )
    found = touched_in(tmp_path, 0, 0)
    assert found is not None and found["uses"].to_pylist() == [1, 300, -5]


@pytest.mark.parametrize(
    ("patients", "megabytes", "series", "count"),
    [
        (50_000, 700, 66, 1),
        (200_000, 700, 66, 2),  # for two workers, though one would have room
        (1_000_000, 700, 66, 4),
        (24_000_000, 700, 66, 60),
        # 189,393 patients each at most, and a multiple of four
        (24_000_000, 160, 66, 128),
        (24_000_000, 700, 660, 200),  # ten times as wide: 121,212
        (30_000, 60, 66, 8),  # too little for anything: 5,000 each
    ],
)
def test_shards_are_as_large_as_memory_allows(patients, megabytes, series, count):
    assert snapshot.shard_count(patients, megabytes * 1_000_000, series) == count
