"""Conditions on rows in PostgreSQL's SQL, as far as they can be said there.

What comes out may be true for more rows than the condition, never for fewer: what
reads them filters again. So a part that has no translation is left out of an AND, and
takes a whole OR with it. A value that breaks a rule (a date with a time of day) must
come along if it may be one that was meant, so that it is noticed.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors.model import nodes
from extractors.model.operations import MIRRORED
from extractors.model.types import WHOLE, WITHOUT_DOT, is_code
from extractors.planner.needs import Conjunction
from extractors.sources.postgresql.catalog import TEXTS, StoredColumn
from extractors.sql.words import quote, text

INTEGERS = {"int2", "int4", "int8"}
NUMBERS = {*INTEGERS, "float4", "float8", "numeric"}
SYMBOLS = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
DAY = datetime.timedelta(days=1)
# a code begins and ends with letters and digits, or ends with dots
MENDED = "^[^0-9A-Za-z]|[^0-9A-Za-z.]$"
# Each value is the least one above the one before: one look into the index for each.
DIFFERENT = """WITH RECURSIVE "different codes" AS (
    (SELECT {name} AS value FROM {table} ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT (SELECT {name} FROM {table} WHERE {name} > "different codes".value ORDER BY 1 LIMIT 1)
    FROM "different codes" WHERE "different codes".value IS NOT NULL
) SELECT value FROM "different codes" WHERE value {odd}"""


@dataclass(frozen=True)
class Coded:
    """Codes that a table holds as ids: conditions on these, with a gap for that on the
    column of codes.
    """

    # the column of codes in table `concept`
    codes: StoredColumn
    # on ids, each with a gap for the condition on the codes
    conditions: tuple[str, ...]

    def sql(self, condition: str) -> str:
        # str.format would stumble over braces in a condition
        return (
            "("
            + " OR ".join(each.replace("{}", condition) for each in self.conditions)
            + ")"
        )


# what a column of the definition is in the database; None: nothing that helps
Meant = StoredColumn | Coded | None
Resolve = Callable[[str], Meant]


def condition(alternatives: Iterable[Conjunction], resolve: Resolve) -> str:
    """Any of some sets of conditions, of which all must hold; empty if that leaves out
    no row.
    """
    return _any([_all([_sql(part, resolve) for part in each]) for each in alternatives])


def _all(parts: Iterable[str]) -> str:
    said = [part for part in parts if part]
    return f"({' AND '.join(said)})" if said else ""


def _any(parts: list[str]) -> str:
    return f"({' OR '.join(parts)})" if parts and all(parts) else ""


def _sql(node: nodes.Series, resolve: Resolve) -> str:
    match node:
        case nodes.Call(operation="and"):
            return _all([_sql(part, resolve) for part in _flat(node)])
        case nodes.Call(operation="or"):
            return _any([_sql(part, resolve) for part in _flat(node)])
        case nodes.Column(name=name, type=type_) if type_ is bool:
            return _flag(resolve(name))
        case nodes.Call(
            operation="in",
            arguments=(nodes.Column(name=name), nodes.Values() as values),
        ):
            return _among(resolve(name), values)
        case nodes.Call(
            operation=symbol,
            arguments=(nodes.Column(name=name), nodes.Literal() as literal),
        ):
            return _compared(symbol, resolve(name), literal)
        case nodes.Call(
            operation=symbol,
            arguments=(nodes.Literal() as literal, nodes.Column(name=name)),
        ):
            return _compared(MIRRORED.get(symbol, ""), resolve(name), literal)
    return ""


def _flat(node: nodes.Call) -> list[nodes.Series]:
    """The parts of `a | b | c`, however they are nested; a long chain must not be a
    deep recursion.
    """
    return nodes.operands(node, lambda part: part.operation == node.operation)


def _flag(column: Meant) -> str:
    return (
        quote(column.name)
        if isinstance(column, StoredColumn) and column.type == "bool"
        else ""
    )


def _compared(symbol: str, column: Meant, literal: nodes.Literal) -> str:
    if symbol == "eq" and (literal.of is str or is_code(literal.of)):
        return _among(column, nodes.Values((literal.value,), literal.of))
    if (
        symbol not in SYMBOLS
        or not isinstance(column, StoredColumn)
        or literal.value is None
    ):
        return ""
    if isinstance(literal.value, datetime.date):
        return _dated(symbol, column, literal.value)
    if literal.of is float and column.type == "numeric":
        # a number that float8 does not hold would end the query, if its row is looked
        # at
        return ""
    if literal.of in (*WHOLE, float) and column.type in NUMBERS:
        as_float = "::float8" if literal.of is float else ""
        type_ = "float8" if literal.of is float else "int8"
        return (
            f"{quote(column.name)}{as_float} {SYMBOLS[symbol]} "
            f"{text(repr(literal.value))}::{type_}"
        )
    return ""


def _dated(symbol: str, column: StoredColumn, day: datetime.date) -> str:
    name = quote(column.name)
    if column.type == "date":
        return f"{name} {SYMBOLS[symbol]} {_date(day)}"
    if column.type not in ("timestamp", "timestamptz"):
        return ""
    # another time zone's midnight is up to a day away
    lowest, highest = f"{name} >= {_date(day)} - 1", f"{name} < {_date(day)} + 2"
    return {"eq": f"({lowest} AND {highest})", "lt": highest, "le": highest}.get(
        symbol, lowest
    )


def _date(day: datetime.date) -> str:
    return f"date {text(day.isoformat())}"


def _among(column: Meant, values: nodes.Values) -> str:
    if isinstance(column, Coded):
        wanted = _among(column.codes, values)
        return column.sql(wanted) if wanted else ""
    if column is None:
        return ""
    listed = _listed(column, values)
    if listed is None:
        return ""
    if not listed:
        return "FALSE"
    name = column.sql if column.type == "enum" else quote(column.name)
    among = f"{name} IN ({', '.join(listed)})"
    if is_code(values.of) and column.type in TEXTS:
        return f"({among} OR {_to_mend(name, column)})"
    return among


def _to_mend(name: str, column: StoredColumn) -> str:
    """The codes with something around them that is taken off when they are read: any of
    them may be meant.

    Where an index has the codes in order, it gives each different one, and then their
    rows.
    """
    odd = f"~ {text(MENDED)}"
    if not column.by_index:
        return f"{name} {odd}"
    return (
        f"{name} = ANY "
        f"(ARRAY({DIFFERENT.format(name=name, table=column.by_index, odd=odd)}))"
    )


def _listed(column: StoredColumn, values: nodes.Values) -> list[str] | None:
    """The values as literals that can be compared with the column; None if they
    cannot.
    """
    given = [value for value in values.values if value is not None]
    if values.of is str or is_code(values.of):
        if column.type in TEXTS:
            return [text(value) for value in written(values)]
        return (
            _whole(column, given)
            if is_code(values.of) and column.type in {*INTEGERS, "numeric"}
            else None
        )
    if values.of in WHOLE and column.type in {*INTEGERS, "numeric"}:
        return [f"{text(value)}::int8" for value in given]
    if column.type == "date":
        return [_date(day) for day in given if isinstance(day, datetime.date)]
    return None


def written(values: nodes.Values) -> list[str]:
    """Texts, as they may be stored: codes of some systems with a dot or without."""
    texts = [str(value) for value in values.values if value is not None]
    if values.of in WITHOUT_DOT:
        texts += [f"{code[:3]}.{code[3:]}" for code in texts if len(code) > 3]
    return texts


def _whole(column: StoredColumn, codes: Iterable[object]) -> list[str]:
    """Those codes that a column of whole numbers can hold: they look the same when
    written out.
    """
    numbers = []
    for code in codes:
        if str(code).isascii() and str(code).isdecimal():
            numbers.append(str(code))
    type_, digits = ("numeric", 1000) if column.type == "numeric" else ("int8", 18)
    found: list[str] = []
    for n in numbers:
        if len(n) <= digits and str(int(n)) == n:
            found.append(f"{text(n)}::{type_}")
    return found
