"""From the types that files have to the types that tables promise.

A column is read by what it should be (`Column.type`) and by the family of what is stored. Where that
is not safe for every value there is a fault: an SQL condition that is true for the rows that break the
rule. Stored floats are never taken for whole numbers or codes: above 2^53 they have lost digits, and
SNOMED codes have up to 18.
"""

import datetime
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.errors import RecordsError
from extractors.model.schema import Column
from extractors.model.types import Code, MultiCode
from extractors.sources.base import Table
from extractors.sources.codes import mended
from extractors.sources.promises import Promised, Promises
from extractors.sql.operations import sql_type
from extractors.sql.words import quote, text

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
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
    "VARCHAR": "text",
    "ENUM": "text",
    '"NULL"': "nothing",  # a column that never had a value has no type in Arrow and Parquet
}


@dataclass(frozen=True)
class Rule:
    """What rows must not be, and what to do about it."""

    words: str
    remedy: str


@dataclass(frozen=True)
class Fault:
    """What some rows may be, which breaks a rule."""

    # SQL that is true for such a row, and never NULL
    condition: str
    rule: Rule
    # an aggregate that is true if there may be one; empty: nothing costs less than to count
    quick: str = ""


@dataclass(frozen=True)
class Reading:
    """How to read a column."""

    # SQL that fails on what cannot be read
    value: str
    # SQL that gives NULL, or anything, for it
    lenient: str
    # none where every stored value is fine
    faults: tuple[Fault, ...] = ()
    # of a code: the text that is stored
    raw: str = ""

    @property
    def fault(self) -> str:
        """SQL that is true for the rows with a fault, and never NULL; empty if there are none."""
        return f"({' OR '.join(each.condition for each in self.faults)})" if self.faults else ""

    @property
    def there(self) -> str:
        """SQL that is NULL where nothing is stored, or nothing that can be read; of codes, without a look at them."""
        return self.raw or self.lenient


DATES = Rule("not dates (YYYY-MM-DD)", "write dates as YYYY-MM-DD and missing ones as NULL")
MIDNIGHT = Rule(
    "dates with a time of day",
    "store dates, or timestamps at midnight (UTC, if they have a time zone)",
)
WHOLE = Rule(
    "not whole numbers of 64 bits",
    "write digits only and missing values as NULL",
)
FINITE = Rule("not finite numbers", "write numbers like 1.5 and missing values as NULL")
TRUTHS = Rule("neither T nor F", "write T or F and missing values as NULL")
MOMENTS = Rule("not dates and times (ISO)", "write them as YYYY-MM-DDTHH:MM:SS")
CALENDAR = Rule("dates outside the years 1 to 9999", "write NULL where there is no date")
# DuckDB's calendar reaches further than anybody's, and has an infinity; Python's ends at 9999.
FIRST, LAST = "DATE '0001-01-01'", "DATE '9999-12-31'"
NANOSECONDS = 86_400_000_000_000  # of a day


def stored_type(type_: type) -> str:
    """The DuckDB type in which a column of this type is handed on; of moments, too, which OMOP has and no series is."""
    return "TIMESTAMP" if type_ is datetime.datetime else sql_type(type_)


def family(stored: str) -> str:
    """Which kind of type DuckDB found; `other` for what no table can use (lists, blobs, times)."""
    base = base_name(stored)
    if base == "DECIMAL" and stored.endswith(",0)"):
        return "wide integer"
    return FAMILIES.get(base if stored == base or stored.endswith(")") else stored, "other")


def base_name(stored: str) -> str:
    """The name of a stored type without its arguments; those of an ENUM are values from records."""
    return stored.partition("(")[0]


def read_columns(table: Table, columns: Sequence[Column], clean: Container[str] = ()) -> dict[str, Reading]:
    """How to read these columns of a table; NULL where it lacks one.

    `clean`: those with codes of which none has to be mended, which costs time.
    Raises one RecordsError that names every column that is stored as something else.
    """
    readings, refusals = {}, []
    for column in columns:
        stored = table.types.get(column.name, '"NULL"')
        reading = _read(column.type, family(stored), quote(column.name))
        if reading is None:
            refusals.append(f"{table.label}: column {column.name}: {_refusal(column.type, stored)}")
        elif reading.raw and column.name in clean:
            readings[column.name] = _safe(reading.raw)
        else:
            readings[column.name] = reading
    if refusals:
        raise RecordsError("\n".join(refusals))
    return readings


def select(table: Table, readings: Mapping[str, Reading], columns: Iterable[Promised]) -> str:
    """A SELECT of these columns in their types; where no promise is kept, NULL for what breaks it."""
    listed = [f"{_value(readings[each.name], each)} AS {quote(each.name)}" for each in columns]
    return f"SELECT {', '.join(listed)} FROM {table.relation}"


def select_rows(table: Table, readings: Mapping[str, Reading], promises: Promises) -> str:
    """As `select`, with a patient in every row, and one row per patient where that is wanted."""
    key, *others = promises.columns
    rows = select(table, readings, promises.columns)
    if not key.kept:
        rows = f"SELECT * FROM ({rows}) WHERE {quote(key.name)} IS NOT NULL"
    if not promises.joined:
        return rows
    names = (quote(each.name) for each in others)
    single = [f"CASE WHEN count(*) = 1 THEN any_value({name}) END AS {name}" for name in names]
    listed = ", ".join([quote(key.name), *single])
    return f"SELECT {listed} FROM ({rows}) GROUP BY {quote(key.name)}"


def _value(reading: Reading, promised: Promised) -> str:
    value = reading.value
    if not promised.kept:
        value = f"CASE WHEN NOT {reading.fault} THEN {reading.lenient} END" if reading.fault else reading.lenient
    if promised.only:
        value = f"CASE WHEN {value} IN ({listed(promised.only)}) THEN {value} END"
    return value


def listed(values: Iterable[object]) -> str:
    """Texts or whole numbers, as SQL has them in brackets."""
    return ", ".join(text(value) if isinstance(value, str) else str(value) for value in values)


def _read(type_: type, stored: str, x: str) -> Reading | None:
    if stored == "nothing":
        return _safe(f"CAST(NULL AS {stored_type(type_)})")
    reader = READERS.get((_kind(type_), stored))
    return reader(x) if reader else None


def _kind(type_: type) -> type:
    if issubclass(type_, Code):
        return Code
    return str if issubclass(type_, MultiCode) else type_


def _refusal(type_: type, stored: str) -> str:
    kind, base = _kind(type_), base_name(stored)
    if kind is Code and family(stored) == "float":
        return "codes stored as floating point numbers lose digits; store them as text"
    if kind is int and family(stored) == "float":
        return f"whole numbers stored as {base} may have lost digits; store them as BIGINT (pandas: Int64)"
    return f"stored as {base}, but it must hold {WANTED[kind]}; store it as {stored_type(kind)}"


WANTED = {
    bool: "T or F",
    int: "whole numbers",
    float: "numbers",
    str: "text",
    Code: "codes",
    datetime.date: "dates",
    datetime.datetime: "dates and times",
}


def _safe(expression: str) -> Reading:
    return Reading(expression, expression)


def _cast(x: str, type_: type) -> Reading:
    return Reading(f"CAST({x} AS {stored_type(type_)})", f"TRY_CAST({x} AS {stored_type(type_)})")


def _faulty(x: str, reading: Reading, wrong: str, rule: Rule, quick: str = "") -> Reading:
    fault = Fault(f"({x} IS NOT NULL AND coalesce({wrong}, TRUE))", rule, quick)
    return Reading(reading.value, reading.lenient, (fault,))


def _text(x: str) -> str:
    """Text that stands for something else: empty means missing, as in CSV."""
    return f"nullif({x}, '')"


def _integer(x: str) -> Reading:
    return _cast(x, int)


def _wide_integer(x: str) -> Reading:
    reading = _cast(x, int)
    return _faulty(x, reading, f"{reading.lenient} IS NULL", WHOLE)


def _integer_from_text(x: str) -> Reading:
    # A cast alone would round 1.5 and understand 1e3, 0x10 and 1_000.
    reading = _cast(_text(x), int)
    wrong = f"{reading.lenient} IS NULL OR NOT regexp_full_match({x}, '-?[0-9]+')"
    return _faulty(_text(x), reading, wrong, WHOLE)


def _float(x: str) -> Reading:
    reading = _cast(x, float)
    return _faulty(x, reading, f"NOT isfinite({reading.lenient})", FINITE)


def _float_from_text(x: str) -> Reading:
    reading = _cast(_text(x), float)
    return _faulty(_text(x), reading, f"NOT isfinite({reading.lenient})", FINITE)


def _date(x: str) -> Reading:
    quick = f"min({x}) < {FIRST} OR max({x}) > {LAST}"
    return _faulty(x, _safe(x), f"{x} NOT BETWEEN {FIRST} AND {LAST}", DATES, quick)


def _date_from_text(x: str) -> Reading:
    # A cast alone would take 2020-1-1, 2020/01/01 and 2020-01-01 10:00, and the year 0000 for 1 BC.
    reading = _cast(_text(x), datetime.date)
    wrong = (
        f"{reading.lenient} IS NULL OR {reading.lenient} < {FIRST} "
        f"OR NOT regexp_full_match({x}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
    )
    return _faulty(_text(x), reading, wrong, DATES)


def _date_from_timestamp(x: str) -> Reading:
    moment = _moment_of(x)
    return _date_from_moment(x, moment, f"{moment} <> CAST(CAST({moment} AS DATE) AS TIMESTAMP)")


def _date_from_instant(x: str) -> Reading:
    # Read at UTC whatever the session's zone. A midnight of another zone is not one of UTC, so
    # dates that such a zone has shifted are faults and never a day off.
    moment = _moment_of_instant(x)
    return _date_from_moment(x, moment, f"{moment} <> CAST(CAST({moment} AS DATE) AS TIMESTAMP)")


def _date_from_nanoseconds(x: str) -> Reading:
    return _date_from_moment(x, _moment_of(x), f"epoch_ns({x}) % {NANOSECONDS} <> 0")


def _date_from_instant_of_nanoseconds(x: str) -> Reading:
    return _date_from_moment(x, _moment_of_nanoseconds(x), f"epoch_ns({x}) % {NANOSECONDS} <> 0")


def _date_from_moment(x: str, moment: str, late: str) -> Reading:
    """The day of a moment, which has to be its first."""
    day = f"CAST({moment} AS DATE)"
    outside = f"coalesce({day} NOT BETWEEN {FIRST} AND {LAST}, TRUE)"
    faults = (
        Fault(f"({x} IS NOT NULL AND {outside})", CALENDAR),
        Fault(f"({x} IS NOT NULL AND coalesce({late}, FALSE))", MIDNIGHT),
    )
    return Reading(day, day, faults)


def _moment_of(x: str) -> str:
    """A timestamp of any unit in DuckDB's own; seconds reach further, so these may become NULL."""
    return f"TRY_CAST({x} AS TIMESTAMP)"


def _moment_of_instant(x: str) -> str:
    return f"make_timestamp(epoch_us({x}))"


def _moment_of_nanoseconds(x: str) -> str:
    return f"make_timestamp(epoch_us(CAST({x} AS TIMESTAMPTZ)))"


def _boolean_from_integer(x: str) -> Reading:
    return _faulty(x, _cast(x, bool), f"{x} NOT IN (0, 1)", TRUTHS)


def _boolean_from_text(x: str) -> Reading:
    wrong = f"lower({x}) NOT IN ('t', 'f', 'true', 'false', '1', '0')"
    return _faulty(_text(x), _cast(_text(x), bool), wrong, TRUTHS)


def _string(x: str) -> Reading:
    return _safe(f"CAST({x} AS VARCHAR)")


def _code(x: str) -> Reading:
    raw = f"CAST({x} AS VARCHAR)"
    code = mended(raw)
    return Reading(code, code, raw=raw)


def _code_from_integer(x: str) -> Reading:
    return replace(_string(x), raw=f"CAST({x} AS VARCHAR)")


def _moment(x: str) -> Reading:
    return _safe(_moment_of(x))


def _moment_from_text(x: str) -> Reading:
    reading = _cast(_text(x), datetime.datetime)
    return _faulty(_text(x), reading, f"{reading.lenient} IS NULL", MOMENTS)


READERS = {
    (bool, "boolean"): _safe,
    (bool, "integer"): _boolean_from_integer,
    (bool, "text"): _boolean_from_text,
    (int, "integer"): _integer,
    (int, "wide integer"): _wide_integer,
    (int, "text"): _integer_from_text,
    (float, "integer"): lambda x: _cast(x, float),
    (float, "wide integer"): lambda x: _cast(x, float),
    (float, "float"): _float,
    (float, "text"): _float_from_text,
    (datetime.date, "date"): _date,
    (datetime.date, "timestamp"): _date_from_timestamp,
    (datetime.date, "nanoseconds"): _date_from_nanoseconds,
    (datetime.date, "instant"): _date_from_instant,
    (datetime.date, "instant of nanoseconds"): _date_from_instant_of_nanoseconds,
    (datetime.date, "text"): _date_from_text,
    (str, "text"): _string,
    (Code, "text"): _code,
    (Code, "integer"): _code_from_integer,
    (Code, "wide integer"): _code_from_integer,
    (datetime.datetime, "date"): _moment,
    (datetime.datetime, "timestamp"): _moment,
    (datetime.datetime, "nanoseconds"): _moment,
    (datetime.datetime, "instant"): lambda x: _safe(_moment_of_instant(x)),
    (datetime.datetime, "instant of nanoseconds"): lambda x: _safe(_moment_of_nanoseconds(x)),
    (datetime.datetime, "text"): _moment_from_text,
}
