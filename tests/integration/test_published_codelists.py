"""The study we ship with its published codelists, and what is said while it has its
starters.
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from measures.definitions import Interval, Measure
from measures.loading import load_study
from measures.study import SHIPPED
from tests.flows.commands import Command, Result
from tests.flows.shelves import Shelves, read
from tests.integration.side_by_side import side_by_side
from tests.lib import reference_engine

pytestmark = pytest.mark.slow  # whole runs on published lists

NAME = "nhs_at_home"
PATIENTS = 2_000
JANUARY = ("--from", "2021-01-01", "--to", "2021-01-31")
WEEK, MONTH = (
    (date(2021, 1, 4), date(2021, 1, 10)),
    (date(2021, 1, 1), date(2021, 1, 31)),
)
COUNTS = ("numerator", "denominator", "numerator_patients", "denominator_patients")
AT_ONCE = 25  # patients: the slow engine looks through all rows for each of them
STARTERS = (
    "opensafely-asthma-diagnosis.csv",
    "opensafely-atrial-fibrillation-or-flutter.csv",
    "opensafely-current-copd.csv",
    "opensafely-ethnicity-snomed-0removed.csv",
    "opensafely-hypertension-snomed.csv",
    "opensafely-type-2-diabetes.csv",
)

Counted = dict[tuple[Any, ...], Counter[str]]


# With the published codelists


@pytest.fixture(scope="module")
def study(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the study, as its README says: the published lists over the
    starters.
    """
    folder = shutil.copytree(SHIPPED / NAME, tmp_path_factory.mktemp("studies") / NAME)
    for file in (folder / "codelists").glob("*.csv"):
        published = shared_data / "codelists_opensafely" / file.name
        if published.exists():
            shutil.copy(published, file)
    return folder


@pytest.fixture(scope="module")
def run(
    study: Path, cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, Shelves]:
    workspace = tmp_path_factory.mktemp("workspace")
    result = cohortflow(
        "run",
        study / "definition.py",
        "--patients",
        PATIENTS,
        *JANUARY,
        "--workspace",
        workspace,
    )
    return result, Shelves(workspace, NAME)


def test_it_ends_well_with_nothing_to_warn_of(run: tuple[Result, Shelves], study: Path):
    result, shelves = run
    assert result.code == 0, result.err
    assert (
        "5 of 5 periods done, 5 of them now" in result.out
        and "starter" not in result.out
    )
    warnings = " ".join(result.out.split()).split("Warning: ")[1:]
    assert all(each.startswith("the policy gives counts away") for each in warnings)
    manifest = json.loads(
        (shelves.release / "manifest.json").read_text(encoding="utf-8")
    )
    assert manifest["warnings"] == []
    files = {Path(name).name: sha256 for name, sha256 in manifest["codelists"].items()}
    assert files == {
        file.name: _sha256(file) for file in (study / "codelists").glob("*.csv")
    }


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_raw_counts_are_those_of_the_slow_engine(
    run: tuple[Result, Shelves], study: Path, monkeypatch: pytest.MonkeyPatch
):
    shelves = run[1]
    _remember_values(monkeypatch)
    measures = _over(load_study(study / "definition.py").measures, [WEEK, MONTH])
    assert len(measures) == 129  # the other 20 are over the whole time
    (trial,) = shelves.high.glob("trial/*")
    expected = _counted_slowly(
        measures, {path.stem: read(path).to_pylist() for path in trial.iterdir()}
    )
    assert {key[0] for key in expected} == {measure.name for measure in measures}
    assert _counted(shelves, measures, [WEEK, MONTH]) == expected


def _over(measures: Sequence[Measure], intervals: Sequence[Interval]) -> list[Measure]:
    some = [
        replace(m, intervals=tuple(i for i in intervals if i in m.intervals))
        for m in measures
    ]
    return [measure for measure in some if measure.intervals]


def _remember_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """129 measures ask for the same denominators and groups; a value of a patient never
    changes in an interval.
    """
    value, known = reference_engine.value, {}

    def remembered(series, patient, row=None):
        if row is not None:
            return value(series, patient, row)
        key = (patient.id, patient.interval, series)
        if key not in known:
            known[key] = value(series, patient)
        return known[key]

    monkeypatch.setattr(reference_engine, "value", remembered)


def _counted_slowly(
    measures: Sequence[Measure], tables: dict[str, list[dict[str, Any]]]
) -> Counted:
    """Counts by measure, first day and groups; patients add up, so a few of them are
    counted at a time.
    """
    sums: Counted = {}
    for first in range(1, PATIENTS + 1, AT_ONCE):
        some = range(first, first + AT_ONCE)
        records = {
            name: [row for row in rows if row["patient_id"] in some]
            for name, rows in tables.items()
        }
        for row in reference_engine.measures(measures, records):
            counts = sums.setdefault(_key(row, row["groups"]), Counter())
            counts.update({name: row[name] for name in COUNTS})
    return sums


def _counted(
    shelves: Shelves, measures: Sequence[Measure], intervals: Sequence[Interval]
) -> Counted:
    """What the run has counted in these intervals."""
    groups = {measure.name: measure.group_by for measure in measures}
    rows = [
        row
        for row in shelves.counts()
        if (row["interval_start"], row["interval_end"]) in intervals
    ]
    found = {
        _key(row, {name: row[name] for name in groups[row["measure"]]}): Counter(
            {name: row[name] for name in COUNTS}
        )
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def _key(row: dict[str, Any], groups: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["measure"],
        row["interval_start"],
        row["interval_end"],
        tuple(sorted(groups.items())),
    )


# With the starters


@pytest.fixture(scope="module")
def with_starters(
    cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Result, Shelves]]:
    """Runs of the study as it is shipped, on a folder of tables and on made-up
    records.
    """
    folder = tmp_path_factory.mktemp("shipped")
    patients, week = ("--patients", 500), ("--periods", WEEK[0])
    cohortflow("trial", NAME, *patients, "--to", folder / "records").well()
    commands = {
        "folder": (
            "run",
            NAME,
            "--records",
            folder / "records",
            *week,
            "--workspace",
            folder / "folder",
        ),
        "trial": ("run", NAME, *patients, *week, "--workspace", folder / "trial"),
    }
    results = side_by_side(cohortflow, commands)
    return {
        name: (result, Shelves(folder / name, NAME)) for name, result in results.items()
    }


def test_starters_are_warned_of_on_real_records(
    with_starters: dict[str, tuple[Result, Shelves]],
):
    result, shelves = with_starters["folder"]
    (warning,) = json.loads(
        (shelves.release / "manifest.json").read_text(encoding="utf-8")
    )["warnings"]
    assert warning.startswith("6 codelists are short starters, not the published lists")
    assert f": {', '.join(STARTERS)}; {NAME}/README.md says" in warning
    assert f"Warning: {warning}." in " ".join(result.out.split())


def test_starters_are_not_warned_of_on_trial_records(
    with_starters: dict[str, tuple[Result, Shelves]],
):
    result, shelves = with_starters["trial"]
    assert "Warning" not in result.out and "starter" not in result.out
    assert (
        json.loads((shelves.release / "manifest.json").read_text(encoding="utf-8"))[
            "warnings"
        ]
        == []
    )
    assert shelves.rows() == with_starters["folder"][1].rows()
