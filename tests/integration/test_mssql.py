"""SQL Server by way of a stand-in for its driver: it gives what a folder of files
gives. There is no server here.
"""

import inspect
import pickle
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model import nodes
from extractors.planner.needs import TableNeed
from extractors.sources import Address
from extractors.sources.mssql.driver import ALLOWED
from tests.lib.mssql_stand_in import Connection, Cursor, Server
from tests.lib.omop_dump import CORE, write_dump
from tests.lib.record_files import COLUMNS, EVENTS, FORMS, TABLE, read, refused

pytest.importorskip("sqlglot", reason="no package sqlglot")
WHERE = "mssql://me@db/records"
LABEL = "SQL Server database records at db"


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture
def server(tmp_path, monkeypatch):
    server = Server(tmp_path / "server.duckdb")
    monkeypatch.setitem(sys.modules, "mssql_python", server.package())
    monkeypatch.setenv("SQLCMDPASSWORD", "a;b}c")
    return server


def load(server: Server, **tables) -> None:
    with duckdb.connect(str(server.path)) as connection:
        for name, table in tables.items():
            connection.register("given", table)
            connection.execute(f'CREATE TABLE "{name}" AS FROM given')


def events_with(code: str) -> TableNeed:
    of = EVENTS.column("snomedct_code").type
    wanted = nodes.Call(
        "in",
        (
            nodes.Column(nodes.Table(EVENTS), "snomedct_code"),
            nodes.Values((of(code),), of),
        ),
    )
    return TableNeed(EVENTS, tuple(COLUMNS), ((wanted,),), "")


def test_a_server_is_read_as_a_folder_is(engine, tmp_path, server):
    load(server, clinical_events=TABLE)
    (tmp_path / "files").mkdir()
    FORMS["parquet"](TABLE, tmp_path / "files")
    assert read(engine, WHERE) == read(engine, tmp_path / "files")
    assert server.given == {
        "Server": "db",
        "Database": "records",
        "UID": "me",
        "PWD": "a;b}c",
    }
    assert not server.pooled


def test_all_rows_are_of_one_snapshot(engine, server):
    load(server, clinical_events=TABLE)
    read(engine, WHERE)
    begun = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT"
    sessions = " ".join(
        asked if committed else "read" for asked, committed in server.asked
    ).split(ALLOWED)[1:]
    assert sessions and all(each.split(begun)[1].split() for each in sessions)
    assert {word for each in sessions for word in each.split(begun)[1].split()} == {
        "read"
    }
    assert any(
        asked.startswith("SELECT [patient_id]")
        for asked, committed in server.asked
        if not committed
    )


@pytest.mark.parametrize("snapshots", [True, False])
@pytest.mark.parametrize("prefix", ["", "omop:"])
def test_a_database_without_snapshots_is_read_and_said(
    tmp_path, server, snapshots, prefix
):
    server.snapshots = snapshots
    write_dump(tmp_path)
    load(
        server,
        clinical_events=TABLE,
        **{path.stem: pq.read_table(path) for path in tmp_path.glob("*.parquet")},
    )
    schema = CORE["clinical_events"] if prefix else EVENTS
    columns = [column.name for column in schema.columns] if prefix else COLUMNS
    with Engine() as engine:
        found = Address.parse(f"{prefix}{WHERE}").open().check(engine, schema, columns)
    said = [each for each in found.said if "SNAPSHOT isolation" in each]
    assert len(said) == (0 if snapshots else 1) and all(
        each.startswith(f"{LABEL}: ") for each in said
    )


def test_only_needed_rows_are_read_and_they_are_as_when_looked_at(engine, server):
    load(server, clinical_events=TABLE)
    needs = (events_with("444814009"),)
    address = Address.parse(WHERE)
    state = address.look(needs)
    source = pickle.loads(pickle.dumps(address.open(needs=needs, state=state)))
    rows = engine.execute(
        f"SELECT * FROM ({source.relation(engine, EVENTS, COLUMNS)}) ORDER BY ALL"
    )
    assert [row[2] for row in rows] == ["444814009", "444814009"]
    with duckdb.connect(str(server.path)) as writer:
        writer.execute(
            "UPDATE clinical_events SET numeric_value = 7 WHERE numeric_value = 1.5"
        )
    with (
        Engine() as another,
        pytest.raises(RecordsError, match="have changed since this run"),
    ):
        address.open(needs=needs, state=state).relation(another, EVENTS, COLUMNS)


def test_omop_on_a_server_is_omop_in_files(tmp_path, server):
    files = write_dump(tmp_path)
    load(
        server,
        **{path.stem: pq.read_table(path) for path in tmp_path.glob("*.parquet")},
    )
    address = Address.parse(f"omop:{WHERE}")
    for name, schema in CORE.items():
        columns = [column.name for column in schema.columns]
        need = TableNeed(schema, tuple(columns), (), "")
        with Engine() as engine:
            ours, theirs = (
                engine.execute(
                    f"SELECT * FROM ({source.relation(engine, schema, columns)}) "
                    "ORDER BY ALL"
                )
                for source in (
                    Address.parse(files).open(),
                    address.open(needs=[need], state=address.look([need])),
                )
            )
        assert ours == theirs and ours, name


def test_what_is_not_here_is_named(engine, monkeypatch, tmp_path):
    server = Server(tmp_path / "server.duckdb")
    load(server, other=TABLE)
    monkeypatch.setitem(sys.modules, "mssql_python", server.package())
    monkeypatch.delenv("SQLCMDPASSWORD", raising=False)
    assert (
        refused(read, engine, WHERE)
        == f"{LABEL}: there is no password for this user; give it as SQLCMDPASSWORD."
    )
    assert f"There is no table clinical_events in {LABEL}" in refused(
        read, engine, "mssql://db/records"
    )
    monkeypatch.setitem(sys.modules, "mssql_python", None)
    missing = (
        "the package mssql-python is not here: pip install mssql-python (pinned in "
        "infra/requirements-extras.txt)"
    )
    assert refused(read, engine, WHERE) == f"{LABEL}: {missing}."


def test_the_stand_in_is_called_as_the_package_is(tmp_path: Path):
    package = pytest.importorskip("mssql_python", reason="no package mssql-python")
    ours = Server(tmp_path).package()
    methods = {
        Connection: ("cursor", "setautocommit", "close"),
        Cursor: (
            "__enter__",
            "__exit__",
            "close",
            "execute",
            "fetchall",
            "arrow_reader",
        ),
    }
    pairs = [
        (getattr(ours, name), getattr(package, name)) for name in ("connect", "pooling")
    ]
    for of, names in methods.items():
        pairs += [
            (getattr(of, name), getattr(getattr(package, of.__name__), name))
            for name in names
        ]
    for stand_in, real in pairs:
        assert _parameters(stand_in) == _parameters(real), real
    for name in ("Error", "ConnectionStringParseError"):
        assert issubclass(getattr(package, name), BaseException)


def _parameters(function):
    found = inspect.signature(function).parameters.values()
    return [(each.name, each.kind, each.default) for each in found]
