"""Shipped studies from `check` to the release, on a few hundred made-up people."""

import csv
import json
from pathlib import Path

import pytest

from measures.study import shipped_studies
from tests.flows.commands import Command
from tests.flows.shelves import Shelves
from tests.lib.prefect_server import environment

pytestmark = pytest.mark.slow  # whole runs

# Study: the periods of a short run, and a measure that a few hundred people show.
SHORT = {
    "online_consultations": (("--from", "2020-12-01", "--to", "2021-03-28"), "monthly_gp_consultations"),
    "vaccine_eligibility": ((), "people_by_priority"),
}


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(environment(tmp_path / "home"))


@pytest.mark.parametrize("name", SHORT)
def test_from_check_to_the_release(command: Command, tmp_path: Path, name: str):
    assert name in shipped_studies()
    assert "Nothing is wrong" in command("check", name).well().out
    tried = command("try", name, "--patients", 500, "--json").well().json
    assert tried["measures"]
    periods, measure = SHORT[name]
    run = ("run", name, "--patients", 800, *periods, "--workspace", tmp_path / "w")
    said = command(*run).well().out
    assert "Release 1" in said
    shelves = Shelves(tmp_path / "w", name)
    audit = json.loads((shelves.release / "audit.json").read_text(encoding="utf-8"))
    assert audit["passed"]
    with (shelves.release / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["measure"] == measure]
    assert any(row["status"] == "released" and int(row["numerator"]) > 0 for row in rows)
    assert (shelves.release / "report.html").stat().st_size < 5_000_000
