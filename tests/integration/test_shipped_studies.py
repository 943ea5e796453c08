"""Shipped studies from `check` to the release, on a few hundred made-up people."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from measures.study import shipped_studies
from tests.flows.commands import Command
from tests.flows.shelves import Shelves
from tests.lib.prefect_server import environment

pytestmark = pytest.mark.slow  # whole runs


@dataclass(frozen=True)
class Case:
    """A short run of a shipped study."""

    study: str
    # people enough that the measure shows somebody
    patients: int
    measure: str
    # which of its periods
    periods: tuple[str, ...] = ()
    # behind `--`
    words: tuple[str, ...] = ()


CASES = (
    Case(
        "online_consultations",
        800,
        "monthly_gp_consultations",
        ("--from", "2020-12-01", "--to", "2021-01-31"),
    ),
    Case("vaccine_eligibility", 800, "people_by_priority"),
    Case(
        "nhs_at_home",
        2_000,
        "bp_monthly_patients",
        ("--from", "2021-03-01", "--to", "2021-03-31"),
        ("--", "--population", "original"),
    ),
)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(environment(tmp_path / "home"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.study)
def test_from_check_to_the_release(command: Command, tmp_path: Path, case: Case):
    assert case.study in shipped_studies()
    assert "Nothing is wrong" in command("check", case.study, *case.words).well().out
    tried = (
        command("try", case.study, "--patients", 500, "--json", *case.words).well().json
    )
    assert tried["measures"]
    where = ("--workspace", tmp_path / "w", "--policy", "controlled")
    command(
        "run",
        case.study,
        "--patients",
        case.patients,
        *case.periods,
        *where,
        *case.words,
    ).well()
    release = Shelves(tmp_path / "w", case.study).release
    assert json.loads((release / "audit.json").read_text(encoding="utf-8"))["passed"]
    with (release / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["measure"] == case.measure]
    assert any(
        row["status"] == "released" and int(row["numerator"]) > 0 for row in rows
    )
    assert (release / "report.html").stat().st_size < 5_000_000
