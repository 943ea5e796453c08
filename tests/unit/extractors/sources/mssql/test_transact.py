"""T-SQL as text, and what the rewritten expressions mean to DuckDB and PostgreSQL:
there is no SQL Server here.
"""

import datetime
from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import SNOMEDCTCode
from extractors.sources.postgresql import Rows, Wanted
from tests.lib.mssql_stand_in import without_collations
from tests.lib.postgres_server import Postgres, postgres_for_tests

pytest.importorskip("sqlglot", reason="no package sqlglot")
from extractors.sources.adbc.catalog import StoredColumn, StoredTable
from extractors.sources.adbc.pushdown import query
from extractors.sources.mssql.transact import MOST_LISTED, said_in_transact, transact
from extractors.sources.mssql.types import stored_as

DAY = datetime.date(2020, 1, 31)
SCHEMA = TableSchema(
    "events",
    (
        Column("date", datetime.date),
        Column("code", SNOMEDCTCode),
        Column("word", str),
        Column("value", float),
        Column("flag", bool),
    ),
)
EVENTS = nodes.Table(SCHEMA)
STORED = {
    "patient_id": "bigint",
    "date": "date",
    "code": "varchar",
    "word": "nvarchar",
    "value": "float",
    "flag": "bit",
}


def column(name):
    return nodes.Column(EVENTS, name)


def call(operation, *arguments):
    return nodes.Call(operation, arguments)


def among(name, values, of=str):
    return call("in", column(name), nodes.Values(tuple(map(of, values)), of))


def asked(*parts, columns=("patient_id",), **stored):
    types = STORED | stored
    table = StoredTable(
        "dbo",
        "events",
        tuple(StoredColumn(name, *stored_as(types[name], 0, 0)) for name in types),
    )
    rows = Rows((parts,), tuple((name, name) for name in STORED)) if parts else Rows()
    said, _ = query(Wanted("events", columns, (rows,) if parts else ()), table, None)
    return said


def where(*parts, **stored):
    return said_in_transact(asked(*parts, **stored)).partition(" WHERE ")[2]


SINCE = call("ge", column("date"), nodes.Literal(DAY, datetime.date))
ABOVE = call("gt", column("value"), nodes.Literal(1.5, float))


@pytest.mark.parametrize(
    ("part", "stored", "said"),
    [
        (SINCE, {}, "[date] >= CAST('2020-01-31' AS DATETIME2)"),
        (SINCE, {"date": "smalldatetime"}, "[date] >= CAST('2020-01-30' AS DATETIME2)"),
        (
            SINCE,
            {"date": "datetimeoffset"},
            "[date] >= CAST('2020-01-30' AS DATETIME2)",
        ),
        (SINCE, {"date": "varchar"}, ""),
        (among("word", ["it's"]), {}, "[word] IN ('it''s')"),
        (among("word", ["Łódź"]), {}, "[word] IN (N'Łódź')"),
        (
            among("word", ["a"]),
            {"word": "ntext"},
            "CAST([word] AS NVARCHAR(MAX)) IN ('a')",
        ),
        (among("word", ["a"]), {"word": "nchar"}, "RTRIM([word]) IN ('a')"),
        (
            among("word", ["a"]),
            {"word": "uniqueidentifier"},
            "CAST([word] AS NCHAR(36)) IN ('a')",
        ),
        (among("word", ["a"]), {"word": "geography"}, ""),
        (among("word", []), {}, "(1 = 0)"),
        (
            among("code", ["444814009"], SNOMEDCTCode),
            {"code": "bigint"},
            "[code] IN (444814009)",
        ),
        (ABOVE, {}, "[value] > 1.5"),
        (ABOVE, {"value": "real"}, "CAST([value] AS FLOAT) > 1.5"),
        (column("flag"), {}, "[flag] = 1"),
    ],
)
def test_one_condition(part, stored, said):
    assert where(part, **stored) == said


def test_characters_around_a_code_are_compared_as_they_are_in_any_collation():
    among_codes, *odd = where(among("code", ["444814009"], SNOMEDCTCode)).split(" OR ")
    assert among_codes == "[code] IN ('444814009')"
    assert [each.partition(" IN ")[0] for each in odd] == [
        "NOT SUBSTRING([code] COLLATE Latin1_General_BIN2, 1, 1)",
        "NOT SUBSTRING([code] COLLATE Latin1_General_BIN2, LEN([code]), 1)",
    ]


def test_many_values_are_rows_and_neither_parameters_nor_an_expression():
    few, many = (
        [f"w{number}" for number in range(count)]
        for count in (MOST_LISTED, MOST_LISTED + 1)
    )
    assert "VALUES" not in where(among("word", few))
    said = where(among("word", [*many, "Łódź"]))
    assert said.startswith(
        "[word] IN (SELECT [value] FROM (VALUES ("
    ) and said.endswith(") AS listed([value]))")
    assert "(N'Łódź')" in said and said.count("(") == len(many) + 1 + 3


def test_names_and_no_rows():
    said = said_in_transact(asked(columns=("patient_id", "date")).limit(0))
    assert said == (
        "SELECT TOP 0 [patient_id] AS [patient_id], [date] AS [date] FROM "
        "[dbo].[events]"
    )


@pytest.mark.parametrize(
    ("name", "precision", "scale", "type_"),
    [
        ("decimal", 18, 0, pa.decimal128(18, 0)),
        ("NUMERIC", 9, 2, pa.decimal128(9, 2)),
        ("tinyint", 3, 0, pa.int64()),
        ("datetime2", None, None, pa.timestamp("us")),
        ("varbinary", None, None, pa.binary()),
    ],
)
def test_types(name, precision, scale, type_):
    assert stored_as(name, precision, scale) == (type_, "")


ROWS = [
    (1, DAY, "444814009", "w7", 2.5, True),
    (2, DAY - datetime.timedelta(days=1), "444814009", "w7", 2.5, True),
    (3, DAY, " 444814009", "w1100", 2.5, True),
    (4, DAY, '"444814009"', "Łódź", 2.5, True),
    (5, DAY, "271649006", "w7", 2.5, True),
    (6, DAY, "444814009", "W7", 2.5, True),
    (7, DAY, "444814009", "w7", 1.5, True),
    (8, DAY, "444814009", "w7", 2.5, False),
]
PARTS = (
    SINCE,
    ABOVE,
    column("flag"),
    among("code", ["444814009"], SNOMEDCTCode),
    among("word", [*(f"w{number}" for number in range(1200)), "Łódź"]),
)
CHOSEN = [1, 3, 4]
CREATE = (
    "CREATE SCHEMA dbo; CREATE TABLE dbo.events (patient_id bigint, date date, code "
    "varchar, word varchar, value double precision, flag boolean)"
)


def test_what_the_rewritten_expression_means_to_duckdb():
    said = without_collations(transact(asked(*PARTS))).sql(dialect="duckdb")
    with duckdb.connect() as connection:
        connection.execute(CREATE)
        connection.executemany("INSERT INTO dbo.events VALUES (?, ?, ?, ?, ?, ?)", ROWS)
        assert connection.execute(f"{said} ORDER BY 1").fetchall() == [
            (each,) for each in CHOSEN
        ]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        server.psql(CREATE)
        for row in ROWS:
            values = ", ".join(f"'{value}'" for value in row)
            server.psql(f"INSERT INTO dbo.events VALUES ({values})")
        yield server


def test_what_the_rewritten_expression_means_to_postgresql(server):
    said = without_collations(transact(asked(*PARTS))).sql(dialect="postgres")
    assert server.psql(f"{said} ORDER BY 1").split() == [str(each) for each in CHOSEN]
