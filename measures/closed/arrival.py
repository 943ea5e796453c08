"""Checks on a model that comes from the closed process, beyond those that nodes make of themselves.

A node checks the types it combines. What an honest language never builds, but a forged answer may
hold, is refused here, because table names become file names and numbers become SQL.
"""

import re
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import TYPES

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
PARAMETERS = ("interval_start", "interval_end")
BIGGEST = 2**63
COLUMN_FIELDS = {
    "name": str, "required": bool, "first_of_month": bool, "categories": tuple, "pattern": str, "step": int,
}  # fmt: skip


def check_nodes(roots: Iterable[nodes.Node]) -> None:
    """TypeError or ValueError for whatever the language cannot have made."""
    found = nodes.walk(roots)
    for node in found:
        CHECKS.get(type(node), _fine)(node)
    _check_sets(found)


def _fine(node: Any) -> None:
    """Nodes that have checked all they hold."""


def _check_table(node: nodes.Table) -> None:
    schema = node.schema
    _need(isinstance(schema, TableSchema) and type(schema.one_row) is bool, "a table needs a schema")
    _check_name(schema.name)
    for column in schema.columns:
        _check_column(column)
    names = [column.name for column in schema.columns]
    _need(len(set(names)) == len(names), f"the table {schema.name!r} has a column twice")
    _need("patient_id" not in names, f"the table {schema.name!r} declares patient_id, which every table has")


def _check_column(column: Column) -> None:
    _check_name(column.name)
    _need(column.type in TYPES.values(), f"the column {column.name!r} has no known type")
    for name, type_ in COLUMN_FIELDS.items():
        _need(type(getattr(column, name)) is type_, f"the promise {name!r} of the column {column.name!r} is not legal")
    for bound in (column.minimum, column.maximum, column.step):
        _need(bound is None or type(bound) is int, f"the column {column.name!r} has a bound that is no whole number")
    _need(all(type(each) in (str, int, bool) for each in column.categories), f"categories of {column.name!r}")
    re.compile(column.pattern)


def _check_name(name: Any) -> None:
    _need(type(name) is str and NAME.fullmatch(name) is not None, f"{str(name)[:80]!r} cannot name a table or column")


def _check_literal(node: nodes.Literal) -> None:
    _check_value(node.value)


def _check_values(node: nodes.Values) -> None:
    for value in node.values:
        _need(type(value) is node.of, "a list of values holds one of another type")
        _check_value(value)


def _check_value(value: Any) -> None:
    if type(value) is int:
        _need(-BIGGEST <= value < BIGGEST, "a whole number is too large; 64 bits are the most")
    if type(value) is float:
        _need(isfinite(value), "a number is infinite or not a number; use None where there is no value")


def _check_parameter(node: nodes.Parameter) -> None:
    _need(node.name in PARAMETERS, "there is no such parameter of an interval")


def _check_pick(node: nodes.Pick) -> None:
    _need(type(node.last) is bool, "a pick is of the first or last row")


def _check_aggregate(node: nodes.Aggregate) -> None:
    if node.operation == "count_episodes":
        _need(type(node.argument) is int and 0 <= node.argument < BIGGEST, "an episode needs a gap of whole days")
    else:
        _need(node.argument is None, f"{node.operation!r} takes no argument")


def _check_sets(found: list[nodes.Node]) -> None:
    """Sets stand at the right of `in` and nowhere else."""
    for node in found:
        for place, child in enumerate(node.children):
            right = isinstance(node, nodes.Call) and node.operation == "in" and place == 1
            _need(_is_set(child) == right, "a set of values stands where one value belongs, or the reverse")


def _is_set(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Values) or (isinstance(node, nodes.Aggregate) and node.operation == "set")


def _need(fine: bool, otherwise: str) -> None:
    if not fine:
        raise ValueError(otherwise)


CHECKS: dict[type, Callable[[Any], None]] = {
    nodes.Table: _check_table,
    nodes.Literal: _check_literal,
    nodes.Values: _check_values,
    nodes.Parameter: _check_parameter,
    nodes.Pick: _check_pick,
    nodes.Aggregate: _check_aggregate,
}
