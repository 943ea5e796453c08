"""Strangers' definitions by the command: checked, planned and run by their paths, with
words behind `--`.
"""

import csv
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from measures.loading import load_study
from tests.flows.commands import Command
from tests.lib import reference_engine

STUDY = Path(__file__).parent / "strangers" / "study"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return shutil.copytree(STUDY, tmp_path / "study")


def files_of(json: dict[str, Any], workspace: Path) -> dict[str, Path]:
    return {path.name: path for path in (workspace / json["dataset"]).parent.iterdir()}


@pytest.mark.slow
def test_events_lie_beside_the_dataset(
    cohortflow: Command, study: Path, tmp_path: Path
):
    path, workspace = study / "analysis" / "event_table.py", tmp_path / "w"
    ran = [
        cohortflow(
            "run",
            path,
            "--patients",
            400,
            "--workspace",
            workspace,
            "--format",
            form,
            "--json",
        )
        .well()
        .json
        for form in ("parquet", "csv")
    ]
    found = files_of(ran[0], workspace)
    assert set(found) == {
        "dataset.parquet",
        "readings.parquet",
        "dataset.csv",
        "readings.csv",
    }
    assert all(each.stat().st_mode & 0o777 == 0o600 for each in found.values())
    rows = pq.ParquetFile(found["readings.parquet"]).read().to_pylist()
    assert list(rows[0]) == ["patient_id", "date", "value", "age"]
    assert {row["patient_id"] for row in rows} <= {
        row["patient_id"]
        for row in pq.ParquetFile(found["dataset.parquet"]).read().to_pylist()
    }
    assert sorted(map(str, rows)) == sorted(
        map(str, _by_the_slow_engine(path, workspace))
    )
    with found["readings.csv"].open(newline="") as file:
        assert [row["patient_id"] for row in csv.DictReader(file)] == [
            str(row["patient_id"]) for row in rows
        ]


def _by_the_slow_engine(path: Path, workspace: Path) -> list[dict[str, Any]]:
    read = load_study(path)
    (trial,) = (workspace / "event_table" / "highly_sensitive" / "trial").iterdir()
    records = {
        file.stem: pq.ParquetFile(file).read().to_pylist()
        for file in trial.glob("*.parquet")
    }
    return reference_engine.events(read.events, read.dataset[""], records)["readings"]


@pytest.mark.slow
def test_events_that_are_gone_are_made_again(
    cohortflow: Command, study: Path, tmp_path: Path
):
    run = (
        "run",
        study / "analysis" / "event_table.py",
        "--patients",
        300,
        "--workspace",
        tmp_path / "w",
        "--json",
    )
    found = files_of(cohortflow(*run).well().json, tmp_path / "w")
    before = found["readings.parquet"].read_bytes()
    found["readings.parquet"].unlink()
    cohortflow(*run).well()
    assert found["readings.parquet"].read_bytes() == before


@pytest.mark.slow
def test_words_behind_two_dashes_reach_the_files_own_parser(
    cohortflow: Command, study: Path, tmp_path: Path
):
    path, behind = (
        study / "analysis" / "argparse_options.py",
        ("--", "--start-date=2020-01-01", "--intervals", 2),
    )
    ran = (
        cohortflow(
            "run",
            path,
            "--patients",
            300,
            "--workspace",
            tmp_path / "w",
            "--json",
            *behind,
        )
        .well()
        .json
    )
    assert len(ran["periods"]) == 2 and not ran["warnings"]
    status = (
        cohortflow("status", path, "--workspace", tmp_path / "w", "--json").well().json
    )
    assert [each["state"] for each in status["periods"]] == ["done", "done"]


def test_files_own_parser_says_what_is_missing(cohortflow: Command, study: Path):
    said = cohortflow("check", study / "analysis" / "argparse_options.py")
    assert said.code == 2
    assert (
        "the file's own argparse refuses its arguments: the following arguments are "
        "required: --start-date"
    ) in said.err


@pytest.mark.slow
def test_dataset_of_a_file_is_chosen_by_name(
    cohortflow: Command, study: Path, tmp_path: Path
):
    path = study / "analysis" / "both.py"
    checked = cohortflow("check", path, "--json").well().json
    assert (checked["measures"], checked["variables"]) == (1, 0)
    assert any(
        "--dataset dataset chooses the other" in warning
        for warning in checked["warnings"]
    )
    run = (
        "run",
        path,
        "--dataset",
        "dataset",
        "--patients",
        300,
        "--workspace",
        tmp_path / "w",
        "--json",
    )
    assert cohortflow(*run).well().json["dataset"].endswith("dataset.parquet")
    unknown = cohortflow("check", path, "--dataset", "datasett")
    assert (
        unknown.code == 2
        and "defines no dataset 'datasett'; did you mean 'dataset'?" in unknown.err
    )
    several = cohortflow("check", study / "analysis" / "several_datasets.py")
    assert "or choose it by --dataset dataset_young" in several.err


def test_all_mistakes_are_one_object(cohortflow: Command, study: Path):
    path = study / "analysis" / "wrong.py"
    path.write_text(
        "from ehrql import create_dataset\nfrom ehrql.tables.tpp import patients, "
        "deaths\n"
        "dataset = create_dataset()\ndataset.define_population(patients.sex == "
        "'F')\ndataset.age = patients.age\n",
        encoding="utf-8",
    )
    said = cohortflow("check", path, "--json")
    assert said.code == 2 and said.err.startswith("cohortflow: 2 mistakes in ")
    assert [
        (each["line"], each["column"], each["end"]) for each in said.json["mistakes"]
    ] == [(2, 40, 46), (5, 15, 27)]
    assert (
        said.json["mistakes"][1]["message"]
        == "table 'patients' has no column 'age'; did you mean 'age_on'?"
    )
    (note,) = said.json["notes"]
    assert note["line"] == 4 and said.json["warnings"] == [note["message"]]


@pytest.mark.slow
def test_a_result_is_read_in_a_trial_and_where_the_operator_names_it(
    cohortflow: Command, study: Path, tmp_path: Path
):
    """On real records the file could hold patients' rows; whoever runs it knows."""
    (study / "output").mkdir()
    (study / "output" / "ages.csv").write_text("age\n40\n", encoding="utf-8")
    (study / "analysis" / "by_age.py").write_text(
        "import csv\nfrom ehrql import create_dataset\nfrom ehrql.tables.core import "
        "patients\n"
        "(row,) = csv.DictReader(open('output/ages.csv'))\ndataset = "
        "create_dataset()\n"
        "dataset.define_population(patients.age_on('2020-01-01') > int(row['age']))\n",
        encoding="utf-8",
    )
    records = tmp_path / "records"
    records.mkdir()
    (records / "patients.csv").write_text(
        "patient_id,date_of_birth,sex,date_of_death\n1,1950-01-01,male,\n",
        encoding="utf-8",
    )
    asked = ("run", study / "analysis" / "by_age.py", "--workspace", tmp_path / "w")
    cohortflow(*asked, "--patients", 50).well()
    real = (*asked[:-1], tmp_path / "real", "--records", records)
    refused = cohortflow(*real)
    assert refused.code == 2 and "name the file with --with FILE" in refused.err
    missing = cohortflow(*real, "--with", study / "output" / "agse.csv")
    assert missing.code == 2 and "agse.csv: there is no such file" in missing.err
    cohortflow(*real, "--with", study / "output" / "ages.csv").well()
    cohortflow(
        "status", study / "analysis" / "by_age.py", "--workspace", tmp_path / "real"
    ).well()
