"""Databases behind ADBC drivers: SQLite and DuckDB give what a folder of files
gives.
"""

import datetime
import pickle
import sqlite3
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.engine import Engine
from extractors.errors import ArgumentsError, RecordsError
from extractors.model import nodes
from extractors.model.schema import TableSchema
from extractors.planner.needs import TableNeed
from extractors.sources import Address
from extractors.sources.adbc.drivers import Driven
from tests.flows.commands import Command
from tests.flows.shelves import Shelves
from tests.flows.shelves import read as read_table
from tests.lib.omop_dump import CORE, write_dump
from tests.lib.postgres_server import Postgres, postgres_for_tests
from tests.lib.record_files import (
    CANARY,
    COLUMNS,
    DAY,
    EVENTS,
    FORMS,
    TABLE,
    read,
    refused,
)

pytest.importorskip("sqlglot", reason="no package sqlglot")
pytest.importorskip("adbc_driver_sqlite", reason="no package adbc-driver-sqlite")
STUDY = Path(__file__).parent / "definitions" / "every_kind.py"
SQLITE = {"int": "INTEGER", "float": "REAL", "double": "REAL", "bool": "INTEGER"}


def write_sqlite(tables: dict[str, pa.Table], path: Path) -> None:
    """Dates as texts and truths as 0 and 1, as everybody writes them to SQLite."""
    with sqlite3.connect(path) as connection:
        for name, table in tables.items():
            listed = ", ".join(
                f'"{field.name}" {_sqlite_type(field.type)}' for field in table.schema
            )
            connection.execute(f'CREATE TABLE "{name}" ({listed})')
            rows = [
                tuple(_sqlite_value(value) for value in row.values())
                for row in table.to_pylist()
            ]
            connection.executemany(
                f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(table.schema))})',
                rows,
            )
    connection.close()


def _sqlite_type(type_: pa.DataType) -> str:
    return next(
        (ours for theirs, ours in SQLITE.items() if str(type_).startswith(theirs)),
        "TEXT",
    )


def _sqlite_value(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def write_duckdb(tables: dict[str, pa.Table], path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        for name, table in tables.items():
            connection.register("given", table)
            connection.execute(f'CREATE TABLE "{name}" AS FROM given')


WRITERS = {"sqlite": write_sqlite, "duckdb": write_duckdb}


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def made(folder: Path, driver: str, **tables: pa.Table) -> str:
    path = folder / f"re cords?.{driver}"
    WRITERS[driver](tables, path)
    return f"adbc+{driver}://{path}"


@pytest.mark.parametrize("driver", WRITERS)
def test_a_database_is_read_as_a_folder_is(engine, tmp_path, driver):
    (tmp_path / "files").mkdir()
    FORMS["parquet"](TABLE, tmp_path / "files")
    where = made(tmp_path, driver, clinical_events=TABLE)
    assert read(engine, where) == read(engine, tmp_path / "files")


def test_rows_whose_first_thousands_have_no_value(engine, tmp_path):
    count = 70_000
    table = pa.table(
        {
            "patient_id": range(count),
            "status": pa.array([None] * (count - 1) + ["open"], pa.string()),
            "numeric_value": pa.array([None] * (count - 1) + [0.1], pa.float64()),
        }
    )
    where = made(tmp_path, "sqlite", clinical_events=table)
    assert read(engine, where, columns=["status", "numeric_value"])[-1] == (
        count - 1,
        "open",
        0.1,
    )


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        (
            "snomedct_code",
            [444814009, "900000000000000999"],
            ["444814009", "900000000000000999"],
        ),
        ("numeric_value", [1, 2.5], [1.0, 2.5]),
        ("status", [None, None], [None, None]),
    ],
)
def test_values_of_several_types_in_a_column_of_sqlite(
    engine, tmp_path, column, values, expected
):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute(f"CREATE TABLE clinical_events (patient_id, {column})")
        connection.executemany(
            "INSERT INTO clinical_events VALUES (?, ?)", list(enumerate(values))
        )
    connection.close()
    rows = read(engine, f"adbc+sqlite://{tmp_path}/a.db", columns=[column])
    assert rows == list(enumerate(expected))


def test_texts_and_floating_point_numbers_in_a_column_are_refused(engine, tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE clinical_events (patient_id, snomedct_code)")
        connection.execute(
            f"INSERT INTO clinical_events VALUES (1, 4.5e8), (2, '{CANARY}')"
        )
    connection.close()
    message = refused(
        read, engine, f"adbc+sqlite://{tmp_path}/a.db", columns=["snomedct_code"]
    )
    assert (
        "a.db (sqlite): clinical_events: column snomedct_code holds texts and "
        "floating point numbers"
    ) in message


@pytest.mark.parametrize("driver", WRITERS)
def test_only_needed_rows_are_read_and_they_are_as_when_looked_at(
    engine, tmp_path, driver
):
    where = made(tmp_path, driver, clinical_events=TABLE)
    events = nodes.Table(EVENTS)
    of = EVENTS.column("snomedct_code").type
    wanted = nodes.Call(
        "in",
        (nodes.Column(events, "snomedct_code"), nodes.Values((of("444814009"),), of)),
    )
    needs = (TableNeed(EVENTS, tuple(COLUMNS), ((wanted,),), ""),)
    address = Address.parse(where)
    state = address.look(needs)
    assert address.look(needs) == state
    source = pickle.loads(pickle.dumps(address.open(needs=needs, state=state)))
    rows = engine.execute(
        f"SELECT * FROM ({source.relation(engine, EVENTS, COLUMNS)}) ORDER BY ALL"
    )
    assert [row[2] for row in rows] == ["444814009", "444814009"]

    path = Path(where.partition("://")[2])
    if driver == "sqlite":
        with sqlite3.connect(path) as connection:
            connection.execute(
                "UPDATE clinical_events SET numeric_value = 7 WHERE numeric_value = 1.5"
            )
        connection.close()
    else:
        with duckdb.connect(str(path)) as writer:
            writer.execute(
                "UPDATE clinical_events SET numeric_value = 7 WHERE numeric_value = 1.5"
            )
    assert address.look(needs) != state
    with (
        Engine() as another,
        pytest.raises(RecordsError, match="have changed since this run"),
    ):
        address.open(needs=needs, state=state).relation(another, EVENTS, COLUMNS)


@pytest.mark.parametrize("driver", WRITERS)
def test_what_is_wrong_with_a_database(engine, tmp_path, driver):
    with pytest.raises(ArgumentsError, match="There is no such file"):
        Address.parse(f"adbc+{driver}:///nothing/here.db").open()
    with pytest.raises(ArgumentsError, match="There is no such file"):
        Address.parse(f"adbc+{driver}:///nothing/here.db").look([])
    (tmp_path / "a.db").write_text(f"{CANARY}\n" * 1000, encoding="utf-8")
    message = refused(read, engine, f"adbc+{driver}://{tmp_path}/a.db")
    assert message == f"a.db ({driver}): it is no database of this kind."


def test_drivers_and_packages_that_are_not_here(engine, tmp_path, monkeypatch):
    assert "no ADBC driver of this name" in refused(
        read, engine, "adbc+nosuch://somewhere"
    )
    where = made(tmp_path, "sqlite", clinical_events=TABLE)
    monkeypatch.setitem(sys.modules, "adbc_driver_sqlite", None)
    assert "pip install adbc-driver-sqlite" in refused(read, engine, where)
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    assert "pip install sqlglot" in refused(read, engine, where)


@pytest.mark.parametrize(
    "where",
    [
        "adbc+snowflake://me:SECRET@account/db",
        "adbc+snowflake://account/db?token=SECRET",
        "adbc+flightsql://host:1?authorization_PASSWORD=SECRET",
        "omop:adbc+snowflake://me:SECRET@account/db",
    ],
)
def test_no_secret_may_stand_in_an_address(where):
    with pytest.raises(ArgumentsError) as raised:
        Address.parse(where).check()
    assert "SECRET" not in str(raised.value)


@pytest.mark.slow
@pytest.mark.parametrize("driver", WRITERS)
def test_a_run_gives_the_numbers_of_a_run_on_files(
    cohortflow: Command, tmp_path, driver
):
    cohortflow("trial", STUDY, "--patients", 300, "--to", tmp_path / "made").well()
    tables = {
        path.stem: read_table(path) for path in (tmp_path / "made").glob("*.parquet")
    }
    places = {"files": tmp_path / "made", "database": made(tmp_path, driver, **tables)}
    for name, place in places.items():
        cohortflow(
            "run", STUDY, "--records", place, "--workspace", tmp_path / name
        ).well()
    ours, theirs = (Shelves(tmp_path / name, "every_kind").numbers() for name in places)
    assert ours == theirs and "measures.csv" in ours


@pytest.mark.parametrize("driver", WRITERS)
def test_omop_in_a_database_is_omop_in_files(tmp_path, driver):
    """With a codelist and a day, which the database is asked by way of its concepts."""
    files = write_dump(tmp_path)
    tables = {path.stem: pq.read_table(path) for path in tmp_path.glob("*.parquet")}
    address = Address.parse(f"omop:{made(tmp_path, driver, **tables)}")
    for name, schema in CORE.items():
        columns = [column.name for column in schema.columns]
        need = TableNeed(schema, tuple(columns), (), "")
        plain, behind = (
            Address.parse(files).open(),
            address.open(needs=[need], state=address.look([need])),
        )
        with Engine() as engine:
            ours, theirs = (
                engine.execute(
                    f"SELECT * FROM ({source.relation(engine, schema, columns)}) "
                    "ORDER BY ALL"
                )
                for source in (plain, behind)
            )
        assert ours == theirs and ours, name


@pytest.mark.parametrize("driver", WRITERS)
def test_codes_of_omop_are_looked_up_in_the_database(tmp_path, driver):
    files = write_dump(tmp_path)
    tables = {path.stem: pq.read_table(path) for path in tmp_path.glob("*.parquet")}
    schema = CORE["clinical_events"]
    with Engine() as engine:
        relation = (
            Address.parse(files).open().relation(engine, schema, ["snomedct_code"])
        )
        every = engine.execute(f"SELECT * FROM ({relation}) ORDER BY ALL")
    code = next(row[1] for row in every if row[1])
    of = schema.column("snomedct_code").type
    wanted = nodes.Call(
        "in",
        (
            nodes.Column(nodes.Table(schema), "snomedct_code"),
            nodes.Values((of(code),), of),
        ),
    )
    need = TableNeed(schema, ("snomedct_code",), ((wanted,),), "")
    source = Address.parse(f"omop:{made(tmp_path, driver, **tables)}").open(
        needs=[need]
    )
    with Engine() as engine:
        relation = source.relation(engine, schema, ["snomedct_code"])
        rows = engine.execute(f"SELECT * FROM ({relation}) ORDER BY ALL")
    assert [row for row in rows if row[1] == code] == [
        row for row in every if row[1] == code
    ]
    assert len(rows) < len(every)


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What the databases are asked, with "open" for each connection."""
    found: list[str] = []
    connected, said = Driven.connected, Driven.said

    def noting_connected(driven: Driven) -> object:
        found.append("open")
        return connected(driven)

    def noting_said(driven: Driven, query: Any) -> str:
        found.append(said(driven, query))
        return found[-1]

    monkeypatch.setattr(Driven, "connected", noting_connected)
    monkeypatch.setattr(Driven, "said", noting_said)
    return found


def test_a_table_that_is_not_there_is_not_looked_for_again(engine, tmp_path, asked):
    """One connection for the tables that are wanted, and one for other columns."""
    where = made(tmp_path, "sqlite", clinical_events=TABLE)
    absent = TableSchema("absent", EVENTS.columns)
    needs = [TableNeed(schema, tuple(COLUMNS), (), "") for schema in (EVENTS, absent)]
    source = Address.parse(where).open(needs=needs)
    for _ in range(3):
        source.relation(engine, EVENTS, COLUMNS)
    assert asked.count("open") == 1
    for _ in range(3):
        assert "There is no table absent" in refused(
            source.relation, engine, absent, COLUMNS
        )
    assert asked.count("open") == 1


def test_the_types_of_a_table_are_asked_once(tmp_path, asked):
    """Several tables of events look codes up in `concept`; SQLite scans it for its
    types.
    """
    write_dump(tmp_path)
    tables = {path.stem: pq.read_table(path) for path in tmp_path.glob("*.parquet")}
    address = Address.parse(f"omop:{made(tmp_path, 'sqlite', **tables)}")
    schema = CORE["clinical_events"]
    of = schema.column("snomedct_code").type
    column = nodes.Column(nodes.Table(schema), "snomedct_code")
    wanted = nodes.Call("in", (column, nodes.Values((of("444814009"),), of)))
    address.look([TableNeed(schema, ("snomedct_code",), ((wanted,),), "")])
    scans = [each for each in asked if "TYPEOF" in each and "concept_code" in each]
    assert len(scans) == 1


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        server.load("clinical_events", TABLE)
        yield server


def test_a_server_behind_its_driver_is_read_as_a_folder_is(engine, tmp_path, server):
    """PostgreSQL, which has a faster way of its own: here it stands for servers that
    are not at hand.
    """
    FORMS["parquet"](TABLE, tmp_path)
    where = f"adbc+{server.address()}"
    assert read(engine, where) == read(engine, tmp_path)
    events = nodes.Table(EVENTS)
    since = nodes.Call(
        "ge", (nodes.Column(events, "date"), nodes.Literal(DAY(2020, 1, 1), DAY))
    )
    needs = (TableNeed(EVENTS, tuple(COLUMNS), ((since,),), ""),)
    address = Address.parse(where)
    source = address.open(needs=needs, state=address.look(needs))
    rows = engine.execute(
        f"SELECT date FROM ({source.relation(engine, EVENTS, COLUMNS)}) ORDER BY ALL"
    )
    assert rows == [(DAY(2020, 1, 31),), (DAY(2020, 2, 29),)]
