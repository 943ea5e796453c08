# mypy: ignore-errors
"""Files of patients at several index dates are one run, and say what each date alone
would say.
"""

import csv
import shutil

import pandas as pd
import pytest

from extractors.engine import Engine
from flows.running.input_files import write_dataset_file
from measures.loading import load_study
from tests.lib.places import CHECKOUT

BEDS = CHECKOUT / "tests" / "integration" / "old_projects" / "beds"
PROJECT = """
actions:
  extract:
    run: >
      cohortextractor:latest generate_cohort --study-definition study_definition
      --index-date-range "2021-01-01 to 2021-03-01 by month" --output-dir=output --param cause=I --output-format {}
    outputs: {{highly_sensitive: {{cohort: output/input_*}}}}
"""
WORDS = ("--param", "cause=I")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory, cohortflow):
    folder = tmp_path_factory.mktemp("rows")
    shutil.copytree(BEDS, folder / "beds")
    definition = folder / "beds" / "analysis" / "study_definition.py"
    cohortflow(
        "trial", definition, "--patients", 300, "--to", folder / "records", "--", *WORDS
    ).well()
    return folder


def run(cohortflow, place, ending):
    (place / "beds" / "project.yaml").write_text(
        PROJECT.format(ending), encoding="utf-8"
    )
    options = (
        "--records",
        place / "records",
        "--workspace",
        place / "w",
        "--write-input-files",
    )
    said = cohortflow("run", place / "beds", *options).well().out
    return place / "w" / "study_definition" / "highly_sensitive", said


def test_each_file_is_that_of_its_date_alone(cohortflow, place):
    shelf, said = run(cohortflow, place, "csv")
    assert "3 of 3 periods done, 3 of them now" in said
    assert len(list(shelf.glob("static/*"))) == 1
    assert not list(shelf.glob("counts/*")), (
        "the project computes no measures, whatever the study defines"
    )
    definition = place / "beds" / "analysis" / "study_definition.py"
    words = ("--index-date", "2021-02-01", *WORDS)
    alone = ("--records", place / "records", "--workspace", place / "alone")
    cohortflow("run", definition, *alone, "--", *words).well()
    (rows,) = (place / "alone").glob(
        "study_definition/highly_sensitive/datasets/*/dataset.parquet"
    )
    with Engine() as engine:
        write_dataset_file(
            engine,
            rows,
            load_study(definition, arguments=words).forms,
            place / "alone.csv",
        )
    assert (shelf / "output" / "input_2021-02-01.csv").read_bytes() == (
        place / "alone.csv"
    ).read_bytes()


def test_what_is_there_is_left_and_what_was_changed_is_written_again(cohortflow, place):
    shelf, _ = run(cohortflow, place, "csv")
    january = shelf / "output" / "input_2021-01-01.csv"
    there = january.read_bytes()
    january.write_bytes(b"of another run")
    _, said = run(cohortflow, place, "csv")
    assert "3 of 3 periods done, 1 of them now" in said
    assert january.read_bytes() == there
    assert cohortflow("status", "study_definition", "--workspace", place / "w").well()


def test_files_of_stata_say_the_same(cohortflow, place):
    shelf, _ = run(cohortflow, place, "dta")
    frame = pd.read_stata(shelf / "output" / "input_2021-02-01.dta")
    run(cohortflow, place, "csv")
    with (shelf / "output" / "input_2021-02-01.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(frame.columns) == list(rows[0])
    assert frame["beds"].tolist() == [int(row["beds"]) for row in rows]
    assert frame["sex"].tolist() == [row["sex"] for row in rows]
    days = frame["last_stay"].dt.strftime("%Y-%m-%d").fillna("").tolist()
    assert days == [row["last_stay"] for row in rows]
