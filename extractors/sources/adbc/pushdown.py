"""Conditions on rows as sqlglot expressions, as far as they can be said for the types
of a table.

As with PostgreSQL, a translation may be true for more rows than the condition, never
for fewer: DuckDB filters again. So a part that has no translation is left out of an
AND, and takes a whole OR with it. Dates are compared only where the database has dates:
a database that compared texts would leave out a text that is no date, and no check
would see it.
"""

import datetime
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.late import Late
from extractors.model import nodes
from extractors.model.operations import MIRRORED
from extractors.model.types import WHOLE, ConceptId, is_code
from extractors.sources.adbc.catalog import StoredColumn, StoredTable
from extractors.sources.postgresql import Rows, Wanted, written

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.expressions import Expr as Expression
else:
    exp = Late("sqlglot.expressions")

DAY = datetime.timedelta(days=1)
# The first and the last character of a code; the last one may be a dot, too.
LETTERS = string.digits + string.ascii_letters
DIGITS = 18  # of the longest code that a column of whole numbers can hold


@dataclass(frozen=True)
class Coded:
    """Codes that a table holds as ids of rows of table `concept`."""

    # the columns of the table
    ids: tuple[StoredColumn, ...]
    # the table of concepts, with its columns of ids and of codes
    concept: StoredTable
    # the column of ids in `concept`
    id: StoredColumn
    # the column of codes in `concept`
    code: StoredColumn


Meant = StoredColumn | Coded | None
Resolve = Callable[[str], Meant]


def query(
    wanted: Wanted, table: StoredTable, concept: StoredTable | None
) -> tuple["exp.Select", list[StoredColumn]]:
    """A SELECT of what is wanted of a table, and the columns that it gives."""
    named = dict.fromkeys(wanted.columns)
    given = [
        column
        for column in map(table.column, named)
        if column and column.kind != "other"
    ]
    listed = [exp.alias_(column.sql, column.name, quoted=True) for column in given]
    nothing = exp.alias_(exp.Literal.number(1), "nothing")
    selected = exp.select(*(listed or [nothing])).from_(table.sql)
    where = condition_of(wanted, table, concept)
    return (selected.where(where) if where is not None else selected), given


def condition_of(
    wanted: Wanted, table: StoredTable, concept: StoredTable | None
) -> "Expression | None":
    """True for the wanted rows at least."""
    if not wanted.rows:
        return None
    return _any([_of_rows(rows, table, concept) for rows in wanted.rows])


def _of_rows(
    rows: Rows, table: StoredTable, concept: StoredTable | None
) -> "Expression | None":
    stored = {name: table.column(own) for name, own in rows.columns}
    coded = {name: _coded(ids, table, concept) for name, ids in rows.concepts}

    def resolve(name: str) -> Meant:
        return coded.get(name) or stored.get(name)

    said = _any(
        [_all([_sql(part, resolve) for part in each]) for each in rows.alternatives]
    )
    return _all([said, _also(rows, table)])


def _also(rows: Rows, table: StoredTable) -> "Expression | None":
    """That a column holds one of the texts that it may hold, in capital or small
    letters.
    """
    if not rows.also:
        return None
    name, among = rows.also
    column = table.column(name)
    if column is None or column.kind != "text":
        return None
    lowered = exp.Lower(this=column.sql)
    texts = [exp.Literal.string(each.lower()) for each in among]
    return exp.In(this=lowered, expressions=texts)


def _coded(
    ids: Iterable[str], table: StoredTable, concept: StoredTable | None
) -> Coded | None:
    id_, code = (
        concept.column(name) if concept else None
        for name in ("concept_id", "concept_code")
    )
    there = tuple(column for column in map(table.column, ids) if column)
    return (
        Coded(there, concept, id_, code) if concept and id_ and code and there else None
    )


def _all(parts: Iterable["Expression | None"]) -> "Expression | None":
    said = [part for part in parts if part is not None]
    return exp.and_(*said) if said else None


def _any(parts: Sequence["Expression | None"]) -> "Expression | None":
    said = [part for part in parts if part is not None]
    return exp.or_(*said) if said and len(said) == len(parts) else None


def _sql(node: nodes.Series, resolve: Resolve) -> "Expression | None":
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
    return None


def _flat(node: nodes.Call) -> list[nodes.Series]:
    """The parts of `a | b | c`, however they are nested; a long chain must not be a
    deep recursion.
    """
    return nodes.operands(node, lambda part: part.operation == node.operation)


def _flag(column: Meant) -> "Expression | None":
    if not isinstance(column, StoredColumn) or column.kind != "truth":
        return None
    # SQL Server has no truths, but 1
    return exp.EQ(this=column.sql, expression=exp.true())


def _compared(
    symbol: str, column: Meant, literal: nodes.Literal
) -> "Expression | None":
    if symbol == "eq" and (literal.of is str or is_code(literal.of)):
        return _among(column, nodes.Values((literal.value,), literal.of))
    if (
        symbol not in _symbols()
        or not isinstance(column, StoredColumn)
        or literal.value is None
    ):
        return None
    if isinstance(literal.value, datetime.date):
        return _dated(symbol, column, literal.value)
    if (literal.of, column.kind) in (
        (int, "whole"),
        (ConceptId, "whole"),
        (ConceptId, "number"),
        (float, "number"),
        (int, "number"),
    ):
        return _symbols()[symbol](
            this=column.sql, expression=exp.Literal.number(repr(literal.value))
        )
    return None


def _symbols() -> dict[str, type["exp.Binary"]]:
    return {"eq": exp.EQ, "lt": exp.LT, "le": exp.LTE, "gt": exp.GT, "ge": exp.GTE}


def _dated(
    symbol: str, column: StoredColumn, day: datetime.date
) -> "Expression | None":
    if column.kind == "date":
        return _symbols()[symbol](this=column.sql, expression=_date(day))
    if (
        column.kind != "moment"
        or not datetime.date.min + DAY <= day <= datetime.date.max - 2 * DAY
    ):
        return None
    # another time zone's midnight is up to a day away
    lowest = exp.GTE(this=column.sql, expression=_date(day - DAY))
    highest = exp.LT(this=column.sql, expression=_date(day + 2 * DAY))
    return {"eq": exp.and_(lowest, highest), "lt": highest, "le": highest}.get(
        symbol, lowest
    )


def _date(day: datetime.date) -> "Expression":
    return exp.cast(exp.Literal.string(day.isoformat()), "date")


def _among(column: Meant, values: nodes.Values) -> "Expression | None":
    if isinstance(column, Coded):
        wanted = _among(column.code, values)
        if wanted is None:
            return None
        ids = exp.select(column.id.sql).from_(column.concept.sql).where(wanted)
        return _any(
            [exp.In(this=each.sql, query=ids.copy().subquery()) for each in column.ids]
        )
    listed = _listed(column, values) if column else None
    if column is None or listed is None:
        return None
    if not listed:
        return exp.false()
    among = exp.In(this=column.sql, expressions=listed)
    return (
        exp.or_(among, *_to_mend(column))
        if is_code(values.of) and column.kind == "text"
        else among
    )


def _to_mend(column: StoredColumn) -> "list[Expression]":
    """Codes with something around them that is taken off when they are read: any of
    them may be meant.

    Not every database has regular expressions, so the first and the last character are
    listed.
    """
    first, last = exp.Literal.number(1), exp.Length(this=column.sql)
    return [
        _is_none_of(column, first, LETTERS),
        _is_none_of(column, last, f"{LETTERS}."),
    ]


def _is_none_of(
    column: StoredColumn, place: "Expression", allowed: str
) -> "Expression":
    """That the character at a place of a text is another one than these."""
    one = exp.Literal.number(1)
    character = exp.Substring(this=column.sql, start=place, length=one)
    listed = [exp.Literal.string(each) for each in allowed]
    return exp.not_(exp.In(this=character, expressions=listed))


def _listed(column: StoredColumn, values: nodes.Values) -> "list[Expression] | None":
    """The values as literals that can be compared with the column; None if they
    cannot.
    """
    given = [value for value in values.values if value is not None]
    if (values.of is str or is_code(values.of)) and column.kind == "text":
        return [exp.Literal.string(value) for value in written(values)]
    if is_code(values.of) and column.kind == "whole":
        return [exp.Literal.number(code) for code in map(str, given) if _is_whole(code)]
    if values.of in WHOLE and column.kind == "whole":
        return [exp.Literal.number(repr(value)) for value in given]
    if column.kind == "date":
        return [_date(day) for day in given if isinstance(day, datetime.date)]
    return None


def _is_whole(code: str) -> bool:
    """Whether a code looks the same when it is written out from a whole number."""
    return (
        code.isascii()
        and code.isdecimal()
        and len(code) <= DIGITS
        and str(int(code)) == code
    )
