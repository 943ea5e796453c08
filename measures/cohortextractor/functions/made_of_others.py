"""Columns that are made of other columns."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from extractors.language.files import table_from_file
from extractors.model import nodes
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked, Wrong, one_of_these
from measures.cohortextractor.columns import (
    DAY,
    FORMATS,
    MISSING,
    TYPES,
    Column,
    Kind,
    cut,
    dated,
    same_kind,
)
from measures.cohortextractor.context import Context
from measures.cohortextractor.dates import ISO, day_of
from measures.cohortextractor.functions.matching import precision, table
from measures.cohortextractor.making import Series, call

DEFAULT = "DEFAULT"
RANGES = {
    "comparator_from": "comparator",
    "reference_range_lower_bound_from": "lower_bound",
    "reference_range_upper_bound_from": "upper_bound",
}
FROM_FILE: dict[str, Kind] = {
    "bool": "flag",
    "int": "int",
    "float": "float",
    "str": "str",
    "date": "date",
}


def satisfying(context: Context, asked: Asked) -> Column:
    return Column("flag", context.condition(asked["expression"]))


def categorised_as(context: Context, asked: Asked) -> Column:
    return categories(asked["category_definitions"], context)


def categories(definitions: Any, context: Context) -> Column:
    """The first label, in the order written, whose expression is true; else the one
    that says DEFAULT.
    """
    if not isinstance(definitions, Mapping) or not definitions:
        raise Wrong("categories are a dict from labels to expressions")
    defaults = [
        label for label, expression in definitions.items() if expression == DEFAULT
    ]
    if len(defaults) != 1:
        raise Wrong(f"exactly one category is 'DEFAULT', not {len(defaults)}")
    kind = _kind_of(list(definitions))
    pairs = [
        (context.condition(expression), _label(label, kind))
        for label, expression in definitions.items()
        if expression != DEFAULT
    ]
    labels = tuple(definitions) if kind == "str" else ()
    return Column(kind, making.choice(pairs, _label(defaults[0], kind)), labels=labels)


def _kind_of(labels: list[Any]) -> Kind:
    types = {type(label) for label in labels}
    if types == {str}:
        return "date" if all(map(_is_day, labels)) else "str"
    if types <= {bool, int}:
        return "flag" if set(labels) == {0, 1} else "int"
    if types == {float}:
        return "float"
    raise Wrong(
        "labels of categories are all texts, all whole numbers, all floats or all dates"
    )


def _is_day(label: str) -> bool:
    try:
        return bool(ISO.fullmatch(label) and datetime.date.fromisoformat(label))
    except ValueError:
        return False


def _label(label: Any, kind: Kind) -> Series:
    of = TYPES[kind]
    return making.literal(
        datetime.date.fromisoformat(label) if of is datetime.date else of(label)
    )


def extreme_of(context: Context, asked: Asked) -> Column:
    """The least or greatest of what is not empty; empty if all are."""
    names = asked["column_names"] or tuple(asked.hidden)
    if not names:
        raise Wrong(f"{asked.function} needs the names of columns")
    days = [name for name in names if isinstance(name, str) and ISO.fullmatch(name)]
    columns = [context.column(name) for name in names if name not in days]
    first = (
        same_kind(columns, asked.function)
        if columns
        else Column("date", making.literal(day_of(days[0])))
    )
    if days and first.kind != "date":
        raise Wrong(
            f"{asked.function} takes columns of one type, not {first.kind} and date"
        )
    values = [_unless_empty(each) for each in columns]
    values += [making.literal(day_of(day)) for day in days]
    found = values[0] if len(values) == 1 else call(asked.function, *values)
    if first.kind == "flag":
        return Column("flag", call("eq", making.filled(found, 0), making.literal(1)))
    kind = "int" if first.kind == "imd" else first.kind
    return Column(kind, found, precision=first.precision)


def _unless_empty(column: Column) -> Series:
    """NULL for the missing value; flags as numbers."""
    if column.kind == "date":
        return column.node
    node = call("bool_to_int", column.value) if column.kind == "flag" else column.node
    missing = {0} if column.kind == "flag" else {MISSING[column.kind]}
    empty = making.one_of(node, sorted(missing))
    return making.choice([(making.negated(empty), node)], making.nothing(node.type))


def fixed_value(context: Context, asked: Asked) -> Column:
    value = asked["value"]
    if isinstance(value, str):
        if ISO.fullmatch(value):
            return dated(making.literal(day_of(value)), DAY)
        return Column("str", making.literal(value), labels=(value,))
    kinds: dict[type, Kind] = {bool: "flag", int: "int", float: "float"}
    if type(value) not in kinds:
        raise Wrong(f"fixed_value takes a flag, a number or a text, not {value!r}")
    return Column(kinds[type(value)], making.literal(value))


def date_of(context: Context, asked: Asked) -> Column:
    found = context.column(asked["source"])
    if found.day is None:
        raise Wrong(
            f"date_of needs a column that comes from a match; {asked['source']!r} "
            "has no date"
        )
    return dated(found.day, precision(asked))


def of_range(context: Context, asked: Asked) -> Column:
    """What the row that gave another column says beside its number."""
    found = context.column(asked["source"])
    if found.ranges is None:
        raise Wrong(
            f"{asked.function} needs a column of clinical events that returns "
            "numeric_value"
        )
    node = making.column(found.ranges, RANGES[asked.function])
    return Column("str" if node.type is str else "float", node)


# files --------------------------------------------------------------------------------


def which_exist_in_file(context: Context, asked: Asked) -> Column:
    frame = table(table_from_file(asked["f_path"], {"patient_id_again": int}))
    return Column("flag", making.exists(frame))


def with_value_from_file(context: Context, asked: Asked) -> Column:
    name = asked["returning"]
    kind = FROM_FILE[one_of_these(asked["returning_type"], FROM_FILE, "returning_type")]
    frame = table(table_from_file(asked["f_path"], {name: TYPES[kind]}))
    value = nodes.Column(frame, name)
    if kind == "date":
        wanted = FORMATS.get(asked["date_format"], DAY)
        return Column("date", cut(value, wanted), precision=wanted)
    return Column(kind, value)


MADE_OF_OTHERS: dict[str, Callable[[Context, Asked], Column]] = {
    "satisfying": satisfying,
    "categorised_as": categorised_as,
    "minimum_of": extreme_of,
    "maximum_of": extreme_of,
    "fixed_value": fixed_value,
    "date_of": date_of,
    **dict.fromkeys(RANGES, of_range),
    "which_exist_in_file": which_exist_in_file,
    "with_value_from_file": with_value_from_file,
}
