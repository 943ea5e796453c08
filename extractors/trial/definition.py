"""What a definition looks for, read off its nodes, so that made-up records hold some of it."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import is_code
from extractors.planner.needs import TableNeed, codelist_of
from extractors.trial.wishes import ANY_CODE, Wishes

Codelists = dict[tuple[str, str], tuple[tuple[str, ...], ...]]
Thresholds = dict[tuple[str, str], dict[str, tuple[float, ...]]]
COMPARISONS = {"lt", "le", "gt", "ge"}
OF_THE_SIZE = {"coalesce", "maximum_of", "minimum_of", "to_int", "to_float"}  # of what they are given
AGGREGATES = {"minimum", "maximum", "mean", "quantile", "sum"}


def wishes_of(
    needs: Iterable[TableNeed], roots: Iterable[nodes.Node], first: datetime.date, last: datetime.date
) -> Wishes:
    """The tables and columns a plan needs, and the codelists and numbers it compares them with.

    Nothing is made up for a table that the definition brings along as a file.
    """
    roots = list(roots)
    tables = tuple(_reduced(need) for need in needs if not need.schema.file)
    wanted = {(schema.name, column.name) for schema in tables for column in schema.columns}
    codelists = {place: lists for place, lists in _codelists(roots).items() if place in wanted}
    open_ended = {(schema.name, c.name) for schema in tables for c in schema.columns if not _has_ends(c)}
    thresholds = {place: numbers for place, numbers in _thresholds(roots).items() if place in open_ended}
    return Wishes(tables, codelists, first, last, thresholds)


def _reduced(need: TableNeed) -> TableSchema:
    return replace(need.schema, columns=tuple(c for c in need.schema.columns if c.name in need.columns))


def _codelists(roots: Iterable[nodes.Node]) -> Codelists:
    found: Codelists = {}
    for node in nodes.walk(roots):
        match node:
            case nodes.Call(operation="in", arguments=(nodes.Column() as column, nodes.Values() as values)):
                codes = tuple(str(value) for value in values.values)
            case nodes.Call(operation="eq", arguments=(nodes.Column() as column, nodes.Literal() as one)):
                codes = (str(one.value),)
            case _:
                continue
        if issubclass(column.type, str):
            place = (column.source.table.schema.name, column.name)
            found[place] = (*found.get(place, ()), codes)
    return found


def _has_ends(column: Column) -> bool:
    """Values of such a column are drawn from all that it may hold, which is on every side of a threshold."""
    return bool(column.categories) or None not in (column.minimum, column.maximum)


def _thresholds(roots: Iterable[nodes.Node]) -> Thresholds:
    found: Thresholds = {}
    for column, number in _compared(roots):
        by_code = found.setdefault((column.source.table.schema.name, column.name), {})
        for code in _codes(column.source) or (ANY_CODE,):
            by_code[code] = tuple(sorted({*by_code.get(code, ()), number}))
    return found


def _compared(roots: Iterable[nodes.Node]) -> Iterator[tuple[nodes.Column, float]]:
    for node in nodes.walk(roots):
        match node:
            case nodes.Call(operation=operation, arguments=(series, nodes.Literal(value=int() | float() as number))):
                pass
            case nodes.Call(operation=operation, arguments=(nodes.Literal(value=int() | float() as number), series)):
                pass
            case _:
                continue
        if operation in COMPARISONS:
            yield from ((column, float(number)) for column in _columns(series))


def _columns(series: nodes.Series) -> Iterator[nodes.Column]:
    """The columns whose values a series has, as they are, picked or aggregated."""
    for part in nodes.operands(series, lambda call: call.operation in OF_THE_SIZE):
        match part:
            case nodes.Column(type=type_) if type_ in (int, float):
                yield part
            case nodes.Aggregate(operation=operation, source=nodes.Series() as source) if operation in AGGREGATES:
                yield from _columns(source)


def _codes(frame: nodes.Frame) -> list[str]:
    """The codes by which rows of a frame were chosen; none where they were not."""
    rows = frame.source if isinstance(frame, nodes.Pick) else frame
    parts = [p for c in nodes.conditions(rows) for p in nodes.operands(c, lambda call: call.operation in ("and", "or"))]
    lists = [found[1] for found in map(codelist_of, parts) if found and is_code(found[0].type)]
    return [str(code) for codes in lists for code in codes.values]
