"""Conditions on rows as PostgreSQL's SQL: what is said, what is widened, what is left
out.
"""

import datetime

import pytest

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import CTV3Code, SNOMEDCTCode
from extractors.sources.postgresql.catalog import StoredColumn
from extractors.sources.postgresql.pushdown import MENDED, Coded, condition

DAY = datetime.date(2020, 1, 31)
SCHEMA = TableSchema(
    "events",
    (
        Column("date", datetime.date),
        Column("code", SNOMEDCTCode),
        Column("ctv3", CTV3Code),
        Column("word", str),
        Column("number", int),
        Column("value", float),
        Column("flag", bool),
    ),
)
TYPES = {
    "date": "date",
    "code": "text",
    "ctv3": "bpchar",
    "word": "varchar",
    "number": "int4",
    "value": "float8",
}
EVENTS = nodes.Table(SCHEMA)


def column(name):
    return nodes.Column(EVENTS, name)


def literal(value, of=None):
    return nodes.Literal(value, of or type(value))


def call(operation, *arguments):
    return nodes.Call(operation, arguments)


def among(name, of, *values):
    return call("in", column(name), nodes.Values(tuple(map(of, values)), of))


def sql(*parts, **types):
    stored = TYPES | {"flag": "bool"} | types
    return condition([parts], lambda name: StoredColumn(name, stored[name]))


def or_odd(said):
    """With the codes that are mended when they are read."""
    return f"({said} OR {said.partition(' IN')[0]} ~ '{MENDED}')"


SINCE = call("ge", column("date"), literal(DAY))
YEAR = call("eq", call("year", column("date")), literal(2020))


@pytest.mark.parametrize(
    ("part", "types", "said"),
    [
        (SINCE, {}, "\"date\" >= date '2020-01-31'"),
        (call("lt", literal(DAY), column("date")), {}, "\"date\" > date '2020-01-31'"),
        (call("eq", column("date"), literal(DAY)), {}, "\"date\" = date '2020-01-31'"),
        (
            call("in", column("date"), nodes.Values((DAY,), datetime.date)),
            {},
            "\"date\" IN (date '2020-01-31')",
        ),
        (SINCE, {"date": "timestamp"}, "\"date\" >= date '2020-01-31' - 1"),
        (
            call("le", column("date"), literal(DAY)),
            {"date": "timestamptz"},
            "\"date\" < date '2020-01-31' + 2",
        ),
        (SINCE, {"date": "text"}, ""),
        (
            among("code", SNOMEDCTCode, "123456789"),
            {},
            or_odd("\"code\" IN ('123456789')"),
        ),
        (
            among("code", SNOMEDCTCode, "123456789"),
            {"code": "int8"},
            "\"code\" IN ('123456789'::int8)",
        ),
        (
            among("code", SNOMEDCTCode, "123456789"),
            {"code": "numeric"},
            "\"code\" IN ('123456789'::numeric)",
        ),
        (
            among("code", SNOMEDCTCode, "123456789"),
            {"code": "enum"},
            or_odd("\"code\"::text IN ('123456789')"),
        ),
        (among("code", SNOMEDCTCode, "123456789"), {"code": "jsonb"}, ""),
        (
            among("ctv3", CTV3Code, "12345", "XE0Uc"),
            {"ctv3": "int4"},
            "\"ctv3\" IN ('12345'::int8)",
        ),
        (among("ctv3", CTV3Code, "XE0Uc", "01234"), {"ctv3": "int4"}, "FALSE"),
        (
            call("eq", column("ctv3"), literal(CTV3Code("XE0Uc"), CTV3Code)),
            {},
            or_odd("\"ctv3\" IN ('XE0Uc')"),
        ),
        (among("word", str, "it's"), {}, "\"word\" IN ('it''s')"),
        (among("word", str), {}, "FALSE"),
        (call("lt", column("word"), literal("m")), {}, ""),
        (
            call("gt", column("number"), literal(-(2**63))),
            {},
            "\"number\" > '-9223372036854775808'::int8",
        ),
        (call("gt", column("number"), literal(1)), {"number": "text"}, ""),
        (
            call("le", column("value"), literal(1.5)),
            {},
            "\"value\"::float8 <= '1.5'::float8",
        ),
        (call("le", column("value"), literal(1.5)), {"value": "numeric"}, ""),
        (column("flag"), {}, '"flag"'),
        (column("flag"), {"flag": "int2"}, ""),
        (call("ne", column("number"), literal(1)), {}, ""),
        (call("eq", column("number"), literal(None, int)), {}, ""),
        (call("not", column("flag")), {}, ""),
        (YEAR, {}, ""),
    ],
)
def test_one_condition(part, types, said):
    assert sql(part, **types) == (f"(({said}))" if said else "")


def test_what_cannot_be_said_is_left_out_of_an_and():
    assert (
        sql(YEAR, SINCE, call("and", YEAR, column("flag")))
        == '(("date" >= date \'2020-01-31\' AND ("flag")))'
    )


def test_what_cannot_be_said_takes_an_or_with_it():
    assert sql(call("or", column("flag"), YEAR)) == ""
    assert (
        condition([(column("flag"),), (YEAR,)], lambda name: StoredColumn(name, "bool"))
        == ""
    )
    assert condition([], lambda name: None) == ""


def test_a_long_chain_of_alternatives_is_no_deep_recursion():
    chain = column("flag")
    for number in range(3000):
        chain = call("or", chain, call("eq", column("number"), literal(number)))
    assert sql(chain).count(" OR ") == 3000


def test_an_index_gives_the_codes_that_are_mended():
    stored = StoredColumn("code", "text", by_index='"public"."events"')
    said = condition([(among("code", SNOMEDCTCode, "123456789"),)], lambda name: stored)
    assert '"code" = ANY (ARRAY(WITH RECURSIVE' in said and '"code" ~' not in said
    assert (
        '(SELECT "code" FROM "public"."events" WHERE "code" > "different '
        'codes".value ORDER BY 1 LIMIT 1)'
    ) in said


def test_codes_behind_ids_are_looked_up():
    coded = Coded(
        StoredColumn("concept_code", "text"), ("a IN (SELECT {})", "b IN (SELECT {})")
    )
    said = condition([(among("word", str, "{x}"), SINCE)], {"word": coded}.get)
    assert said == (
        "(((a IN (SELECT \"concept_code\" IN ('{x}')) OR b IN (SELECT "
        "\"concept_code\" IN ('{x}')))))"
    )
