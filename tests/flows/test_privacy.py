"""Marks planted in the records are found on the highly_sensitive shelf and nowhere
else.

The runs looked at are those with a dirty value and a damaged slice, because errors are
what gives values away.
"""

import json
import re
from pathlib import Path

import pytest

from tests.flows.commands import Command, Result
from tests.flows.conftest import Undisturbed
from tests.flows.numbers import numbers
from tests.flows.records import CANARIES, PATIENTS
from tests.flows.shelves import Shelves, contents, read
from tests.flows.story import REASON, Story
from tests.lib.prefect_server import Server

MOST = 1_000  # smaller numbers are everywhere by chance


@pytest.fixture(scope="module")
def true_counts(story: Story) -> set[int]:
    """True counts that no rounding gives and that nobody would meet by chance."""
    names = ("numerator", "denominator", "numerator_patients", "denominator_patients")
    counts = {row[name] for row in story.shelves.counts() for name in names}
    return {count for count in counts if count > MOST and count % 5}


def test_the_marks_are_where_they_belong(story: Story):
    cohort = next(iter(story.shelves.tables("cohorts").values()))
    assert all(
        str(id).startswith(CANARIES[0]) for id in cohort["patient_id"].to_pylist()
    )
    assert any(
        str(value).startswith(CANARIES[1])
        for value in _column(story.shelves, "numeric_value")
    )


def _column(shelves: Shelves, name: str) -> list:
    return read(shelves.snapshot("clinical_events"))[name].to_pylist()


def test_no_command_says_them(story: Story, dirty: Result):
    said = story.said + dirty.out + dirty.err
    assert not [mark for mark in CANARIES if mark in said]


def test_prefect_does_not_know_them(
    story: Story, dirty: Result, server: Server, cohortflow: Command
):
    known = server.database + b"".join(
        contents(Path(cohortflow.environment["PREFECT_HOME"])).values()
    )
    assert b"weekly 2020-03-02..2020-03-23" in known, "these runs are in it"
    assert b"spreadsheet" in known and REASON.encode() in known, "and what went wrong"
    assert not [mark for mark in CANARIES if mark.encode() in known]


def test_counts_would_be_found():
    assert numbers(b"of 8341 people\n8181\n, 8308") == {8341, 8181, 8308}
    assert (
        numbers(
            b'12:00:00.008199, :8242, "cohortflow.process": "host 8376 1764150001.25", \xc08199\x00\x00'
        )
        == set()
    )


def test_prefect_does_not_know_true_counts(
    story: Story, true_counts: set[int], server: Server
):
    assert len(true_counts) >= 4
    assert not numbers(server.database) & true_counts


def test_prefect_does_not_know_how_many_rows_are_wrong(dirty: Result, server: Server):
    """It is a true count, which an author can choose."""
    for known in (server.database, dirty.err.encode(), dirty.out.encode()):
        assert not re.findall(rb"\d rows? (?:is|are) [\w ]*|data row \d[\d,]*", known)
    assert b"some rows are codes changed by a spreadsheet" in server.database
    assert "some rows are codes changed by a spreadsheet" in " ".join(dirty.err.split())


def test_nothing_of_them_is_released(story: Story, true_counts: set[int]):
    release = story.shelves.release
    texts = [
        path.read_text(encoding="utf-8")
        for path in release.rglob("*")
        if path.suffix in (".csv", ".json")
    ]
    texts.append(
        json.dumps(read(release / "measures.parquet").to_pylist(), default=str)
    )
    for text in texts:
        assert not [mark for mark in CANARIES if mark in text]
        cells = {
            int(cell)
            for cell in re.findall(r"(?<![\w.-])\d+(?![\w.-])", text.replace(",", " "))
        }
        assert not cells & (true_counts | {PATIENTS})


def test_how_many_rows_are_odd_is_for_the_sites_people(story: Story):
    (warning, where) = json.loads(story.shelves.released()["manifest.json"])["warnings"]
    assert warning == (
        "patients.parquet: column date_of_death: some rows are NULL; which is every "
        "row of the table"
    )
    assert (
        where
        == "Of the records: which rows, and how many, is in highly_sensitive/dirt.json"
    )
    assert (
        warning in " ".join(story.failed.out.split())
        and f"{PATIENTS} rows" not in story.said
    )
    report = story.shelves.high / "dirt.json"
    assert report.stat().st_mode & 0o777 == 0o600
    (dirt,) = json.loads(report.read_text(encoding="utf-8"))["dirt"]
    assert (dirt["column"], dirt["rule"], dirt["rows"], dirt["file"]) == (
        "date_of_death",
        "NULL",
        PATIENTS,
        "patients.parquet",
    )


def test_only_the_owner_looks_into_the_high_shelf(
    story: Story, undisturbed: Undisturbed
):
    for shelves in (story.shelves, undisturbed.shelves):
        assert shelves.high.stat().st_mode & 0o777 == 0o700
        released = [shelves.release, *shelves.release.rglob("*")]
        modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in released}
        assert modes == {(True, 0o750), (False, 0o640)}, "owner and group"
