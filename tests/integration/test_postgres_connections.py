"""Connections to a real PostgreSQL that drop, come back, or cannot be had."""

import os
import pickle
import threading
import time
from collections.abc import Iterator

import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.sources import Address, open_source
from extractors.sources.postgresql import RecordsUnreachable, forget_all, retrying
from tests.lib.postgres_records import (
    MANY_EVENTS,
    OTHER,
    fill,
    need,
    total,
    while_reading,
)
from tests.lib.postgres_server import Postgres, postgres_for_tests
from tests.lib.record_files import read, refused

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        fill(server)
        yield server


@pytest.fixture(autouse=True)
def apart(monkeypatch) -> Iterator[None]:
    """No test sees what another has looked at, and none waits long."""
    monkeypatch.setattr(retrying, "LOOKING", ())
    yield
    forget_all()


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


# connections that drop


def terminate(server: Postgres) -> None:
    server.psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE "
        "'COPY%' AND state = 'active'"
    )


@pytest.mark.parametrize("looked", [True, False])
def test_a_connection_that_drops_in_the_middle_is_taken_up_again(
    server, engine, monkeypatch, looked
):
    needs = [OTHER, need(MANY_EVENTS)]
    whole = total(engine, open_source(server.address()), needs[1])
    state = Address.parse(server.address()).look(needs) if looked else None
    begun = while_reading(monkeypatch, 1, lambda: terminate(server), '"many"')
    source = open_source(server.address(), needs=needs, state=state)
    assert total(engine, source, needs[1]) == whole
    assert engine.execute(source.relation(engine, OTHER.schema, ())) == [(1,)]
    # the table that was whole is kept if the moment lasts, and else read again
    tables = ["many" if '"many"' in sql else "other" for sql in begun]
    assert tables == (["other", "many", "many"] if looked else ["other", "many"] * 2)


def test_a_server_that_restarts_in_the_middle_gives_the_same_records(
    server, engine, monkeypatch
):
    needs = [need(MANY_EVENTS)]
    whole = total(engine, open_source(server.address()), needs[0])
    state = Address.parse(server.address()).look(needs)
    begun = while_reading(monkeypatch, 0, lambda: restart(server))
    source = open_source(server.address(), needs=needs, state=state)
    assert total(engine, source, needs[0]) == whole and len(begun) == 2


def restart(server: Postgres) -> None:
    server.stop(at_once=True)
    threading.Timer(1.5, server.start).start()


# no connection at all


def test_a_server_that_is_not_there_is_named_and_may_come_back(
    server, engine, monkeypatch
):
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    where = server.address().replace(f":{server.port}", ":1")
    source = open_source(where)
    with pytest.raises(
        RecordsUnreachable,
        match="no connection to the server at 127.0.0.1:1; is it running",
    ) as raised:
        source.relation(engine, OTHER.schema, ())
    assert raised.value.transient and raised.value.exit_code == 2
    assert pauses == list(retrying.READING) and sum(pauses) <= 60
    again = pickle.loads(pickle.dumps(raised.value))
    assert again.message == raised.value.message and again.transient


def test_a_host_that_nobody_wrote_is_not_named(server, engine, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    message = refused(
        open_source("postgresql:///records").relation, engine, OTHER.schema, ()
    )
    assert (
        "127.0.0.1" not in message
        and "the server that libpq's settings name" in message
    )


def test_refusals_are_final_and_name_no_password(server, engine, monkeypatch):
    def said(where: str) -> str:
        with pytest.raises(RecordsError) as raised:
            open_source(where).relation(engine, OTHER.schema, ())
        assert not raised.value.transient and raised.value.exit_code == 2
        assert server.password not in raised.value.message + raised.value.detail
        return raised.value.message

    monkeypatch.setattr(
        time, "sleep", lambda _: pytest.fail("there is nothing to wait for")
    )
    assert "no such database or user" in said(server.address("nowhere"))
    assert "does not accept the password" in said(
        server.address().replace("tester", "somebody")
    )
    assert "cannot be understood by libpq" in said(server.address(query="?zork=1"))
    assert "SSL" in said(server.address(query="?sslmode=require"))
    server.psql("CREATE ROLE poor LOGIN PASSWORD 'x'")
    monkeypatch.setenv("PGPASSWORD", "x")
    assert "ask for the right to SELECT" in said(
        server.address().replace("tester", "poor")
    )
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("PGPASSFILE", os.devnull)
    assert "wants a password; leave the password out and give it as PGPASSWORD" in said(
        server.address()
    )


def test_a_password_may_come_from_a_service_file(server, engine, monkeypatch, tmp_path):
    lines = [
        "[records]",
        "host=127.0.0.1",
        f"port={server.port}",
        "user=tester",
        "dbname=records",
    ]
    (tmp_path / "services").write_text(
        "\n".join([*lines, f"password={server.password}"]), encoding="utf-8"
    )
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    assert read(engine, "postgresql:///?service=records", OTHER.schema, []) == [(1,)]
