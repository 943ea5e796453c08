"""A real PostgreSQL as a place of records: the same rows as a folder, little traffic,
one state, no surprises.
"""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from extractors.engine import Engine
from extractors.planner.needs import TableNeed
from extractors.sources import Address, open_source
from extractors.sources.dirt import Checked
from extractors.sources.postgresql import (
    RecordsChanged,
    forget_all,
    parse_address,
    session,
)
from tests.lib.postgres_records import (
    CODE,
    MANY,
    MANY_EVENTS,
    OF_CODE,
    OTHER,
    coded,
    fill,
    need,
    since,
    total,
    while_reading,
)
from tests.lib.postgres_server import Postgres, postgres_for_tests
from tests.lib.record_files import (
    CANARY,
    COLUMNS,
    DAY,
    EVENTS,
    FORMS,
    PATIENTS,
    ROWS,
    TABLE,
    check,
    read,
    refused,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        fill(server)
        yield server


@pytest.fixture(autouse=True)
def apart() -> Iterator[None]:
    """No test sees what another has looked at."""
    yield
    forget_all()


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture
def database(server: Postgres, request: pytest.FixtureRequest) -> str:
    """The name of a new, empty database."""
    name = f"d{abs(hash(request.node.name))}"
    server.psql(f"CREATE DATABASE {name}", "postgres")
    return name


def copies(server: Postgres, since: int = 0) -> list[str]:
    """The rows that the server was asked for, as it logged it, without what was read of
    its catalogue.
    """
    said = [
        line.partition("COPY (")[2]
        for line in server.log[since:].splitlines()
        if "COPY (SELECT" in line
    ]
    return [line for line in said if "LIMIT 0" not in line]


# rows and types


def test_rows_and_types_are_those_of_a_folder(server, engine, tmp_path):
    FORMS["parquet"](TABLE, tmp_path)
    source, folder = open_source(server.address()), open_source(str(tmp_path))
    assert (
        source.check(engine, EVENTS, COLUMNS)
        == folder.check(engine, EVENTS, COLUMNS)
        == Checked()
    )
    ours, theirs = (each.relation(engine, EVENTS, COLUMNS) for each in (source, folder))
    assert engine.execute(f"DESCRIBE {ours}") == engine.execute(f"DESCRIBE {theirs}")
    assert read(engine, server.address()) == read(engine, tmp_path)
    twice = (
        f"SELECT count(*) FROM ({source.relation(engine, EVENTS, ['date'])}) JOIN "
        f"({ours}) USING (patient_id)"
    )
    assert engine.execute(twice) == engine.execute(twice) == [(6,)]


OTHER_TYPES = """
CREATE TYPE state AS ENUM ('open', 'closed', '7'); CREATE DOMAIN person AS numeric(20, 0);
CREATE TABLE clinical_events (patient_id person, date timestamptz, snomedct_code bigint, numeric_value numeric,
    consultation_id text, flag smallint, status state, ctv3_code char(9), junk jsonb)"""


def test_other_types_of_postgresql_give_the_same_rows(server, engine, database):
    server.psql(OTHER_TYPES, database)
    for row in ROWS:
        values = ["NULL" if value is None else f"'{value}'" for value in row]
        values[5] = {True: "1", False: "0", None: "NULL"}[row[5]]
        server.psql(
            "SET timezone = 'UTC'; INSERT INTO clinical_events VALUES "
            f"({', '.join(values)})",
            database,
        )
    where = server.address(database)
    assert check(engine, where) == []
    assert read(engine, where) == sorted(
        ROWS, key=lambda row: (row[0], row[1] or DAY.min)
    )
    status = need(
        EVENTS, coded(EVENTS, "snomedct_code", CODE), since(EVENTS, DAY(2020, 2, 1))
    )
    source = open_source(where, needs=[status])
    relation = source.relation(engine, EVENTS, ["date"])
    # a day early, in case that a midnight of another time zone has to be found out
    assert engine.execute(f"SELECT date FROM ({relation}) ORDER BY 1") == [
        (DAY(2020, 1, 31),),
        (DAY(2020, 2, 29),),
    ]


@pytest.mark.parametrize(
    ("column", "type_", "value", "said"),
    [
        ("date", "date", "infinity", "some rows are not dates"),
        ("date", "date", "-infinity", "some rows are not dates"),
        ("date", "date", f"0{CANARY[:3]}-03-15 BC", "some rows are not dates"),
        (
            "date",
            "timestamp",
            f"2020-01-01 10:00:00.{CANARY[:6]}",
            "some rows are dates with a time of day",
        ),
        (
            "date",
            "timestamptz",
            "2020-01-01 00:00+05",
            "some rows are dates with a time of day",
        ),
        ("date", "time", "10:00", "stored as TIME, but it must hold dates"),
        ("numeric_value", "float8", "NaN", "some rows are not finite numbers"),
        ("numeric_value", "numeric", "NaN", "some rows are not finite numbers"),
        ("numeric_value", "jsonb", CANARY, "stored as JSONB, but it must hold numbers"),
        (
            "snomedct_code",
            "float8",
            CANARY,
            "codes stored as floating point numbers lose digits",
        ),
        (
            "snomedct_code",
            "text",
            f"{CANARY}.0",
            "some rows are codes changed by a spreadsheet",
        ),
        (
            "consultation_id",
            "numeric",
            f"{CANARY}.5",
            "some rows are not whole numbers",
        ),
        ("status", "text", CANARY, "some rows are outside its categories"),
        ("patient_id", "text", f"{CANARY}x", "some rows are not whole numbers"),
    ],
)
def test_dirty_rows_are_refused_without_their_values(
    server, engine, database, column, type_, value, said
):
    others = "" if column == "patient_id" else "patient_id bigint DEFAULT 1, "
    server.psql(f"CREATE TABLE clinical_events ({others}{column} {type_})", database)
    server.psql(f"INSERT INTO clinical_events ({column}) VALUES ('{value}')", database)
    columns = [] if column == "patient_id" else [column]
    message = refused(check, engine, server.address(database), EVENTS, columns)
    assert f"clinical_events: column {column}: {said}" in message


def test_of_rows_that_a_definition_chose_nothing_is_said(server, engine, database):
    """Whether one of the rows with a code is dirty is a question that the definition
    asks.
    """
    server.psql(
        "CREATE TABLE clinical_events (patient_id bigint, date text, snomedct_code "
        "text)",
        database,
    )
    rows = (
        f"(1, 'x{CANARY}', '{CODE}'), (NULL, '2020-01-01', '{CODE}'), (2, "
        f"'2020-01-01', '{CODE}.0')"
    )
    server.psql(f"INSERT INTO clinical_events VALUES {rows}", database)
    where, columns = server.address(database), ("date", "snomedct_code")
    for code, expected in ((CODE, [(1, None, CODE)]), ("999999999", [])):
        chosen = TableNeed(
            EVENTS, columns, need(EVENTS, coded(EVENTS, "snomedct_code", code)).rows, ""
        )
        source = open_source(where, needs=[chosen])
        assert source.check(engine, EVENTS, columns).said == ()
        assert engine.execute(source.relation(engine, EVENTS, columns)) == expected
    assert "column date: some rows are not dates" in refused(
        check, engine, where, EVENTS, list(columns)
    )


def test_what_is_missing_is_said(server, engine, database):
    where = server.address(database)
    message = refused(read, engine, where)
    assert (
        f"There is no table clinical_events in PostgreSQL database {database} at "
        "127.0.0.1:"
    ) in message
    server.psql(
        "CREATE TABLE clinical_events (id bigint, date date); CREATE TABLE patients "
        "(patient_id int)",
        database,
    )
    assert "it has no column patient_id" in refused(read, engine, where)
    assert read(engine, where, PATIENTS, ["sex"]) == []
    label = f"PostgreSQL database {database} at 127.0.0.1:{server.port}: patients"
    assert check(engine, where, PATIENTS, ["sex"]) == [
        f"{label}: it has no column sex, which counts as missing in every row",
        f"{label}: it has no rows",
    ]


def test_tables_are_found_in_any_schema_but_not_in_two(server, engine, database):
    server.psql(
        "CREATE SCHEMA a; CREATE TABLE a.other (patient_id bigint); INSERT INTO "
        "a.other VALUES (1)",
        database,
    )
    assert read(engine, server.address(database), OTHER.schema, []) == [(1,)]
    server.psql(
        'CREATE SCHEMA b; CREATE TABLE b.other (patient_id bigint, "X" int, x int)',
        database,
    )
    assert "other is in several schemas (a, b)" in refused(
        read, engine, server.address(database), OTHER.schema, []
    )
    path = "?options=-csearch_path%3D"
    assert read(
        engine, server.address(database, query=f"{path}a"), OTHER.schema, []
    ) == [(1,)]
    assert "two columns called x" in refused(
        read, engine, server.address(database, query=f"{path}b"), OTHER.schema, []
    )


# what is sent


def test_columns_codes_and_dates_are_filtered_by_the_server(server, engine):
    before = len(server.log)
    wanted = need(
        MANY_EVENTS,
        since(MANY_EVENTS, DAY(2013, 8, 30)),
        coded(MANY_EVENTS, "code", CODE),
    )
    source = open_source(
        server.address(), needs=[TableNeed(MANY_EVENTS, ("date",), wanted.rows, "")]
    )
    assert source.check(engine, MANY_EVENTS, ("date",)) == Checked()
    relation = source.relation(engine, MANY_EVENTS, ("date",))
    assert engine.execute(f"SELECT count(*), min(date) FROM ({relation})") == [
        (200, DAY(2013, 8, 30))
    ]
    (sent,) = copies(server, before)
    assert sent.startswith(
        'SELECT "patient_id" AS "patient_id", "date" AS "date" FROM "public"."many" '
        "WHERE"
    )
    assert (
        "\"date\" >= date '2013-08-30'" in sent and "\"code\" IN ('444814009')" in sent
    )


def test_the_transaction_is_read_only_and_a_table_that_writes_is_refused(
    server, engine, database
):
    server.psql(
        "CREATE TABLE seen (n int); CREATE FUNCTION note() RETURNS bigint LANGUAGE "
        "sql AS 'INSERT INTO seen VALUES (1) RETURNING 1'; CREATE VIEW other AS "
        "SELECT note() AS patient_id",
        database,
    )
    message = refused(read, engine, server.address(database), OTHER.schema, [])
    assert "the transaction is read-only" in message
    assert server.psql("SELECT count(*) FROM seen", database) == "0"
    with session.session(parse_address(server.address(database))) as opened:
        settings = (
            "current_setting('transaction_read_only'), "
            "current_setting('transaction_isolation')"
        )
        assert opened.rows(f"SELECT {settings}") == [("on", "repeatable read")]
        assert "read-only" in refused(opened.run, "DROP TABLE seen")


def test_an_error_in_the_middle_of_the_rows_is_final(server, engine, database):
    server.psql(
        "CREATE VIEW other AS SELECT (1 / nullif(g - 2000000, 0) / nullif(g, "
        f"1500000) + {CANARY} / (g - 1500000))::bigint AS patient_id FROM "
        "generate_series(1::bigint, 2000000) g",
        database,
    )
    assert "broke off in the middle" in refused(
        read, engine, server.address(database), OTHER.schema, []
    )


# one state


@pytest.mark.parametrize("looked", [True, False])
def test_all_tables_are_of_one_moment_whatever_others_write(
    server, engine, monkeypatch, looked
):
    needs = [OF_CODE, OTHER]
    state = Address.parse(server.address()).look(needs) if looked else None
    write = (
        "INSERT INTO other VALUES (2); INSERT INTO many VALUES (0, NULL, "
        "'444814009', 0)"
    )
    while_reading(monkeypatch, 0, lambda: server.psql(write))
    source = open_source(server.address(), needs=needs, state=state)
    try:
        assert total(engine, source)[0][0] == MANY // 10
        assert engine.execute(source.relation(engine, OTHER.schema, ())) == [(1,)]
        assert len(read(engine, server.address(), OTHER.schema, [])) == 2
    finally:
        server.psql(
            "DELETE FROM other WHERE patient_id = 2; DELETE FROM many WHERE "
            "patient_id = 0"
        )


def test_a_run_reads_what_it_has_looked_at(server, engine):
    state = Address.parse(server.address()).look([OTHER])
    server.psql("INSERT INTO other VALUES (3)")
    try:
        # as long as the moment is kept
        assert Address.parse(server.address()).look([OTHER]) == state
        source = open_source(server.address(), needs=[OTHER], state=state)
        assert engine.execute(source.relation(engine, OTHER.schema, ())) == [(1,)]
        forget_all()
        assert Address.parse(server.address()).look([OTHER]).content != state.content
        source = open_source(server.address(), needs=[OTHER], state=state)
        with pytest.raises(
            RecordsChanged, match="have changed since this run began"
        ) as raised:
            source.relation(engine, OTHER.schema, ())
        assert raised.value.transient and raised.value.exit_code == 2
    finally:
        server.psql("DELETE FROM other WHERE patient_id = 3")
    # as it was, so the moment is not missed
    assert engine.execute(source.relation(engine, OTHER.schema, ())) == [(1,)]


def test_only_needed_rows_and_columns_tell_whether_records_have_changed(
    server, database
):
    def content() -> str:
        wanted = TableNeed(MANY_EVENTS, ("date", "code"), OF_CODE.rows, "")
        seen = Address.parse(server.address(database)).look([wanted]).content
        forget_all()  # a kept moment would hold VACUUM up
        return seen

    server.psql("CREATE TABLE many AS SELECT 1::bigint AS patient_id, current_date AS date, "
                "'444814009' AS code, 1.5::float8 AS value FROM generate_series(1, 3)", database)  # fmt: skip
    first = content()
    server.psql(
        "UPDATE many SET value = 2; INSERT INTO many VALUES (1, NULL, '111111', 2)",
        database,
    )
    server.psql("VACUUM FULL many", database)
    assert content() == first
    server.psql(
        "INSERT INTO many SELECT * FROM many WHERE code = '444814009'", database
    )
    assert content() != first
    server.psql(
        "DELETE FROM many WHERE ctid IN (SELECT ctid FROM many WHERE code = "
        "'444814009' LIMIT 3)",
        database,
    )
    assert content() == first
    server.psql("UPDATE many SET date = date + 1 WHERE code = '444814009'", database)
    assert content() != first


def test_memory_does_not_grow_with_a_table(server, tmp_path):
    """A process of its own copies all rows; the engine may hold 64 MB, the rest goes to
    disk.
    """
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom extractors.engine "
        "import Engine\n"
        "from extractors.model.schema import Column, TableSchema\nfrom "
        "extractors.sources import open_source\n"
        "schema = TableSchema('many', (Column('value', float),))\n"
        "where, table, spill = sys.argv[1:]\n"
        "with Engine(memory=64_000_000, spill=Path(spill)) as engine:\n"
        "    relation = open_source(where).relation(engine, TableSchema(table, "
        "schema.columns), ['value'])\n"
        "    engine.execute(f'SELECT count(*) FROM ({relation})')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak(table: str) -> int:
        words = [sys.executable, "-c", script, server.address(), table, str(tmp_path)]
        return int(
            subprocess.run(
                words, check=True, capture_output=True, text=True, encoding="utf-8"
            ).stdout.split()[-1]
        )

    server.psql("CREATE TABLE two AS SELECT many.* FROM many, generate_series(1, 2)")
    one, two = peak("many"), peak("two")
    assert two < one + 20_000, f"{one} kB for a million rows, {two} kB for two"
