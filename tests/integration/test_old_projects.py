# mypy: ignore-errors
"""Whole old projects by the command, from `project.yaml` to the release, and the
patients that scripts read.

One is in the shape of the original NHS @Home study, typed afresh; two are of our own
invention. What cohort-extractor's generate_measures does with files of patients is done
once more here, in plain Python.
"""

import csv
import gzip
import json
import shutil
from collections import Counter

import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from measures.counts import counting
from tests.lib.places import CHECKOUT

PROJECTS = CHECKOUT / "tests" / "integration" / "old_projects"

pytestmark = pytest.mark.slow


def run(cohortflow, folder, name, definition, *words):
    """Run a project with its files of patients, all on the same made-up records; its
    workspace, and what was said.
    """
    project = shutil.copytree(PROJECTS / name, folder / name)
    records, workspace = folder / "records", folder / "w"
    made = ("--patients", 1500, "--to", records)
    cohortflow(
        "trial", project / "analysis" / f"{definition}.py", *made, "--", *words
    ).well()
    options = (
        "--records",
        records,
        "--workspace",
        workspace,
        "--no-report",
        "--write-input-files",
    )
    said = cohortflow("run", project, *options).well().out
    return workspace / definition, said


def table(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def raw_counts(shelf, measure, groups):
    """(first day, groups) -> the counts before disclosure control."""
    found = {}
    (recipe,) = shelf.glob("highly_sensitive/counts/*/recipe.json")
    names = json.loads(recipe.read_text(encoding="utf-8"))["names"]
    for path in recipe.parent.glob("period=*.parquet"):
        for row in counting.with_names(pq.ParquetFile(path).read(), names).to_pylist():
            if row["measure"] == measure and row["denominator"]:
                group = tuple(str(row[name]) for name in groups)
                found[str(row["interval_start"]), group] = (
                    row["numerator"],
                    row["denominator"],
                )
    return found


def summed(shelf, pattern, numerator, groups):
    """As generate_measures sums the files of patients, with the population as
    denominator.
    """
    found = {}
    for path in sorted((shelf / "highly_sensitive" / "output").glob(pattern)):
        date = path.name.partition(".")[0].rpartition("_")[2]
        numerators, denominators = Counter(), Counter()
        for row in table(path):
            group = tuple(row[name] for name in groups)
            numerators[group] += int(row[numerator])
            denominators[group] += 1
        for group, count in denominators.items():
            found[date, group] = numerators[group], count
    return found


@pytest.mark.parametrize(
    ("measure", "numerator", "groups"),
    [
        ("stays", "stays", ["sex"]),
        ("beds", "beds", []),
        ("heart", "heart_stay", []),
        ("seen", "seen_after", ["sex"]),
    ],
)
def test_measures_are_the_sums_of_the_files_of_patients(
    beds, measure, numerator, groups
):
    shelf, _ = beds
    counted = raw_counts(shelf, measure, groups)
    assert counted == summed(shelf, "input_20*.csv", numerator, groups)
    assert any(numerator for numerator, _ in counted.values())


@pytest.fixture(scope="module")
def beds(tmp_path_factory, cohortflow):
    words = (
        "--index-date-range",
        "2021-01-01 to 2021-04-01 by month",
        "--param",
        "cause=I",
    )
    return run(
        cohortflow, tmp_path_factory.mktemp("beds"), "beds", "study_definition", *words
    )


def test_home_monitoring_goes_from_its_actions_to_the_old_files(cohortflow, tmp_path):
    words = (
        "--index-date-range",
        "2020-03-02 to 2020-03-30 by week",
        "--join",
        "study_definition_ethnicity",
    )
    shelf, said = run(cohortflow, tmp_path, "at_home", "study_definition_bp", *words)
    assert (
        "plots: is left out: a script in Python, which reads "
        "output/joined/measure_*.csv"
    ) in said
    old = shelf / "moderately_sensitive" / "old"
    rows = table(old / "measure_bp_by_ethnicity.csv")
    assert list(rows[0]) == ["ethnicity", "shielding", "population", "value", "date"]
    assert {row["date"] for row in rows} == {
        f"2020-03-{day:02}" for day in (2, 9, 16, 23, 30)
    }
    assert {row["ethnicity"] for row in rows} <= {"Missing", "White", "Other"}
    assert len(list(old.glob("measure_asthma_by_sex_2020-*.csv"))) == 5
    patients = shelf / "highly_sensitive" / "output"
    assert len(list(patients.glob("input_bp_2020-*.csv.gz"))) == 5
    joined = sorted(patients.glob("joined/input_bp_2020-*.csv.gz"))
    assert len(joined) == 5
    with gzip.open(joined[0], "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[-1] == "ethnicity" and {row["ethnicity"] for row in rows} <= {
        "",
        "Missing",
        "White",
        "Other",
    }


def test_files_of_patients_for_scripts_have_the_old_types(cohortflow, tmp_path):
    words = ("--index-date-range", "index_date")
    shelf, said = run(cohortflow, tmp_path, "jabs", "study_definition_jabs", *words)
    patients = feather.read_table(
        shelf / "highly_sensitive" / "output" / "input_jabs.feather"
    )
    assert str(patients.schema.field("jab_1").type) == "timestamp[ns]"
    assert str(patients.schema.field("early").type) == "bool"
    rows = patients.to_pylist()
    assert all(
        row["jab_2"] is None or (row["jab_2"] - row["jab_1"]).days >= 14 for row in rows
    )
    counts = raw_counts(shelf, "two", ["obese"])
    early = [row for row in rows if row["early"]]
    assert sum(denominator for _, denominator in counts.values()) == len(early)
    assert sum(numerator for numerator, _ in counts.values()) == sum(
        row["had_2"] for row in early
    )
    assert (
        "model: is left out: a script in R, which reads output/input_jabs.feather"
        in said
    )
