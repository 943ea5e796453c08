"""The default policy in a whole run: rounded together, remembered, attacked before
anything is written.
"""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.conftest import STUDIES
from tests.flows.records import write_records
from tests.flows.shelves import Shelves, contents

CONTROLLED = ("--policy", "controlled")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("controlled")


@pytest.fixture(scope="module")
def arguments(place: Path) -> tuple:
    write_records(place / "records")
    shutil.copytree(STUDIES, place / "study")
    study = (place / "study" / "weekly.py").rename(place / "study" / "steady.py")
    return (
        "run",
        study,
        "--records",
        place / "records",
        "--workspace",
        place / "w",
        *CONTROLLED,
    )


@pytest.fixture(scope="module")
def shelf(cohortflow: Command, arguments: tuple, place: Path) -> Shelves:
    cohortflow(*arguments).well()
    return Shelves(place / "w", "steady")


def test_counts_are_multiples_of_ten(shelf: Shelves):
    shown = [
        row[name]
        for row in shelf.rows()
        for name in ("numerator", "denominator")
        if row[name] != "[REDACTED]"
    ]
    assert shown and all(int(count) % 10 == 0 and int(count) > 10 for count in shown)


def test_counts_are_less_than_ten_from_the_truth(shelf: Shelves):
    keys = ("measure", "interval_start", "group_by")
    raw = {
        tuple(str(row[k]) for k in keys): row
        for row in shelf.counts()
        if row["group_by"] == ""
    }
    totals = [row for row in shelf.rows() if row["group_by"] == ""]
    shown = [
        (row, name)
        for row in totals
        for name in ("numerator", "denominator")
        if row[name] != "[REDACTED]"
    ]
    assert shown
    for row, name in shown:
        assert abs(int(row[name]) - raw[tuple(row[k] for k in keys)][name]) < 10


def test_auditor_found_nothing(shelf: Shelves, cohortflow: Command):
    audit = json.loads((shelf.release / "audit.json").read_text(encoding="utf-8"))
    assert audit["passed"] is True
    by_hand = cohortflow(
        "audit", shelf.release / "measures.csv", *CONTROLLED, "--json"
    ).well()
    assert by_hand.json["passed"] is True


def test_unchanged_rerun_is_identical(
    shelf: Shelves, cohortflow: Command, arguments: tuple
):
    before = contents(shelf.release)
    cohortflow(*arguments).well()
    assert contents(shelf.release) == before


def test_changed_records_leave_released_numbers_alone(
    shelf: Shelves, cohortflow: Command, arguments: tuple, place: Path
):
    """Forty people are gone from the records: what was released stays, and the change
    is told.
    """
    where = (arguments[1], "--workspace", place / "w")
    before = (shelf.release / "measures.csv").read_bytes()
    tables = {
        path: pq.ParquetFile(path).read()
        for path in (place / "records").glob("*.parquet")
    }
    gone = sorted(
        {each for table in tables.values() for each in table["patient_id"].to_pylist()}
    )[:40]
    for path, table in tables.items():
        pq.write_table(
            table.filter(
                [each not in gone for each in table["patient_id"].to_pylist()]
            ),
            path,
        )
    said = cohortflow("plan", *arguments[1:-2], "--changes", "--json").well().json
    assert (
        said["compared"]
        and said["weeks"]
        and all(period["changed"] for period in said["periods"])
    )
    result = cohortflow(*arguments).well()
    assert (
        "since the records before, rows of many people came, went or changed in"
        in " ".join(result.out.split())
    )
    assert (shelf.release / "measures.csv").read_bytes() == before
    assert "revis" in (result.out + result.err).lower()
    page, status = (
        (shelf.release / "report.html").read_text(encoding="utf-8"),
        cohortflow("status", *where),
    )
    assert '<tr class="kept">' in page and "has changed since" in status.well().out
    revised = cohortflow(
        *arguments, "--revise", "--reason", "Forty people were tests."
    ).well()
    assert "--revise was refused" not in revised.out + revised.err
    assert (shelf.release / "measures.csv").read_bytes() != before
    said = json.loads((shelf.release / "manifest.json").read_text(encoding="utf-8"))[
        "disclosure"
    ]["ledger"]
    assert (
        said["last_change"]["reason"] == "Forty people were tests."
        and "(why: Forty people" in said["said"]
    )
    page, status = (
        (shelf.release / "report.html").read_text(encoding="utf-8"),
        cohortflow("status", *where),
    )
    assert (
        '<tr class="kept">' not in page and "has changed since" not in status.well().out
    )
    assert cohortflow("status", *where, "--json").json["release"]["changed_since"] == []


def test_true_counts_are_for_made_up_records(cohortflow: Command, arguments: tuple):
    refused = cohortflow(*arguments[:-1], "none")
    assert (
        refused.code == 4
        and "made-up records only" in refused.err
        and "Traceback" not in refused.err
    )
