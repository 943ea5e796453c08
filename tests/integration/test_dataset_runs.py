"""Dataset definitions from the command line: the same rows in every format, on the
highly_sensitive shelf only.
"""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.language.dataset import nodes_of
from tests.flows.commands import Command
from tests.lib import reference_engine

DEFINITION = """
from ehrql import case, create_dataset, when
from ehrql.tables.tpp import addresses, clinical_events, patients, practice_registrations

index_date = "2021-01-01"
registration = practice_registrations.for_patient_on(index_date)
readings = clinical_events.where(clinical_events.snomedct_code == "413606001")
last = readings.where(readings.date.is_on_or_before(index_date)).sort_by(readings.date).last_for_patient()

dataset = create_dataset()
dataset.define_population(registration.exists_for_patient() & (patients.age_on(index_date) >= 18))
dataset.sex = patients.sex
dataset.age = patients.age_on(index_date)
dataset.region = registration.practice_nuts1_region_name
dataset.imd_quintile = addresses.for_patient_on(index_date).imd_quintile
dataset.systolic = last.numeric_value
dataset.systolic_date = last.date
dataset.high = last.numeric_value > 140.0
dataset.readings = readings.count_for_patient()
"""
FORMATS = ("parquet", "arrow", "csv", "csv.gz")


@pytest.fixture(scope="module")
def files(
    cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The dataset's file in each format."""
    folder = tmp_path_factory.mktemp("dataset")
    (folder / "adults.py").write_text(DEFINITION, encoding="utf-8")
    found = {}
    for form in FORMATS:
        ended = cohortflow("run", str(folder / "adults.py"), "--patients", "800", "--workspace", str(folder / "w"),
                           "--format", form, "--json")  # fmt: skip
        assert ended.code == 0, ended.err
        found[form] = folder / "w" / json.loads(ended.out)["dataset"]
    return found


@pytest.fixture(scope="module")
def rows(files: dict[str, Path]) -> list[dict[str, Any]]:
    return pq.ParquetFile(files["parquet"]).read().to_pylist()


def test_rows_are_those_of_the_plain_engine(files, rows):
    names: dict[str, Any] = {}
    exec(DEFINITION.replace("from ehrql", "from measures.standin.ehrql"), names)
    variables = nodes_of(names["dataset"])
    population = variables.pop("")
    records = {
        path.stem: pq.ParquetFile(path).read().to_pylist()
        for path in _trial(files).glob("*.parquet")
    }
    expected = reference_engine.evaluate(variables, population, records)
    assert {
        row["patient_id"]: {n: v for n, v in row.items() if n != "patient_id"}
        for row in rows
    } == expected
    assert len(rows) > 300


def _trial(files: dict[str, Path]) -> Path:
    return next((files["parquet"].parents[2] / "trial").iterdir())


def test_rows_are_sorted_and_narrow(files, rows):
    schema = pq.ParquetFile(files["parquet"]).schema_arrow
    assert [row["patient_id"] for row in rows] == sorted(
        row["patient_id"] for row in rows
    )
    assert (schema.field("patient_id").type, schema.field("age").type) == (
        pa.uint16(),
        pa.uint8(),
    )


def test_arrow_has_the_same_rows_and_categories(files, rows):
    table = pa.ipc.open_file(files["arrow"]).read_all()
    assert table.to_pylist() == rows
    assert pa.types.is_dictionary(table.schema.field("region").type)


@pytest.mark.parametrize("form", ["csv", "csv.gz"])
def test_csv_has_the_same_rows(files, rows, form):
    opened = gzip.open if form.endswith("gz") else open
    with opened(files[form], "rt", newline="") as lines:
        assert list(csv.DictReader(lines)) == [
            {name: _text(value) for name, value in row.items()} for row in rows
        ]


def _text(value: Any) -> str:
    """As ehrQL writes it."""
    return (
        {None: "", True: "T", False: "F"}[value]
        if value is None or isinstance(value, bool)
        else str(value)
    )


def test_nothing_is_released(files):
    assert not (files["parquet"].parents[3] / "moderately_sensitive").exists()
    assert (files["parquet"].parents[2].stat().st_mode & 0o777) == 0o700


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            (
                'index_date = "2021-01-01"',
                "from ehrql import INTERVAL\nindex_date = INTERVAL.start_date",
            ),
            "INTERVAL",
        ),
        (
            ("dataset.define_population", "dataset.configure_dummy_data() #"),
            "population",
        ),
    ],
)
def test_mistakes(
    cohortflow: Command, tmp_path: Path, change: tuple[str, str], told: str
):
    (tmp_path / "wrong.py").write_text(DEFINITION.replace(*change), encoding="utf-8")
    ended = cohortflow(
        "check", str(tmp_path / "wrong.py"), "--workspace", str(tmp_path / "w")
    )
    assert ended.code == 2 and told in ended.err and "Traceback" not in ended.err


def test_unknown_format(cohortflow: Command, tmp_path: Path):
    (tmp_path / "adults.py").write_text(DEFINITION, encoding="utf-8")
    ended = cohortflow(
        "run",
        str(tmp_path / "adults.py"),
        "--format",
        "xlsx",
        "--workspace",
        str(tmp_path / "w"),
    )
    assert ended.code == 2 and "parquet, csv, csv.gz, arrow" in ended.err
