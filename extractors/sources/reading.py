"""From the types that files have to the types that tables promise.

A column is read by what it should be (`Column.type`) and by the family of what is
stored. Where that is not safe for every value there is a fault: an SQL condition that
is true for the rows that break the rule. Stored floats are never taken for whole
numbers or codes: above 2^53 they have lost digits, and SNOMED codes have up to 18.
"""

import datetime
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace

from extractors.errors import RecordsError
from extractors.model.schema import Column
from extractors.model.types import Code, ConceptId, MultiCode
from extractors.sources.base import Table
from extractors.sources.codes import mended
from extractors.sources.days import DAYS
from extractors.sources.own_ids import read_id
from extractors.sources.promises import Promised, Promises, TextId
from extractors.sources.reader import (
    Reading,
    Rule,
    cast,
    faulty,
    safe,
    stored_type,
    unless_empty,
)
from extractors.sql.words import quote, text

INTEGERS = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
}
WIDE_INTEGERS = {"UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM"}
FAMILIES = {
    **dict.fromkeys(INTEGERS, "integer"),
    **dict.fromkeys(WIDE_INTEGERS, "wide integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "float"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"), "timestamp"),
    "TIMESTAMP_NS": "nanoseconds",
    "TIMESTAMP WITH TIME ZONE": "instant",
    "TIMESTAMPTZ_NS": "instant of nanoseconds",
    "DATE": "date",
    "BOOLEAN": "boolean",
    "UUID": "uuid",
    "VARCHAR": "text",
    "ENUM": "text",
    # a column that never had a value has no type in Arrow and Parquet
    '"NULL"': "nothing",
}


WHOLE = Rule(
    "not whole numbers of 64 bits",
    "write digits only and missing values as NULL",
)
FINITE = Rule("not finite numbers", "write numbers like 1.5 and missing values as NULL")
TRUTHS = Rule("neither T nor F", "write T or F and missing values as NULL")


def family(stored: str) -> str:
    """Which kind of type DuckDB found; `other` for what no table can use (lists, blobs,
    times).
    """
    base = base_name(stored)
    if base == "DECIMAL" and stored.endswith(",0)"):
        return "wide integer"
    return FAMILIES.get(
        base if stored == base or stored.endswith(")") else stored, "other"
    )


def base_name(stored: str) -> str:
    """The name of a stored type without its arguments; those of an ENUM are values from
    records.
    """
    return stored.partition("(")[0]


def read_columns(
    table: Table, columns: Sequence[Column], clean: Container[str] = ()
) -> dict[str, Reading]:
    """How to read these columns of a table; NULL where it lacks one.

    `clean`: those with codes of which none has to be mended, which costs time.
    Raises one RecordsError that names every column that is stored as something else.
    """
    readings, refusals = {}, []
    for column in columns:
        stored = table.types.get(column.name, '"NULL"')
        reading = _read(column.type, family(stored), quote(column.name))
        if reading is None:
            refusals.append(
                f"{table.label}: column {column.name}: {_refusal(column.type, stored)}"
            )
        elif reading.raw and column.name in clean:
            readings[column.name] = safe(reading.raw)
        else:
            readings[column.name] = reading
    if refusals:
        raise RecordsError("\n".join(refusals))
    return readings


def select(
    table: Table, readings: Mapping[str, Reading], columns: Iterable[Promised]
) -> str:
    """A SELECT of these columns in their types; where no promise is kept, NULL for what
    breaks it.
    """
    listed = [
        f"{_value(readings[each.name], each)} AS {quote(each.name)}" for each in columns
    ]
    return f"SELECT {', '.join(listed)} FROM {table.relation}"


def select_rows(
    table: Table, readings: Mapping[str, Reading], promises: Promises
) -> str:
    """As `select`, with a patient in every row, and one row per patient where that is
    wanted.
    """
    key, *others = promises.columns
    rows = select(table, readings, promises.columns)
    if not key.kept:
        rows = f"SELECT * FROM ({rows}) WHERE {quote(key.name)} IS NOT NULL"
    if not promises.joined:
        return rows
    names = (quote(each.name) for each in others)
    single = [
        f"CASE WHEN count(*) = 1 THEN any_value({name}) END AS {name}" for name in names
    ]
    listed = ", ".join([quote(key.name), *single])
    return f"SELECT {listed} FROM ({rows}) GROUP BY {quote(key.name)}"


def _value(reading: Reading, promised: Promised) -> str:
    value = reading.value
    if not promised.kept:
        value = (
            f"CASE WHEN NOT {reading.fault} THEN {reading.lenient} END"
            if reading.fault
            else reading.lenient
        )
    if promised.only:
        value = f"CASE WHEN {value} IN ({listed(promised.only)}) THEN {value} END"
    return value


def listed(values: Iterable[object]) -> str:
    """Texts or whole numbers, as SQL has them in brackets."""
    return ", ".join(
        text(value) if isinstance(value, str) else str(value) for value in values
    )


def _read(type_: type, stored: str, x: str) -> Reading | None:
    if stored == "nothing":
        return safe(f"CAST(NULL AS {stored_type(type_)})")
    reader = READERS.get((_kind(type_), stored))
    return reader(x) if reader else None


def _kind(type_: type) -> type:
    if issubclass(type_, Code):
        return Code
    if type_ is ConceptId:
        return int
    return str if issubclass(type_, MultiCode) else type_


def _refusal(type_: type, stored: str) -> str:
    kind, base = _kind(type_), base_name(stored)
    if kind is Code and family(stored) == "float":
        return "codes stored as floating point numbers lose digits; store them as text"
    if kind is int and family(stored) == "float":
        return (
            f"whole numbers stored as {base} may have lost digits; store them as "
            "BIGINT (pandas: Int64)"
        )
    return (
        f"stored as {base}, but it must hold {WANTED[kind]}; store it as "
        f"{stored_type(kind)}"
    )


WANTED = {
    bool: "T or F",
    int: "whole numbers",
    float: "numbers",
    str: "text",
    TextId: "ids of patients",
    Code: "codes",
    datetime.date: "dates",
    datetime.datetime: "dates and times",
}


def _integer(x: str) -> Reading:
    return cast(x, int)


def _wide_integer(x: str) -> Reading:
    reading = cast(x, int)
    return faulty(x, reading, f"{reading.lenient} IS NULL", WHOLE)


def _integer_from_text(x: str) -> Reading:
    # A cast alone would round 1.5 and understand 1e3, 0x10 and 1_000. The number as
    # text again tells most without a regular expression, which costs twice as much.
    reading = cast(unless_empty(x), int)
    plain = f"CAST({reading.lenient} AS VARCHAR) = {x}"
    other = f"{reading.lenient} IS NULL OR NOT regexp_full_match({x}, '-?[0-9]+')"
    wrong = f"CASE WHEN {plain} THEN FALSE ELSE {other} END"
    return faulty(unless_empty(x), reading, wrong, WHOLE)


def _float(x: str) -> Reading:
    reading = cast(x, float)
    return faulty(x, reading, f"NOT isfinite({reading.lenient})", FINITE)


def _float_from_text(x: str) -> Reading:
    reading = cast(unless_empty(x), float)
    return faulty(unless_empty(x), reading, f"NOT isfinite({reading.lenient})", FINITE)


def _boolean_from_integer(x: str) -> Reading:
    return faulty(x, cast(x, bool), f"{x} NOT IN (0, 1)", TRUTHS)


def _boolean_from_text(x: str) -> Reading:
    wrong = f"lower({x}) NOT IN ('t', 'f', 'true', 'false', '1', '0')"
    return faulty(unless_empty(x), cast(unless_empty(x), bool), wrong, TRUTHS)


def _string(x: str) -> Reading:
    return safe(f"CAST({x} AS VARCHAR)")


def _code(x: str) -> Reading:
    raw = f"CAST({x} AS VARCHAR)"
    code = mended(raw)
    return Reading(code, code, raw=raw)


def _code_from_integer(x: str) -> Reading:
    return replace(_string(x), raw=f"CAST({x} AS VARCHAR)")


READERS: dict[tuple[type, str], Callable[[str], Reading]] = {
    **DAYS,
    (bool, "boolean"): safe,
    (bool, "integer"): _boolean_from_integer,
    (bool, "text"): _boolean_from_text,
    (int, "integer"): _integer,
    (int, "wide integer"): _wide_integer,
    (int, "text"): _integer_from_text,
    (float, "integer"): lambda x: cast(x, float),
    (float, "wide integer"): lambda x: cast(x, float),
    (float, "float"): _float,
    (float, "text"): _float_from_text,
    (str, "text"): _string,
    (TextId, "text"): read_id,
    (TextId, "uuid"): read_id,
    (Code, "text"): _code,
    (Code, "integer"): _code_from_integer,
    (Code, "wide integer"): _code_from_integer,
}
