"""Checks on a model that comes from the closed process, beyond those that nodes make of
themselves.

A node checks the types it combines. What an honest language never builds, but a forged
answer may hold, is refused here, because table names become file names and numbers
become SQL.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from extractors.model import nodes
from extractors.model.schema import FILE_ENDINGS, Column, TableSchema
from extractors.model.types import TYPES

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
MOST_PATH = 1_000
COLUMN_FIELDS = {
    "name": str,
    "required": bool,
    "first_of_month": bool,
    "categories": tuple,
    "pattern": str,
    "step": int,
}


def check_nodes(roots: Iterable[nodes.Node]) -> None:
    """TypeError or ValueError for whatever the language cannot have made."""
    for node in nodes.walk(roots):
        CHECKS.get(type(node), _fine)(node)


def _fine(node: Any) -> None:
    """Nodes that have checked all they hold."""


def _check_table(node: nodes.Table) -> None:
    schema = node.schema
    _need(
        isinstance(schema, TableSchema) and type(schema.one_row) is bool,
        "a table needs a schema",
    )
    _check_name(schema.name)
    _check_file(schema)
    for column in schema.columns:
        _check_column(column)
    names = [column.name for column in schema.columns]
    _need(
        len(set(names)) == len(names), f"the table {schema.name!r} has a column twice"
    )
    _need(
        "patient_id" not in names,
        f"the table {schema.name!r} declares patient_id, which every table has",
    )


def _check_file(schema: TableSchema) -> None:
    """A path that stays below the folder it starts from, of a kind of table that has
    one row per patient.
    """
    file = schema.file
    _need(
        type(file) is str and file.isprintable() and len(file) <= MOST_PATH,
        "a table's file has no legal name",
    )
    if file:
        parts = file.split("/")
        _need(
            schema.one_row and file.endswith(FILE_ENDINGS),
            f"{file!r} cannot be the file of a table",
        )
        _need(
            not {"", ".", ".."} & set(parts) and "\\" not in file,
            f"the path {file!r} is not a plain relative one",
        )


def _check_column(column: Column) -> None:
    _check_name(column.name)
    _need(
        column.type in TYPES.values(), f"the column {column.name!r} has no known type"
    )
    for name, type_ in COLUMN_FIELDS.items():
        _need(
            type(getattr(column, name)) is type_,
            f"the promise {name!r} of the column {column.name!r} is not legal",
        )
    for bound in (column.minimum, column.maximum, column.step):
        _need(
            bound is None or type(bound) is int,
            f"the column {column.name!r} has a bound that is no whole number",
        )
    _need(
        all(type(each) in (str, int, bool) for each in column.categories),
        f"categories of {column.name!r}",
    )
    re.compile(column.pattern)


def _check_name(name: Any) -> None:
    _need(
        type(name) is str and NAME.fullmatch(name) is not None,
        f"{str(name)[:80]!r} cannot name a table or column",
    )


def _check_pick(node: nodes.Pick) -> None:
    _need(type(node.last) is bool, "a pick is of the first or last row")


def _need(fine: bool, otherwise: str) -> None:
    if not fine:
        raise ValueError(otherwise)


CHECKS: dict[type, Callable[[Any], None]] = {
    nodes.Table: _check_table,
    nodes.Pick: _check_pick,
}
