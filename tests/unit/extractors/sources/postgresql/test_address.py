"""Addresses of PostgreSQL databases: none with a password is taken, and none such is
ever repeated.
"""

import pickle

import pytest

from extractors.errors import ArgumentsError
from extractors.sources import Address, open_source
from extractors.sources.postgresql import parse_address

SECRET = "s7777777"


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://db/records",
        "postgres://me@db.example:5433/records",
        "POSTGRESQL:///records",
        "postgresql://",
        "omop+postgresql://me@[::1]:5432/cdm?sslmode=verify-full&options=-csearch_path%3Dcdm",
        "postgresql://one,two:5433/records?target_session_attrs=prefer-standby",
        "postgresql:///?service=records&passfile=secrets.txt",
        "postgresql://me@%2Frun%2Fpostgresql/records",
    ],
)
def test_addresses_without_a_password_are_taken(where):
    address = parse_address(where)
    assert Address.parse(where).kind.is_database
    assert Address.parse(where).kind.name.startswith("omop+") == where.startswith(
        "omop+"
    )
    assert (
        address.uri.startswith("postgresql://") and "connect_timeout=10" in address.uri
    )
    assert pickle.loads(pickle.dumps(open_source(where))) == open_source(where)


@pytest.mark.parametrize(
    "where",
    [
        f"postgresql://me:{SECRET}@db/records",
        f"omop+postgresql://me:{SECRET}@db/records",
        f"postgresql://me:a/{SECRET}@db/records",
        f"postgresql://me:a?{SECRET}@db/records",
        f"postgresql://me:a#{SECRET}@db/records",
        f"postgresql://me:a@{SECRET}@db/records",
        f"postgresql://me@db/records?password={SECRET}",
        f"postgresql://me@db/records?pass%77ord={SECRET}",
        f"postgresql://me@db/records?sslmode=require&sslpassword={SECRET}",
        f"postgresql://me@db/records?application_name=x%20password%3D{SECRET}",
        f"postgresql://db/password={SECRET}",
    ],
)
def test_a_password_is_refused_and_not_repeated(where):
    for refuse in (open_source, lambda where: Address.parse(where).check()):
        with pytest.raises(
            ArgumentsError, match="hold a password.*PGPASSWORD"
        ) as raised:
            refuse(where)
        assert SECRET not in str(raised.value) + raised.value.detail
        assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    "where",
    [
        f"postgresql://db:{SECRET}/records",
        f"postgresql://db/a/{SECRET}",
        f"postgresql://db/a#{SECRET}",
        f"mysql+pymysql://me:{SECRET}@db/records",
        f"jdbc:postgresql://db/records?password={SECRET}",
        f"omop:postgresql://me:{SECRET}@db/cdm",
        f"host=db user=me password={SECRET}",
    ],
)
def test_what_is_no_address_of_ours_is_not_repeated_either(where):
    with pytest.raises(
        ArgumentsError, match="cannot be (understood; write it|read yet; give)"
    ) as raised:
        open_source(where)
    assert SECRET not in str(raised.value) + raised.value.detail


def test_what_a_user_sets_goes_before_our_own_settings(monkeypatch):
    assert (
        "connect_timeout=3&" in parse_address("postgresql://db/x?connect_timeout=3").uri
    )
    assert (
        "connect_timeout=10"
        not in parse_address("postgresql://db/x?connect_timeout=3").uri
    )
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "5")
    assert "connect_timeout" not in parse_address("postgresql://db/x").uri


def test_messages_name_a_host_only_if_the_user_did():
    assert (
        parse_address("postgresql://me@db:1/records").label
        == "PostgreSQL database records at db:1"
    )
    assert parse_address("postgresql:///?service=x").label == "PostgreSQL database"
