"""OMOP's tables as sites store them, under the names and in the types that are meant.

CDM 5.3 and 5.4 call some columns differently; some tools write only moments where there
are dates, and whole numbers as floating point numbers, because some of them are
missing. All of that has one meaning, so it is read. What could have several is left as
it is, and refused.
"""

import datetime
from collections.abc import Iterable
from dataclasses import replace

from extractors.engine import Engine
from extractors.model.schema import Column
from extractors.model.types import WHOLE, is_code
from extractors.sources.base import Table
from extractors.sources.reading import base_name, family
from extractors.sql.words import quote

# CDM 5.4 -> 5.3
RENAMED = {
    "admitted_from_concept_id": "admitting_source_concept_id",
    "admitted_from_source_value": "admitting_source_value",
    "discharged_to_concept_id": "discharge_to_concept_id",
    "discharged_to_source_value": "discharge_to_source_value",
    "parent_visit_detail_id": "visit_detail_parent_id",
}
NAMED_BEFORE = {before: now for now, before in RENAMED.items()}
# The whole numbers up to which each type has every one.
EXACT = {"FLOAT": 2**24, "DOUBLE": 2**53}
MOMENT = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+(Z|[+]00(:?00)?)?"
MIDNIGHT = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]00:00(:00([.]0+)?)?(Z|[+]00(:?00)?)?"
DIGITS = "[0-9]{8}"
# Texts that programs write where a number or a date is missing.
NOTHING = r"'', 'na', 'nan', 'null', 'none', '\n'"


def names_of(column: Column) -> tuple[str, ...]:
    """The names under which a column may be stored, the best first."""
    name = column.name
    other = RENAMED.get(name) or NAMED_BEFORE.get(name)
    names = (name, other) if other else (name,)
    if column.type is datetime.date and name.endswith("_date"):
        return (*names, f"{name}time")
    return names


def asked(columns: Iterable[Column]) -> tuple[str, ...]:
    """All names that a place is asked for, so that it has what is there."""
    names: dict[str, None] = {}
    for column in columns:
        names |= dict.fromkeys(names_of(column))
    return tuple(names)


def as_meant(engine: Engine, table: Table, columns: Iterable[Column]) -> Table:
    """The table with those of the columns that it has, under their names; `types` are
    of these.
    """
    types = {name.lower(): type_ for name, type_ in table.types.items()}
    listed: list[str] = []
    plain = True
    found: dict[str, str] = {}
    for column in columns:
        stored = next((name for name in names_of(column) if name in types), "")
        if stored:
            sql = _as_meant(column, types[stored], stored)
            plain = plain and sql == quote(column.name)
            found[column.name] = types[stored]
            listed.append(f"{sql} AS {quote(column.name)}")
    if plain:
        return replace(table, types=found)
    relation = f"(SELECT {', '.join(listed)} FROM {table.relation})"
    # DuckDB keeps the letters that a column is stored in where a new name differs in
    # these alone
    types = {name.lower(): type_ for name, type_ in engine.types(relation).items()}
    return replace(table, relation=relation, types=types, ordered=False)


def _as_meant(column: Column, stored: str, name: str) -> str:
    """SQL for a column, stored under a name, in a type from which it is read."""
    kind, x = family(stored), quote(name)
    if (
        kind == "text"
        and column.type not in (str, datetime.datetime)
        and not is_code(column.type)
    ):
        x = f"CASE WHEN lower({x}) NOT IN ({NOTHING}) THEN {x} END"
    if column.type in WHOLE:
        return _whole(kind, base_name(stored), x)
    if column.type is datetime.date:
        return _of_moment(kind, x) if name.endswith("_datetime") else _of_day(kind, x)
    if column.type is str and (
        kind not in ("text", "nothing", "other") or stored.startswith("TIME")
    ):
        return f"CAST({x} AS VARCHAR)"
    return x


def _whole(kind: str, stored: str, x: str) -> str:
    """What has lost digits, or is none, stays a text that is refused."""
    if kind == "text":
        return rf"regexp_replace({x}, '\.0+$', '')"
    if kind != "float":
        return x
    text = f"CAST({x} AS VARCHAR)"
    if stored not in EXACT:
        return rf"regexp_replace({text}, '\.0+$', '')"
    whole = f"{x} = trunc({x}) AND abs({x}) < {EXACT[stored]}"
    digits = f"CAST(CAST({x} AS BIGINT) AS VARCHAR)"
    return (
        f"CASE WHEN {x} IS NULL OR isnan({x}) THEN NULL WHEN {whole} THEN {digits} "
        f"ELSE {text} END"
    )


def _of_moment(kind: str, x: str) -> str:
    """The day of a moment; of one with a time zone, of UTC."""
    if kind in ("timestamp", "nanoseconds"):
        return f"CAST({x} AS DATE)"
    if kind in ("instant", "instant of nanoseconds"):
        return f"CAST(make_timestamp(epoch_us(CAST({x} AS TIMESTAMPTZ))) AS DATE)"
    return _in_text(x, MOMENT) if kind == "text" else x


def _of_day(kind: str, x: str) -> str:
    """A date; one with a time of day stays what it is, and is refused."""
    return _in_text(x, MIDNIGHT) if kind == "text" else x


def _in_text(x: str, moment: str) -> str:
    digits = f"{x}[1:4] || '-' || {x}[5:6] || '-' || {x}[7:8]"
    return (
        f"CASE WHEN regexp_full_match({x}, '{moment}') THEN {x}[1:10] "
        f"WHEN regexp_full_match({x}, '{DIGITS}') THEN {digits} ELSE {x} END"
    )
