"""Addresses of SQL Server: what is understood, what is refused without a word of it."""

import pytest

from extractors.errors import ArgumentsError, RecordsError
from extractors.sources import Address
from extractors.sources.mssql.address import keywords, with_password

SECRETS = [
    "mssql://me:SECRET@db/records",
    "mssql://me@SECRET@db/records",
    "mssql://db/records?PWD=SECRET",
    "mssql://db/records?Encrypt=yes;pwd=SECRET",
    "omop:mssql://me:SECRET@db/records",
    "mssql+mssqlpython://me:SECRET@db/records",
]
NONSENSE = [
    "mssql://SECRET",
    "mssql:///SECRET",
    "mssql+pyodbc://db/SECRET",
    "mssql://db;UID=sa/SECRET",
    "mssql://db/records?Driver=SECRET",
    "mssql://db/records?SECRET",
]


@pytest.mark.parametrize("where", [*SECRETS, *NONSENSE])
def test_what_may_hold_a_secret_or_makes_no_sense_is_refused_without_a_word_of_it(
    where,
):
    with pytest.raises(ArgumentsError) as raised:
        Address.parse(where).check()
    assert "SECRET" not in str(raised.value)
    if where in SECRETS:
        assert "give it as SQLCMDPASSWORD" in str(raised.value)


@pytest.mark.parametrize(
    ("where", "named"),
    [
        (
            "mssql://me@db:1433/records",
            {"Server": "db,1433", "Database": "records", "UID": "me"},
        ),
        ("MSSQL+mssqlpython://db/re%20cords", {"Server": "db", "Database": "re cords"}),
        (
            "mssql://NHS%5Cme@db%5Cone/records?encrypt=strict&ApplicationIntent=ReadOnly",
            {
                "Server": r"db\one",
                "Database": "records",
                "UID": r"NHS\me",
                "Encrypt": "strict",
                "ApplicationIntent": "ReadOnly",
            },
        ),
    ],
)
def test_what_the_driver_needs(where, named):
    Address.parse(where).check()
    assert keywords(where) == named


def test_the_password_comes_from_the_environment(monkeypatch):
    user, nobody = keywords("mssql://me@db/records"), keywords("mssql://db/records")
    monkeypatch.delenv("SQLCMDPASSWORD", raising=False)
    with pytest.raises(
        RecordsError,
        match="label: there is no password for this user; give it as SQLCMDPASSWORD",
    ):
        with_password(user, "label")
    assert with_password(nobody, "label") == nobody | {"Trusted_Connection": "yes"}
    entra = keywords("mssql://db/records?Authentication=ActiveDirectoryDefault")
    assert with_password(entra, "label") == entra
    monkeypatch.setenv("SQLCMDPASSWORD", "a;b}c")
    assert with_password(user, "label") == user | {"PWD": "a;b}c"}
    assert with_password(entra, "label") == entra


def test_the_kind_that_a_manifest_names():
    assert Address.parse("mssql://me@db/records").public_name == "mssql"
    assert Address.parse("omop:mssql://me@db/records").public_name == "omop:mssql"
    assert (
        str(Address.parse("omop:mssql://me@db/records").absolute())
        == "omop:mssql://me@db/records"
    )
