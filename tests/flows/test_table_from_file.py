"""A definition that brings a table along, from the command line to the release."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.commands import LONGEST, Command, Result

STUDY = """
from ehrql import create_measures, months, table_from_file
from ehrql.tables.core import patients

cohort = table_from_file("outputs/cohort.csv", columns={"arm": str, "age": int})
measures = create_measures()
measures.define_measure(
    "old", cohort.age > 70, patients.exists_for_patient(), {"arm": cohort.arm}, months(1).starting_on("2020-01-01")
)
"""
# arm, numerator, denominator
RELEASED = [("", "0", "20"), ("a", "10", "20"), ("b", "20", "20")]


@pytest.fixture
def run(cohortflow: Command, tmp_path: Path) -> Callable[..., Result]:
    """The command in a project of its own: 60 patients, of whom the file names 40 and a
    stranger.
    """
    (tmp_path / "records").mkdir()
    people = "".join(f"{number},1950-01-01,female,\n" for number in range(1, 61))
    (tmp_path / "records" / "patients.csv").write_text(
        f"patient_id,date_of_birth,sex,date_of_death\n{people}", encoding="utf-8"
    )
    (tmp_path / "study.py").write_text(STUDY, encoding="utf-8")
    (tmp_path / "outputs").mkdir()
    write_cohort(tmp_path)

    def run_here(*arguments: object) -> Result:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("cohortflow")), *map(str, arguments)],
            check=False,
            cwd=tmp_path,
            env=cohortflow.environment,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            encoding="utf-8",
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run_here


def write_cohort(folder: Path, *more: str) -> None:
    rows = [
        f"{number},{'a' if number <= 20 else 'b'},{60 if number <= 10 else 80}"
        for number in range(1, 41)
    ]
    text = "\n".join(["patient_id,arm,age", *rows, "999,a,80", *more, ""])
    (folder / "outputs" / "cohort.csv").write_text(text, encoding="utf-8")


def released(folder: Path, workspace: str = "workspace") -> list[tuple[str, str, str]]:
    with (folder / workspace / "study" / "moderately_sensitive" / "measures.csv").open(
        encoding="utf-8"
    ) as file:
        return sorted(
            (_arm(row), row["numerator"], row["denominator"])
            for row in csv.DictReader(file)
        )


def _arm(row: dict[str, str]) -> str:
    (arm,) = json.loads(row["group"])
    return arm or ""


@pytest.mark.slow
def test_rows_of_the_file_are_counted_with_the_records(
    run: Callable[..., Result], tmp_path: Path
):
    run("run", "study.py", "--records", "records").well()
    assert released(tmp_path) == RELEASED
    (period,) = run("status", "study.py", "--json").well().json["periods"]
    assert period["state"] == "done"

    write_cohort(tmp_path, *(f"{number},a,80" for number in range(41, 61)))
    (period,) = (
        run("plan", "study.py", "--records", "records", "--json").well().json["periods"]
    )
    assert (period["runs"], period["why"]) == (True, "new records")
    # here the old numbers stay
    run("run", "study.py", "--records", "records", "--workspace", "another").well()
    assert released(tmp_path, "another") == [("a", "30", "40"), ("b", "20", "20")]


@pytest.mark.slow
def test_file_is_read_also_beside_trial_records(
    run: Callable[..., Result], tmp_path: Path
):
    run("run", "study.py", "--patients", 60).well()
    assert released(tmp_path) == RELEASED
    assert [
        path.name
        for path in tmp_path.glob("workspace/study/highly_sensitive/trial/*/*")
    ] == ["patients.parquet"]


def test_dirty_file_is_refused(run: Callable[..., Result], tmp_path: Path):
    write_cohort(tmp_path, "3,a,80")
    result = run("run", "study.py", "--patients", 60)
    assert result.code == 2
    assert (
        "cohort.csv: column patient_id: some rows are further rows of a patient"
        in result.err
    )


@pytest.mark.slow
def test_beside_records_a_dirty_file_is_the_sites_matter(
    run: Callable[..., Result], tmp_path: Path
):
    """Its rows may be made of records, so nobody else hears of them."""
    write_cohort(tmp_path, "3,a,80", "x7777777,a,80")
    result = run("run", "study.py", "--records", "records").well()
    assert "cohort" not in result.out + result.err
    found = json.loads(
        (tmp_path / "workspace" / "study" / "highly_sensitive" / "dirt.json").read_text(
            encoding="utf-8"
        )
    )
    assert [
        (each["rule"], each["rows"], each["first_row"], each["said"])
        for each in found["dirt"]
    ] == [
        ("not whole numbers of 64 bits", 1, 43, False),
        ("further rows of a patient", 1, None, False),
    ]


def test_missing_file_is_told_before_a_run(run: Callable[..., Result], tmp_path: Path):
    (tmp_path / "outputs" / "cohort.csv").unlink()
    result = run("check", "study.py", "--records", "records")
    assert result.code == 2
    assert (
        "study.py:5: there is no file outputs/cohort.csv in the working directory"
        in result.err
    )
