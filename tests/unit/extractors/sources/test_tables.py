"""Tables as they are stored: what of the promised columns is there."""

import datetime

import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.sources import open_source
from extractors.tables import raw_core
from tests.lib.record_files import (
    FORMS,
    TABLE,
    check,
    place,
    read,
    refused,
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.mark.parametrize("form", FORMS)
def test_columns_that_are_absent_are_null_and_a_warning(engine, tmp_path, form):
    FORMS[form](TABLE.select(["patient_id"]), tmp_path)
    assert read(engine, place(tmp_path), columns=["date", "numeric_value"])[0] == (
        1,
        None,
        None,
    )
    (warning,) = check(engine, place(tmp_path), columns=["date"])
    assert warning.endswith(
        "it has no column date, which counts as missing in every row"
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_misspelt_column_is_named_beside_the_one_that_is_missing(
    engine, tmp_path, form
):
    misspelt = TABLE.rename_columns({"status": "state", "date": "a_date"})
    FORMS[form](misspelt, tmp_path)
    (warning,) = check(engine, place(tmp_path), columns=["date", "numeric_value"])
    assert warning.endswith(
        "it has no column date, which counts as missing in every row; "
        "columns of it that are not known: a_date, state, a column too many"
    )


@pytest.mark.parametrize("form", FORMS)
def test_without_its_column_of_codes_a_table_is_refused(engine, tmp_path, form):
    FORMS[form](TABLE.rename_columns({"snomedct_code": "snomed_code"}), tmp_path)
    for call in (check, read):
        message = refused(
            call, engine, place(tmp_path), columns=["snomedct_code", "numeric_value"]
        )
        assert (
            "it has no column snomedct_code, in which the definition looks for codes; "
            in message
        )
        assert (
            "columns of it that are not known: snomed_code, a column too many"
            in message
        )


def test_of_many_unknown_columns_a_few_are_named(engine, tmp_path):
    FORMS["csv"](
        pa.table({"patient_id": [1], **{f"x{n:02}": [1] for n in range(30)}}), tmp_path
    )
    (warning,) = check(engine, place(tmp_path), columns=["date"])
    assert "x00, x01" in warning and warning.endswith("x09, …")


@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_rows_is_a_warning(engine, tmp_path, form):
    FORMS[form](TABLE.slice(0, 0), tmp_path)
    assert read(engine, place(tmp_path)) == []
    (warning,) = check(engine, place(tmp_path))
    assert "has no rows" in warning


def test_no_columns_at_all_gives_the_patients(engine, tmp_path):
    FORMS["csv"](TABLE, tmp_path)
    assert read(engine, tmp_path, columns=[]) == [(1,), (1,), (2,), (2**40,)]


def test_columns_that_nobody_asks_for_may_hold_anything(engine, tmp_path):
    (tmp_path / "clinical_events.csv").write_text(
        "patient_id,date,numeric_value\n1,2020-01-01,many\n", encoding="utf-8"
    )
    assert check(engine, tmp_path, columns=["date"]) == []


@pytest.mark.parametrize("name", ["ons_deaths", "ons_deaths_raw"])
def test_certificates_as_recorded_may_be_stored_under_the_plain_name(
    engine, tmp_path, name
):
    raw = raw_core.ons_deaths._node.table.schema
    (tmp_path / f"{name}.csv").write_text(
        "patient_id,date\n1,2020-02-10\n1,2020-02-11\n", encoding="utf-8"
    )
    source = open_source(place(tmp_path))
    assert not source.check(engine, raw, ["date"]).said
    days = engine.execute(
        f"SELECT * FROM ({source.relation(engine, raw, ['date'])}) ORDER BY ALL"
    )
    assert days == [(1, datetime.date(2020, 2, 10)), (1, datetime.date(2020, 2, 11))]


def test_a_table_of_their_own_comes_first(engine, tmp_path):
    raw = raw_core.ons_deaths._node.table.schema
    (tmp_path / "ons_deaths.csv").write_text(
        "patient_id,date\n1,2020-02-10\n", encoding="utf-8"
    )
    (tmp_path / "ons_deaths_raw.csv").write_text(
        "patient_id,date\n2,2020-02-11\n", encoding="utf-8"
    )
    relation = open_source(place(tmp_path)).relation(engine, raw, ["date"])
    assert engine.execute(f"SELECT * FROM ({relation})") == [
        (2, datetime.date(2020, 2, 11))
    ]
