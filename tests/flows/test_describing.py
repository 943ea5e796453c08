"""`describe` on records that are not known to be made up: what leaves is a release, and
nothing else.
"""

import json
import re
from pathlib import Path

import duckdb
import pytest

from extractors.trial.mark import MARK
from tests.flows.commands import Command, Result
from tests.flows.numbers import numbers
from tests.flows.shelves import contents
from tests.lib.prefect_server import environment

STUDY = """
from ehrql import INTERVAL, codelist_from_csv, create_measures, months
from ehrql.tables.tpp import clinical_events as events, patients
codes = codelist_from_csv("codes.csv", column="code")
seen = events.where(events.date.is_during(INTERVAL)).where(events.snomedct_code.is_in(codes))
measures = create_measures()
measures.define_measure(
    "seen",
    numerator=seen.exists_for_patient(),
    denominator=patients.is_alive_on(INTERVAL.start_date),
    group_by={"sex": patients.sex, "born": patients.date_of_birth.to_first_of_year()},
    intervals=months(2).starting_on("2020-01-01"),
)
"""
ALIVE = "(date_of_death > DATE '2020-02-01' OR date_of_death IS NULL)"
PEOPLE = 5003


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("described")


@pytest.fixture(scope="module")
def command(folder: Path) -> Command:
    return Command(environment(folder / "home"), folder=folder)


@pytest.fixture(scope="module")
def told(folder: Path, command: Command) -> Result:
    (folder / "study.py").write_text(STUDY, encoding="utf-8")
    (folder / "codes.csv").write_text("code\n60621009\n271649006\n", encoding="utf-8")
    command("trial", "study.py", "--patients", PEOPLE, "--to", "records").well()
    (folder / "records" / MARK).unlink()
    return command("describe", "study.py", "--records", "records").well()


def true_counts(folder: Path) -> set[int]:
    """Counts by SQL that no rounding gives and that nobody would meet by chance."""
    patients, events = (
        folder / "records" / "patients.parquet",
        folder / "records" / "clinical_events.parquet",
    )
    queries = [
        f"SELECT count(*) FROM '{patients}'",
        f"SELECT count(*) FROM '{patients}' WHERE {ALIVE}",
        f"SELECT count(*) FROM '{patients}' WHERE {ALIVE} GROUP BY sex",
        f"SELECT count(*) FROM '{events}' WHERE snomedct_code IN ('60621009', "
        "'271649006')",
    ]
    counts: set[int] = set()
    with duckdb.connect() as connection:
        for query in queries:
            counts.update(count for (count,) in connection.execute(query).fetchall())
    return {count for count in counts if count > 1_000 and count % 5}


def plain(text: bytes) -> bytes:
    """Without the comma that people put between thousands."""
    return re.sub(rb"(?<=\d),(?=\d{3}(?!\d))", b"", text)


@pytest.mark.slow
def test_nothing_that_is_true_leaves(told: Result, folder: Path):
    known = true_counts(folder)
    assert PEOPLE in known and len(known) >= 3
    shelf = folder / "workspace" / "study_described" / "highly_sensitive"
    private = (shelf, folder / "records")
    for name, text in contents(folder).items():
        if not any((folder / name).is_relative_to(each) for each in private):
            assert not numbers(plain(text)) & known, name
    assert not numbers(plain((told.out + told.err).encode())) & known
    assert b"".join(contents(shelf).values()), "it is where it belongs"


@pytest.mark.slow
def test_the_release_is_what_is_told(told: Result, folder: Path, command: Command):
    release = folder / "workspace" / "study_described" / "moderately_sensitive"
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert {"describe.html", "report.html", "measures.csv"} <= set(manifest["files"])
    found = (
        command("describe", "study.py", "--records", "records", "--json").well().json
    )
    variables = {each["variable"]: each for each in found["variables"]}
    sexes = {each["value"]: each["people"] for each in variables["sex"]["values"]}
    assert sexes["female"] % 5 == 0 and abs(sexes["female"] - PEOPLE / 2) < 200
    assert variables["born"]["type"] == "date" and variables["born"]["shape"]["half"]
    page = (release / "describe.html").read_text(encoding="utf-8")
    assert (
        f"{sexes['female']:,} people" in page
        and "withheld" in page
        and "Made-up" not in page
    )
    assert found["page"] == str(release / "describe.html")
    assert f"{sexes['female']:,}" in told.out
