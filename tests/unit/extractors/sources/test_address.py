"""What a user writes behind `--records`, and what everything else asks of it."""

import pickle

import pytest

from extractors.errors import ArgumentsError
from extractors.sources import TRIAL, Address, explained_forms, forms
from extractors.sources.kinds import SOURCES, choices
from tests.lib.places import CHECKOUT


@pytest.mark.parametrize(
    ("where", "name", "place", "told"),
    [
        (TRIAL, "trial", "trial", "trial"),
        ("records", "tables", "records", "tables"),
        ("trial/records", "tables", "trial/records", "tables"),
        ("records.duckdb", "tables", "records.duckdb", ".duckdb"),
        ("postgresql", "tables", "postgresql", "tables"),
        ("a:b", "tables", "a:b", "tables"),
        ("omop:cdm.duckdb", "omop", "cdm.duckdb", "omop"),
        ("postgres://db/x", "postgresql", "postgres://db/x", "postgres"),
        ("PostgreSQL://db/x", "postgresql", "PostgreSQL://db/x", "PostgreSQL"),
        (
            "omop+postgres://db/x",
            "omop+postgresql",
            "omop+postgres://db/x",
            "omop+postgres",
        ),
    ],
)
def test_every_address_is_of_one_kind(where, name, place, told):
    address = Address.parse(where)
    assert (address.kind.name, address.place, address.public_name) == (
        name,
        place,
        told,
    )
    assert str(address) == where
    assert pickle.loads(pickle.dumps(address)) == address
    assert sum(kind.recognises(where) for kind in SOURCES) == (name != "tables")


@pytest.mark.parametrize("prefix", ["", "omop:"])
def test_a_place_on_a_disk_is_the_same_for_a_process_elsewhere(
    prefix, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for written, meant in (
        (f"{prefix}a:b", "a:b"),
        (f"{prefix}~/records", "home/records"),
    ):
        address = Address.parse(written)
        assert address.path == tmp_path / meant
        assert str(address.absolute()) == f"{prefix}{tmp_path / meant}"


@pytest.mark.parametrize(
    "where", [TRIAL, "postgresql://db/records", "omop+postgresql:///"]
)
def test_what_is_not_on_a_disk_has_no_path(where):
    address = Address.parse(where)
    assert address.path is None and address.absolute() == address


def test_only_databases_can_be_looked_at():
    with pytest.raises(TypeError, match="tables is no database"):
        Address.parse("records").look([])


def test_nothing_lies_at_the_address_of_made_up_records():
    with pytest.raises(
        ArgumentsError,
        match="There are no records there; give a folder .*; got 'trial'$",
    ):
        Address.parse(TRIAL).open()


def test_the_words_for_users():
    database = "postgresql://USER@HOST/DATABASE or omop+postgresql://…"
    server, driven = "mssql://USER@HOST/DATABASE", "adbc+DRIVER://…"
    assert forms() == (
        "trial, a folder of tables, FILE.duckdb, s3://BUCKET/FOLDER, "
        f"omop:FOLDER_OR_FILE, or {database} or {server} or {driven}"
    )
    assert explained_forms() == (
        "trial (made-up records), a folder of tables, FILE.duckdb, "
        "s3://BUCKET/FOLDER (or gs://, abfs://, https://), omop:FOLDER_OR_FILE, "
        f"or a database as {database} (no password: PGPASSWORD, .pgpass, PGSERVICE) "
        f"or {server} (no password: SQLCMDPASSWORD) or {driven}"
    )
    assert choices() == (
        "a folder of tables, a .duckdb file, s3://…, omop: followed by one of these, "
        "or postgresql://… or omop+postgresql://… or mssql://… or adbc+DRIVER://…"
    )


def test_nobody_above_the_sources_knows_how_addresses_begin():
    """A new source has its own folder and a line in the table; nobody else learns of
    it.
    """
    knowing = []
    for room in ("measures", "flows"):
        for path in (CHECKOUT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if any(
                word in text for word in ("omop:", "omop+", "postgresql:", "postgres:")
            ):
                knowing.append(path.name)
    assert knowing == []
