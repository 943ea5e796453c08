"""Each operation of the language as DuckDB SQL, one line or one short function apiece.

Every function takes the SQL of its arguments, in brackets where needed, and gives SQL.
Semantics are those of extractors/language/SEMANTICS.md; where DuckDB's differ, a
comment says how.
"""

import datetime
from collections.abc import Callable

from extractors.model import nodes
from extractors.model.operations import OPERATIONS
from extractors.model.types import ConceptId, Scalar
from extractors.sql.words import text

Template = Callable[..., str]
DATE = datetime.date
# characters of a text that are asked for; DuckDB takes no more than 32 bits hold
LONGEST = 100_000
TYPES = {
    bool: "BOOLEAN",
    int: "BIGINT",
    float: "DOUBLE",
    DATE: "DATE",
    ConceptId: "BIGINT",
}


def sql_type(type_: type) -> str:
    return TYPES.get(type_, "VARCHAR")


def literal(value: Scalar, of: type) -> str:
    """A value as SQL of exactly its type."""
    if value is None:
        return f"CAST(NULL AS {sql_type(of)})"
    if of is bool:
        return "TRUE" if value else "FALSE"
    if of in (int, float, ConceptId):
        return f"CAST({text(repr(value))} AS {sql_type(of)})"
    return f"DATE {text(str(value))}" if of is DATE else text(str(value))


def _infix(symbol: str) -> Template:
    return lambda a, b: f"({a} {symbol} {b})"


def _function(name: str) -> Template:
    return lambda *arguments: f"{name}({', '.join(arguments)})"


def _case(*arguments: str) -> str:
    pairs = zip(arguments[0:-1:2], arguments[1:-1:2], strict=True)
    branches = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
    return f"CASE {branches} ELSE {arguments[-1]} END"


def _divide(a: str, b: str) -> str:
    # written out, because to DuckDB nullif() is this CASE, too, and text that repeats
    # itself must be seen to do so
    return f"(CASE WHEN {b} <> 0 THEN CAST({a} AS DOUBLE) / CAST({b} AS DOUBLE) END)"


def _floor_divide(a: str, b: str) -> str:
    # DuckDB's // cuts off towards zero; one less where there is a rest and the signs
    # differ
    return (
        f"(CASE WHEN {b} <> 0 THEN ({a} // {b}) - CAST({a} % {b} <> 0 AND ({a} < 0) "
        f"<> ({b} < 0) AS BIGINT) END)"
    )


def _floor_divide_floats(a: str, b: str) -> str:
    return f"(CASE WHEN {b} <> 0 THEN TRY_CAST(floor({a} / {b}) AS BIGINT) END)"


def _power(a: str, b: str) -> str:
    # NULL where the result is complex (negative base, broken exponent) or 0 has a
    # negative exponent
    real = (
        f"NOT (({a} = 0 AND {b} < 0) OR ({a} < 0 AND CAST({b} AS DOUBLE) <> "
        f"floor({b})))"
    )
    return f"(CASE WHEN {real} THEN pow(CAST({a} AS DOUBLE), CAST({b} AS DOUBLE)) END)"


def _add_months(date: str, count: str) -> str:
    # DuckDB clips a day that does not exist to the end of the month; ours rolls forward
    # to the next 1st
    clipped = f"CAST({date} + to_months({_small(count, 120_000)}) AS DATE)"
    return _within_calendar(
        f"({clipped} + CAST(day({clipped}) < day({date}) AS INTEGER))"
    )


def _add_days(date: str, count: str) -> str:
    return _within_calendar(f"({date} + {_small(count, 3_660_000)})")


def _small(count: str, most: int) -> str:
    """A count as the 32-bit number that dates are moved by; NULL becomes `most`, which
    leads out of the calendar.
    """
    return f"CAST(greatest(least({count}, {most}), -{most}) AS INTEGER)"


def _within_calendar(date: str) -> str:
    """NULL outside the years 1 to 9999, where there are no dates in Python nor in
    files.
    """
    return (
        f"(CASE WHEN {date} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN "
        f"{date} END)"
    )


def _months_between(start: str, end: str) -> str:
    whole = f"(year({end}) - year({start})) * 12 + month({end}) - month({start})"
    return f"({whole} - CAST(day({end}) < day({start}) AS BIGINT))"


def _word_begins(text: str, words: str) -> str:
    # One pattern for all words, which DuckDB makes once where they are written. Without
    # any word it would find everything, so there is always one more: the last character
    # of Unicode, which no text has.
    found = f"regexp_extract_all({words} || chr(1114111), '[0-9A-Za-z]+|\\x{{10FFFF}}')"
    return (
        f"regexp_matches({text}, '[^0-9A-Za-z](' || array_to_string({found}, '|') || "
        "')')"
    )


def _first_characters(value: str, count: str) -> str:
    # greatest() would take NULL for 0
    return (
        f"(CASE WHEN {count} IS NOT NULL THEN left({value}, greatest(least({count}, "
        f"{LONGEST}), 0)) END)"
    )


def _in_set(value: str, members: str) -> str:
    # an empty set, or none at all, holds nothing, not even NULL
    nothing = f"coalesce(len({members}), 0) = 0"
    return (
        f"(CASE WHEN {nothing} THEN FALSE WHEN {value} IS NULL THEN NULL ELSE "
        f"list_contains({members}, {value}) END)"
    )


TEMPLATES: dict[str, Template] = {
    "and": lambda *parts: f"({' AND '.join(parts)})",
    "or": lambda *parts: f"({' OR '.join(parts)})",
    "not": lambda a: f"(NOT {a})",
    "bool_to_int": lambda a: f"CAST({a} AS BIGINT)",
    "eq": _infix("="),
    "ne": _infix("<>"),
    "is_null": lambda a: f"({a} IS NULL)",
    "coalesce": _function("coalesce"),
    "in": _in_set,
    "case": _case,
    "lt": _infix("<"),
    "le": _infix("<="),
    "gt": _infix(">"),
    "ge": _infix(">="),
    "maximum_of": _function("greatest"),  # skips NULL, as the language wants
    "minimum_of": _function("least"),
    "add": _infix("+"),
    "subtract": _infix("-"),
    "multiply": _infix("*"),
    "divide": _divide,
    "floor_divide": _floor_divide,
    "power": _power,
    "negate": lambda a: f"(-{a})",
    "absolute": _function("abs"),
    "to_int": lambda a: f"TRY_CAST(trunc({a}) AS BIGINT)",  # NULL beyond 64 bits
    "to_float": lambda a: f"CAST({a} AS DOUBLE)",
    "contains": _function("contains"),
    "word_begins": _word_begins,
    "first_characters": _first_characters,
    "to_text": lambda a: f"CAST({a} AS VARCHAR)",
    "year": _function("year"),
    "month": _function("month"),
    "day": _function("day"),
    "first_of_year": lambda a: f"CAST(date_trunc('year', {a}) AS DATE)",
    "first_of_month": lambda a: f"CAST(date_trunc('month', {a}) AS DATE)",
    "add_days": _add_days,
    "add_months": _add_months,
    "days_between": lambda start, end: f"CAST({end} - {start} AS BIGINT)",
    "months_between": _months_between,
    "spell": lambda first, last: f"{{'first': {first}, 'last': {last}}}",
}


# What an aggregate computes over the rows that a filter lets through, and the
# value for no rows at all.
AGGREGATES: dict[str, tuple[str, str]] = {
    "count": ("count(*) {filter}", "CAST(0 AS BIGINT)"),
    "minimum": ("min({value}) {filter}", ""),
    "maximum": ("max({value}) {filter}", ""),
    "sum": ("TRY_CAST(sum({value}) {filter} AS {type})", ""),
    "mean": ("avg({value}) {filter}", ""),
    "quantile": ("quantile_cont(CAST({value} AS DOUBLE), {argument}) {filter}", ""),
    "count_distinct": ("count(DISTINCT {value}) {filter}", "CAST(0 AS BIGINT)"),
    "set": ("list(DISTINCT {value}) {filter}", ""),
    "count_episodes": ("", "CAST(0 AS BIGINT)"),  # these are in OVER_ROWS
    "days_covered": ("", "CAST(0 AS BIGINT)"),
    "nights_by_start": ("", "CAST(0 AS BIGINT)"),
}


def _count_episodes(rows: str, longest_gap: Scalar, keys: str) -> str:
    gap = f"v - lag(v) OVER (PARTITION BY {keys} ORDER BY v) AS gap"
    first = f"count(*) FILTER (WHERE gap IS NULL OR gap > {longest_gap})"
    return (
        f"SELECT {keys}, {first} AS value FROM (SELECT {keys}, {gap} FROM {rows}) "
        f"GROUP BY {keys}"
    )


def _days_covered(rows: str, _: Scalar, keys: str) -> str:
    # a spell adds its days after the last one that the spells before it reach;
    # greatest() skips NULL
    before = (
        f"PARTITION BY {keys} ORDER BY v.first, v.last ROWS BETWEEN UNBOUNDED "
        "PRECEDING AND 1 PRECEDING"
    )
    reached = f"greatest(v.first - 1, max(v.last) OVER ({before}))"
    added = (
        f"SELECT {keys}, greatest(v.last - {reached}, 0) AS days FROM {rows} WHERE "
        "v.first <= v.last"
    )
    return (
        f"SELECT {keys}, CAST(sum(days) AS BIGINT) AS value FROM ({added}) GROUP BY "
        f"{keys}"
    )


def _nights_by_start(rows: str, _: Scalar, keys: str) -> str:
    whole = f"FROM {rows} WHERE v.first IS NOT NULL AND v.last IS NOT NULL"
    longest = (
        f"SELECT {keys}, max(v.last - v.first) AS nights {whole} GROUP BY {keys}, "
        "v.first"
    )
    return (
        f"SELECT {keys}, CAST(sum(nights) AS BIGINT) AS value FROM ({longest}) GROUP "
        f"BY {keys}"
    )


# Aggregates in which rows look at their neighbours: from rows (`keys, v`, v not NULL)
# to `keys, value`; the keys are patient_id, and where they move with it the period.
OVER_ROWS: dict[str, Callable[[str, Scalar, str], str]] = {
    "count_episodes": _count_episodes,
    "days_covered": _days_covered,
    "nights_by_start": _nights_by_start,
}


def call(node: nodes.Call, arguments: list[str]) -> str:
    """The SQL of an operation, given that of its arguments."""
    if node.operation == "floor_divide" and node.arguments[0].type is float:
        return _floor_divide_floats(*arguments)
    if node.operation == "in" and isinstance(node.arguments[1], nodes.Values):
        return _in_values(arguments[0], node.arguments[1])
    sql = TEMPLATES[node.operation](*arguments)
    if node.operation == "negate" and node.type is int:
        sql = f"CAST({sql} AS BIGINT)"  # DuckDB gives what is written a wider type
    return f"TRY({sql})" if node.type is int and _may_overflow(node) else sql


def _may_overflow(node: nodes.Call) -> bool:
    """Of quotients only the least number there is by -1 does."""
    divisor = node.arguments[-1]
    if node.operation == "floor_divide" and isinstance(divisor, nodes.Literal):
        return divisor.value == -1
    return OPERATIONS[node.operation].grows


def _in_values(value: str, members: nodes.Values) -> str:
    if not members.values:
        return "FALSE"  # even for NULL
    return (
        f"({value} IN "
        f"({', '.join(literal(each, members.of) for each in members.values)}))"
    )


def filter_sql(conditions: list[str]) -> str:
    """Leaves out of an aggregate the rows that do not fulfil some conditions."""
    return f"FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""


def aggregate(node: nodes.Aggregate, value: str, conditions: list[str]) -> str:
    """The SQL of an aggregate over the rows that fulfil some conditions."""
    if node.operation in ("count_distinct", "set"):
        conditions = [*conditions, f"{value} IS NOT NULL"]
    return AGGREGATES[node.operation][0].format(
        value=value,
        filter=filter_sql(conditions),
        type=sql_type(node.type),
        argument=literal(node.argument, float),
    )
