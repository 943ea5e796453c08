"""Three sites run one study; their releases are added up, and their counts under masks:
by the command, end to end.
"""

import csv
import json
from pathlib import Path

import pytest

from measures.release.reading import read_manifest, released_rows
from tests.flows.commands import Command
from tests.flows.conftest import STUDY
from tests.flows.shelves import Shelves

POLICY = ("--policy", "controlled")
PEOPLE = {"north": 1500, "south": 1200, "west": 900}


@pytest.fixture(scope="module")
def shelves(
    cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Shelves]:
    found = {}
    for name, patients in PEOPLE.items():
        workspace = tmp_path_factory.mktemp(name)
        typed = ("--patients", patients, "--workspace", workspace, *POLICY)
        cohortflow("run", STUDY, *typed, "--no-report").well()
        found[name] = Shelves(workspace)
    return found


def true_totals(shelves: dict[str, Shelves]) -> dict[tuple[str, str], int]:
    """The denominators of all sites' people in every period, as the sites know them."""
    found: dict[tuple[str, str], int] = {}
    for each in shelves.values():
        [path] = each.release.parent.rglob("trial_counts.csv")
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if not row["group_by"]:
                    key = row["measure"], row["interval_start"]
                    found[key] = found.get(key, 0) + int(row["denominator"])
    return found


def off(release: Path, truth: dict[tuple[str, str], int]) -> int:
    """The most that a total of people is away from the true one; sums of events have
    larger bases.
    """
    known = read_manifest(release)["structure"]["measures"]
    people = {
        name for name, each in known.items() if each["denominator_kind"] == "people"
    }
    totals = [
        row
        for row in released_rows(release)
        if row.measure in people and not row.group_by and row.denominator
    ]
    assert totals
    return max(
        abs((row.denominator or 0) - truth[row.measure, str(row.interval_start)])
        for row in totals
    )


@pytest.mark.slow
def test_releases_are_added_up(cohortflow: Command, shelves, tmp_path):
    named = [f"{name}={each.release}" for name, each in shelves.items()]
    told = cohortflow("combine", *named, "--to", tmp_path / "all", "--json").well().json
    assert told["sites"] == list(PEOPLE)
    assert off(tmp_path / "all", true_totals(shelves)) <= 27
    cohortflow("audit", tmp_path / "all" / "measures.csv", *POLICY).well()
    page = (tmp_path / "all" / "report.html").read_bytes()
    cohortflow("report", tmp_path / "all").well()
    assert (tmp_path / "all" / "report.html").read_bytes() == page
    measure = released_rows(tmp_path / "all")[0].measure
    assert (
        "made-up" in cohortflow("table", tmp_path / "all", measure).well().out.lower()
    )


@pytest.mark.slow
def test_masked_counts_are_added_up(cohortflow: Command, shelves, tmp_path):
    keys = ("--keys", tmp_path / "keys")  # one folder for all, as this is one machine
    for name in PEOPLE:
        cohortflow("sites", "key", "--as", name, *keys).well()
    agreed = tmp_path / "round.json"
    sites = [word for name in PEOPLE for word in ("--site", name)]
    cohortflow(
        "sites",
        "round",
        STUDY,
        *sites,
        "--combining-place",
        "west",
        "--to",
        agreed,
        *keys,
    ).well()
    files = []
    for name, each in shelves.items():
        typed = (
            "--as",
            name,
            "--round",
            agreed,
            "--workspace",
            each.release.parents[1],
        )
        told = cohortflow("sites", "mask", STUDY, *typed, *keys, "--json").well().json
        files.append(told["file"])
        assert (
            "highly_sensitive" in told["file"]
            and Path(told["file"]).stat().st_mode & 0o77 == 0
        )
    typed = ("--round", agreed, "--workspace", tmp_path / "place", *keys)
    refused = cohortflow("sites", "combine", STUDY, *files[:2], *typed)
    assert refused.code == 2 and "There is no file of west" in refused.err
    told = (
        cohortflow("sites", "combine", STUDY, *files, *typed, *POLICY, "--json")
        .well()
        .json
    )
    assert off(Path(told["folder"]), true_totals(shelves)) <= 9
    manifest = json.loads(
        (Path(told["folder"]) / "manifest.json").read_text(encoding="utf-8")
    )
    assert manifest["sites"]["masked"]["combining_place"] == "west"
    cohortflow("audit", Path(told["folder"]) / "measures.csv", *POLICY).well()
    _decide(cohortflow, Path(told["folder"]).parent)


def _decide(cohortflow: Command, sums: Path) -> None:
    """The sums are known by their name, as a study is."""
    decision = ("--release", 1, "--by", "A. Checker", "--note", "large counts")
    place = ("--workspace", sums.parent)
    cohortflow("approve", sums.name, *decision, *place).well()
    said = cohortflow("status", sums.name, *place).well().out
    assert "Sums of north, south, west" in said and "approved by A. Checker" in said
