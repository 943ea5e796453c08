"""Tables in a PostgreSQL for tests, what is needed of them, and something that happens
while they are read.
"""

from collections.abc import Callable

import pytest

from extractors.engine import Engine
from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import SNOMEDCTCode
from extractors.planner.needs import TableNeed
from extractors.sources.base import Source
from extractors.sources.postgresql import session
from tests.lib.postgres_server import Postgres
from tests.lib.record_files import DAY, TABLE

MANY = 1_000_000
CODE = SNOMEDCTCode("444814009")  # of every tenth of the many
MANY_EVENTS = TableSchema(
    "many", (Column("date", DAY), Column("code", SNOMEDCTCode), Column("value", float))
)


def fill(server: Postgres) -> None:
    """Tables `clinical_events`, `many` and `other`."""
    server.load("clinical_events", TABLE)
    server.psql(
        "CREATE TABLE many AS SELECT g::bigint AS patient_id, date '2000-01-01' + g "
        "% 5000 AS date, (444814009 + g % 10)::text AS code, g * 0.5::float8 AS "
        f"value FROM generate_series(1, {MANY}) g;CREATE TABLE other AS SELECT "
        "1::bigint AS patient_id"
    )


def need(schema: TableSchema, *rows: nodes.Series) -> TableNeed:
    """All columns of a table, and the rows that fulfil all these conditions."""
    return TableNeed(
        schema,
        tuple(column.name for column in schema.columns),
        (rows,) if rows else (),
        "",
    )


def since(schema: TableSchema, day: DAY) -> nodes.Series:
    return nodes.Call(
        "ge", (nodes.Column(nodes.Table(schema), "date"), nodes.Literal(day, DAY))
    )


def coded(schema: TableSchema, column: str, *codes: str) -> nodes.Series:
    values = nodes.Values(tuple(map(SNOMEDCTCode, codes)), SNOMEDCTCode)
    return nodes.Call("in", (nodes.Column(nodes.Table(schema), column), values))


OF_CODE = need(MANY_EVENTS, coded(MANY_EVENTS, "code", CODE))
OTHER = need(TableSchema("other", ()))


def total(engine: Engine, source: Source, wanted: TableNeed = OF_CODE) -> list[tuple]:
    """How many rows there are, and a sum over each column that any other row would
    change.
    """
    relation = source.relation(engine, wanted.schema, wanted.columns)
    columns = ", ".join(
        [
            "count(*)",
            *(f"sum(hash({column}))" for column in ("patient_id", *wanted.columns)),
        ]
    )
    return engine.execute(f"SELECT {columns} FROM ({relation})")


def while_reading(
    patch: pytest.MonkeyPatch, batch: int, what: Callable[[], object], among: str = ""
) -> list[str]:
    """Do something once, as a batch (from 0) of a query with this text arrives; the
    queries, as they begin.
    """
    begun: list[str] = []
    inner, done = session.Session.batches, list[int]()

    def batches(self, sql):
        begun.append(sql)
        for number, arrived in enumerate(inner(self, sql)):
            yield arrived
            if number == batch and among in sql and not done:
                done.append(number)
                what()

    patch.setattr(session.Session, "batches", batches)
    return begun
