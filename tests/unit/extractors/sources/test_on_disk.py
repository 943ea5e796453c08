"""Places of records on a disk: what is one, and what is refused."""

import pytest

from extractors.engine import Engine
from extractors.errors import ArgumentsError
from extractors.sources import open_source
from extractors.sources.dirt import Checked
from tests.lib.record_files import CANARY, COLUMNS, EVENTS, FORMS, TABLE


@pytest.mark.parametrize("where", ["", "nowhere", "omop:", "omop:nowhere"])
def test_a_place_that_is_not_there(where, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = where.removeprefix("omop:")
    with pytest.raises(
        ArgumentsError, match="no records there; give a folder of tables"
    ) as raised:
        open_source(where)
    assert raised.value.message.endswith(f"; got {place!r}"), "the path comes last"


@pytest.mark.parametrize(
    "where", [f"mysql://me:{CANARY}@host/db", f"omop:mysql+x://me:{CANARY}@host/db"]
)
def test_addresses_are_not_taken_yet_and_not_repeated(where):
    with pytest.raises(ArgumentsError, match="cannot be read yet") as raised:
        open_source(where)
    assert CANARY not in str(raised.value)


def test_a_file_that_is_no_place(tmp_path):
    FORMS["csv"](TABLE, tmp_path)
    place = str(tmp_path / "clinical_events.csv")
    with pytest.raises(ArgumentsError, match="This file is no place of") as raised:
        open_source(place)
    assert raised.value.message.endswith(f"; got {place!r}"), "the path comes last"


def test_a_relative_place_stays_where_it_was(tmp_path, monkeypatch):
    FORMS["parquet"](TABLE, tmp_path)
    monkeypatch.chdir(tmp_path)
    source = open_source(".")
    monkeypatch.chdir("/")
    with Engine() as engine:
        assert source.check(engine, EVENTS, COLUMNS) == Checked()
