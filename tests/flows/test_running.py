"""A run from made-up records to the release, every number made again by hand."""

import datetime
import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import extractors
from measures.counts.columns import FINGERPRINTS
from measures.definitions import Measure
from measures.loading import load_study
from tests.flows.commands import Command
from tests.flows.conftest import PATIENTS, STUDY, Undisturbed
from tests.flows.recount import (
    COUNTS,
    GROUPS,
    KEYS,
    Raw,
    by_place,
    grid,
    recounted,
    shown,
)
from tests.flows.shelves import Shelves, days
from tests.lib.prefect_server import environment

MONDAYS = [datetime.date(2021, 5, day) for day in (3, 10, 17, 24, 31)]
PERIODS = {
    *(f"{monday}..{monday + datetime.timedelta(6)}" for monday in MONDAYS),
    "2021-05-01..2021-05-31",
    "2021-06-01..2021-06-30",
    "2021-05-01..2021-06-30",
}
RANGES = [
    pa.uint8(),
    pa.uint16(),
    pa.uint32(),
    pa.int8(),
    pa.int16(),
    pa.int32(),
    pa.int64(),
]


@pytest.fixture(scope="module")
def measures() -> tuple[Measure, ...]:
    return load_study(STUDY).measures


@pytest.fixture(scope="module")
def raw(undisturbed: Undisturbed) -> Raw:
    return by_place(undisturbed.shelves.counts())


# Counts


def test_raw_counts_are_those_of_the_slow_engine(
    undisturbed: Undisturbed, measures: tuple[Measure, ...], raw: Raw
):
    (folder,) = undisturbed.shelves.high.glob("trial/*")
    expected = recounted(measures, folder, PATIENTS[1])
    assert {
        place: counts for place, counts in raw.items() if any(counts.values())
    } == expected


def test_raw_counts_have_the_columns_of_the_release_up_to_denominator(
    undisturbed: Undisturbed,
):
    names = [
        *KEYS,
        *GROUPS,
        *COUNTS,
        "numerator_largest",
        "denominator_largest",
        *FINGERPRINTS,
    ]
    assert all(
        table.column_names == names
        for table in undisturbed.shelves.tables("counts").values()
    )


def test_every_period_has_its_results(undisturbed: Undisturbed):
    for shelf in ("cohorts", "counts"):
        assert undisturbed.shelves.results(shelf).keys() == PERIODS
    for period, table in undisturbed.shelves.tables("counts").items():
        assert {
            (row["interval_start"], row["interval_end"]) for row in table.to_pylist()
        } == {days(period)}


# Cohorts


def test_cohorts_have_one_row_per_patient_in_order(undisturbed: Undisturbed):
    for table in undisturbed.shelves.tables("cohorts").values():
        ids = table["patient_id"].to_pylist()
        assert ids == sorted(set(ids))


def test_cohorts_hold_everyone_whom_rows_of_the_period_touch(
    undisturbed: Undisturbed, raw: Raw
):
    for period, table in undisturbed.shelves.tables("cohorts").items():
        assert len(table) == _most(raw, period, "numerator_patients") > 0


def test_whole_cohorts_hold_everyone_counted(undisturbed: Undisturbed, raw: Raw):
    (timelines,) = undisturbed.shelves.high.glob("timelines/*")
    for period, touched in undisturbed.shelves.tables("cohorts").items():
        whole = extractors.cohort(period, timelines).read_all()
        assert len(whole) == _most(raw, period, "denominator_patients") >= len(touched)
        assert set(touched["patient_id"].to_pylist()) <= set(
            whole["patient_id"].to_pylist()
        )


def _most(raw: Raw, period: str, count: str) -> int:
    return max(
        counts[count] for place, counts in raw.items() if place[1:3] == days(period)
    )


def test_cohorts_are_narrow(undisturbed: Undisturbed):
    for table in undisturbed.shelves.tables("cohorts").values():
        for field in table.schema:
            if pa.types.is_integer(field.type):
                assert field.type == _narrowest(table[field.name])


def _narrowest(column: pa.ChunkedArray) -> pa.DataType:
    ends = pc.min_max(column).as_py()
    return next(
        type_
        for type_ in RANGES
        if _fits(ends["min"] or 0, type_) and _fits(ends["max"] or 0, type_)
    )


def _fits(value: int, type_: pa.DataType) -> bool:
    signed = pa.types.is_signed_integer(type_)
    low, high = (
        (-(1 << type_.bit_width - 1), 1 << type_.bit_width - 1)
        if signed
        else (0, 1 << type_.bit_width)
    )
    return low <= value < high


def test_cohorts_are_zstd_and_their_categories_coded(undisturbed: Undisturbed):
    for path in undisturbed.shelves.results("cohorts").values():
        metadata = pq.read_metadata(path)
        columns = [
            metadata.row_group(0).column(number)
            for number in range(metadata.num_columns)
        ]
        assert {column.compression for column in columns} == {"ZSTD"}
        texts = [column for column in columns if column.physical_type == "BYTE_ARRAY"]
        assert all(
            "RLE_DICTIONARY" in column.encodings
            or "PLAIN_DICTIONARY" in column.encodings
            for column in texts
        )


# The release


def test_released_rows_follow_from_the_raw_counts(
    undisturbed: Undisturbed, measures: tuple[Measure, ...], raw: Raw
):
    expected = [shown(place, raw) for place in grid(measures, raw)]
    rows = undisturbed.shelves.rows()
    ranges = ("ratio_at_least", "ratio_at_most", "ci_low", "ci_high")
    assert [
        {name: value for name, value in row.items() if name not in ranges}
        for row in rows
    ] == expected
    assert {"[REDACTED]", "0"} < {row["numerator"] for row in rows}, (
        "the study shows all there is to see"
    )


def test_columns_of_the_release(undisturbed: Undisturbed):
    rates = [
        "numerator",
        "denominator",
        "ratio",
        "ratio_at_least",
        "ratio_at_most",
        "ci_low",
        "ci_high",
        "status",
    ]
    first = (
        (undisturbed.shelves.release / "measures.csv")
        .read_text(encoding="utf-8")
        .partition("\n")[0]
    )
    assert first == ",".join([*KEYS, "group", *rates])
    wide = [*KEYS, *GROUPS, *rates]
    assert (
        pq.read_schema(undisturbed.shelves.release / "measures.parquet").names == wide
    )


def test_true_ratios_lie_in_the_released_ranges(
    undisturbed: Undisturbed, measures: tuple[Measure, ...], raw: Raw
):
    for place, row in zip(grid(measures, raw), undisturbed.shelves.rows(), strict=True):
        if row["ratio"]:
            true = raw[place]["numerator"] / raw[place]["denominator"]
            assert float(row["ratio_at_least"]) <= true <= float(row["ratio_at_most"])


def test_parquet_says_the_same_as_csv(undisturbed: Undisturbed):
    table = pq.read_table(undisturbed.shelves.release / "measures.parquet").to_pylist()
    for row, text in zip(table, undisturbed.shelves.rows(), strict=True):
        for name, value in row.items():
            null = "[REDACTED]" if name in ("numerator", "denominator") else ""
            assert text[name] == (null if value is None else str(value))


def test_each_measure_has_its_own_file(
    undisturbed: Undisturbed, measures: tuple[Measure, ...]
):
    rows = undisturbed.shelves.rows()
    for measure in measures:
        names = [
            "interval_start",
            "interval_end",
            "ratio",
            "numerator",
            "denominator",
            *sorted(measure.group_by),
        ]
        lines = [
            ",".join(row[name] for name in names)
            for row in rows
            if row["measure"] == measure.name
        ]
        text = (
            undisturbed.shelves.release / "measures" / f"{measure.name}.csv"
        ).read_text(encoding="utf-8")
        assert text == "\n".join([",".join(names), *lines, ""])


def test_manifest_tells_how_the_numbers_were_made(undisturbed: Undisturbed):
    files = undisturbed.shelves.released()
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert manifest["codelists"] == {
        "codelists/readings.csv": _sha256(STUDY.parent / "codelists" / "readings.csv")
    }
    assert (manifest["study"], manifest["periods"], manifest["rows"]) == (
        "pressure",
        8,
        len(undisturbed.shelves.rows()),
    )
    assert (
        manifest["records"]["kind"] == "trial"
        and manifest["disclosure"]["policy"] == "opensafely"
    )
    assert str(undisturbed.shelves.workspace) not in json.dumps(manifest)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# What a run says


def test_json_is_the_only_thing_on_standard_output(undisturbed: Undisturbed):
    assert undisturbed.result.out.count("\n") == 1
    said = undisturbed.result.json
    assert {
        period["period"]: period["state"] for period in said["periods"]
    } == dict.fromkeys(PERIODS, "done")
    assert (
        set(said["computed"]) == PERIODS and not said["failed"] and not said["waiting"]
    )
    assert said["release"]["folder"] == "pressure/moderately_sensitive"
    assert (said["release"]["number"], said["release"]["state"]) == (1, "waiting")


def test_progress_goes_to_standard_error(undisturbed: Undisturbed):
    assert "8/8" in undisturbed.result.err and "0 failed" in undisturbed.result.err
    assert "Traceback" not in undisturbed.result.err


# The same once more


def test_second_run_computes_nothing(cohortflow: Command, undisturbed: Undisturbed):
    shelves = undisturbed.shelves
    files, stamps = shelves.released(), shelves.stamps()
    again = cohortflow("run", STUDY, *PATIENTS, "--workspace", shelves.workspace).well()
    assert "8 of 8 periods done, 0 of them now" in again.out
    assert str(shelves.release / "measures.csv") in again.out
    assert (shelves.released(), shelves.stamps()) == (files, stamps)


@pytest.mark.slow
def test_elsewhere_with_other_workers_it_is_the_same(
    cohortflow: Command, undisturbed: Undisturbed, tmp_path: Path
):
    other = Shelves(tmp_path)
    cohortflow(
        "run", STUDY, *PATIENTS, "--workspace", tmp_path, COHORTFLOW_WORKERS=3
    ).well()
    assert other.released() == undisturbed.shelves.released()
    assert other.tables("cohorts") == undisturbed.shelves.tables("cohorts")
    assert by_place(other.counts()) == by_place(undisturbed.shelves.counts())


@pytest.mark.slow
def test_without_a_server_it_brings_its_own(undisturbed: Undisturbed, tmp_path: Path):
    alone = Command(environment(tmp_path / "prefect"))
    result = alone(
        "run",
        STUDY,
        *PATIENTS,
        "--workspace",
        tmp_path / "workspace",
        COHORTFLOW_WORKERS=1,
    ).well()
    assert "8 of 8 periods done" in result.out
    assert Shelves(tmp_path / "workspace").released() == undisturbed.shelves.released()
