"""The records of a run; and a source that the rest of the house has never heard of."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from extractors.errors import DefinitionError
from extractors.planner.needs import TableNeed
from extractors.sources import Address, explained_forms, forms, kinds, open_source
from extractors.sources.base import Source, State
from extractors.sources.kind import Kind, NoPlace
from extractors.sources.kinds import choices
from extractors.sources.on_disk import TABLES
from flows.preparing.estimate import estimate
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from tests.lib.definitions import START, project, write

__all__ = ["project"]
READING = "open({path!r}).read()\n"


@dataclass(frozen=True, kw_only=True)
class Archive(Kind):
    """Folders of tables by the year in which they were put away."""

    def recognises(self, where: str) -> bool:
        return where.startswith(self.prefix)

    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        if not (folder := Path("archive") / place).exists():
            raise NoPlace(f"Nothing was put away in {place}")
        return TABLES.open(str(folder))

    def path(self, place: str) -> Path | None:
        return Path("archive").absolute()


@pytest.fixture
def archive(project, monkeypatch):
    kind = Archive(
        name="archive",
        prefix="year:",
        form="year:YEAR",
        note="(put away)",
        choice="year: and a year",
    )
    monkeypatch.setattr(kinds, "SOURCES", (*kinds.SOURCES, kind))
    write("archive/2019/patients.csv", "patient_id,sex\n1,female\n")
    write("archive/2019/clinical_events.csv", "patient_id,date\n1,2020-01-07\n")
    return project / "archive"


def prepared(records: str, definition: str = START):
    return prepare(
        Options(str(write("study.py", definition)), records, workspace="workspace")
    )


def test_a_new_source_needs_nothing_but_its_line_in_the_table(archive):
    """It stands for all that asks an address: runs, fingerprints, manifests, help,
    messages.
    """
    records = prepared("year:2019").records
    assert records.open().files() == (
        Path("archive/2019/clinical_events.csv").absolute(),
        Path("archive/2019/patients.csv").absolute(),
    )
    assert records.address.public_name == "archive" and not records.made_up
    assert records.fingerprint != prepared("archive/2019").records.fingerprint
    records.refuse_changed()
    assert estimate(prepared("year:2019")) is None
    assert estimate(prepared("archive/2019")) is not None
    assert "omop:FOLDER_OR_FILE, year:YEAR, or postgresql" in forms()
    assert "year:YEAR (put away), or a database as" in explained_forms()
    assert "one of these, year: and a year, or" in choices()


def test_what_a_new_source_says_of_its_places_is_kept(archive):
    with pytest.raises(
        Exception, match="put away in 1066; give a folder of .*year: and a year"
    ):
        open_source("year:1066")
    path = str(archive / "2019" / "patients.csv")
    assert prepared("records", READING.format(path=path) + START).study.measures
    with pytest.raises(DefinitionError, match="reading .*which belongs to the records"):
        prepared("year:2019", READING.format(path=path) + START)


def test_records_in_a_home_are_closed_to_a_definition(project, monkeypatch):
    """Not every shell writes a home out, and no service manager does."""
    monkeypatch.setenv("HOME", str(project))
    reading = READING.format(path=str(project / "records" / "patients.csv"))
    with pytest.raises(DefinitionError, match="reading .*which belongs to the records"):
        prepared("~/records", reading + START)
    assert Address.parse("~/records").path == project / "records"
