"""Conditions on rows in the SQL of several databases: what is said, what is widened,
what is left out.
"""

import datetime

import duckdb
import pyarrow as pa
import pytest

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import SNOMEDCTCode
from extractors.sources.postgresql import Rows, Wanted

exp = pytest.importorskip("sqlglot.expressions", reason="no package sqlglot")
from extractors.sources.adbc.catalog import StoredColumn, StoredTable  # noqa: E402
from extractors.sources.adbc.pushdown import query  # noqa: E402

DAY = datetime.date(2020, 1, 31)
SCHEMA = TableSchema(
    "events",
    (
        Column("date", datetime.date),
        Column("code", SNOMEDCTCode),
        Column("word", str),
        Column("number", int),
        Column("value", float),
        Column("flag", bool),
    ),
)
EVENTS = nodes.Table(SCHEMA)
TYPES = {
    "patient_id": pa.int64(),
    "date": pa.date32(),
    "code": pa.string(),
    "word": pa.string(),
    "number": pa.int64(),
    "value": pa.float64(),
    "flag": pa.bool_(),
}
NAMES = tuple((name, name) for name in TYPES)


def column(name):
    return nodes.Column(EVENTS, name)


def call(operation, *arguments):
    return nodes.Call(operation, arguments)


def literal(value, of=None):
    return nodes.Literal(value, of or type(value))


def codes(*values):
    return call(
        "in",
        column("code"),
        nodes.Values(tuple(map(SNOMEDCTCode, values)), SNOMEDCTCode),
    )


def words(*values):
    return call("in", column("word"), nodes.Values(values, str))


def selected(parts, dialect="duckdb", **types):
    stored = StoredTable(
        "dbo", "events", tuple(StoredColumn(*each) for each in (TYPES | types).items())
    )
    wanted = Wanted("events", ("patient_id",), (Rows((parts,), NAMES),))
    said, _ = query(wanted, stored, None)
    return said.sql(dialect=dialect)


def where(*parts, dialect="duckdb", **types):
    return selected(parts, dialect, **types).partition(" WHERE ")[2]


SINCE = call("ge", column("date"), literal(DAY))
YEAR = call("eq", call("year", column("date")), literal(2020))


@pytest.mark.parametrize(
    ("part", "types", "said"),
    [
        (SINCE, {}, "\"date\" >= CAST('2020-01-31' AS DATE)"),
        (
            call("lt", literal(DAY), column("date")),
            {},
            "\"date\" > CAST('2020-01-31' AS DATE)",
        ),
        (
            SINCE,
            {"date": pa.timestamp("us", "UTC")},
            "\"date\" >= CAST('2020-01-30' AS DATE)",
        ),
        (
            call("le", column("date"), literal(DAY)),
            {"date": pa.timestamp("s")},
            "\"date\" < CAST('2020-02-02' AS DATE)",
        ),
        (SINCE, {"date": pa.string()}, ""),
        (codes("444814009"), {"code": pa.int64()}, '"code" IN (444814009)'),
        (codes("444814009"), {"code": pa.float64()}, ""),
        (codes(), {}, "FALSE"),
        (call("eq", column("number"), literal(-3)), {}, '"number" = -3'),
        (call("gt", column("value"), literal(1.5)), {}, '"value" > 1.5'),
        (call("gt", column("value"), literal(1.5)), {"value": pa.string()}, ""),
        (column("flag"), {}, '"flag" = TRUE'),
        (YEAR, {}, ""),
    ],
)
def test_one_condition(part, types, said):
    assert where(part, **types) == said


def test_codes_that_are_mended_when_they_are_read_come_along():
    said = where(codes("444814009", "271649006"))
    first, *odd = said.split(" OR ")
    assert first == "\"code\" IN ('271649006', '444814009')"
    begins, ends = odd
    assert (
        begins.startswith("NOT SUBSTRING(\"code\", 1, 1) IN ('0', '1', ")
        and "'.'" not in begins
    )
    assert ends.startswith(
        "NOT SUBSTRING(\"code\", LENGTH(\"code\"), 1) IN ('0', '1', "
    ) and ends.endswith("'.')")


def test_what_cannot_be_said_is_left_out_of_an_and_and_takes_an_or_with_it():
    assert where(YEAR, column("flag")) == '"flag" = TRUE'
    assert where(call("or", column("flag"), YEAR)) == ""


def test_a_long_chain_of_alternatives_is_no_deep_recursion():
    chain = column("flag")
    for number in range(2000):
        chain = call("or", chain, call("eq", column("number"), literal(number)))
    assert where(chain).count(" OR ") == 2000


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        (
            "tsql",
            "SELECT [patient_id] AS [patient_id] FROM [dbo].[events] WHERE [flag] = "
            "1 AND [date] >= CAST('2020-01-31' AS DATE) AND [word] IN ('111', "
            "'it''s')",
        ),
        (
            "snowflake",
            'SELECT "patient_id" AS "patient_id" FROM "dbo"."events" '
            "WHERE \"flag\" = TRUE AND \"date\" >= CAST('2020-01-31' AS DATE) AND \"word\" IN ('111', 'it\\'s')",
        ),
        (
            "bigquery",
            "SELECT `patient_id` AS `patient_id` FROM `dbo`.`events` WHERE `flag` = "
            "TRUE AND `date` >= CAST('2020-01-31' AS DATE) AND `word` IN ('111', "
            "'it\\'s')",
        ),
    ],
)
def test_databases_that_are_not_here_are_asked_in_their_own_words(dialect, said):
    """As text alone: the same expression runs on DuckDB and SQLite below."""
    texts = words("111", "it's")
    assert selected((column("flag"), SINCE, texts), dialect) == said


def test_the_same_expression_chooses_the_same_rows():
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA dbo")
        connection.execute(
            "CREATE TABLE dbo.events AS SELECT range AS patient_id, DATE "
            "'2020-01-01' + range::INT AS date, (range % 5)::VARCHAR AS word, range "
            "% 7 AS number, range / 3 AS value, range % 2 = 0 AS flag FROM range(100)"
        )
        parts = (
            SINCE,
            words("1", "2"),
            column("flag"),
            call("lt", column("value"), literal(20.0)),
        )
        found = connection.execute(selected(parts) + " ORDER BY 1").fetchall()
    expected = [
        n for n in range(30, 100) if n % 5 in (1, 2) and n % 2 == 0 and n / 3 < 20
    ]
    assert [row[0] for row in found] == expected and expected
