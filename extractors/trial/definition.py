"""What a definition looks for, read off its nodes, so that made-up records hold some of
it.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import replace

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import ConceptId
from extractors.planner.needs import TableNeed
from extractors.trial.prefixes import beginning_in
from extractors.trial.targets import unusual
from extractors.trial.thresholds import thresholds_of
from extractors.trial.wishes import Target, Wishes

Codelists = dict[tuple[str, str], tuple[tuple[str, ...], ...]]


def wishes_of(
    needs: Iterable[TableNeed],
    roots: Iterable[nodes.Node],
    first: datetime.date,
    last: datetime.date,
    targets: Iterable[Target] = (),
) -> Wishes:
    """The tables and columns a plan needs, and the codelists and numbers it compares
    them with.

    Nothing is made up for a table that the definition brings along as a file.
    `targets`: what some people are to fulfil, unless all records show it.
    """
    roots = list(roots)
    tables = tuple(_reduced(need) for need in needs if not need.schema.file)
    wanted: set[tuple[str, str]] = set()
    # columns that say neither a least nor a largest value
    open_ended: set[tuple[str, str]] = set()
    for schema in tables:
        wanted.update((schema.name, column.name) for column in schema.columns)
        without = (column.name for column in schema.columns if not _has_ends(column))
        open_ended.update((schema.name, name) for name in without)
    codelists = {
        place: lists for place, lists in codelists_in(roots).items() if place in wanted
    }

    thresholds = {
        place: numbers
        for place, numbers in thresholds_of(roots).items()
        if place in open_ended
    }
    return Wishes(
        tables=tables,
        codelists=codelists,
        first=first,
        last=last,
        thresholds=thresholds,
        targets=unusual(targets),
    )


def _reduced(need: TableNeed) -> TableSchema:
    return replace(
        need.schema,
        columns=tuple(c for c in need.schema.columns if c.name in need.columns),
    )


def codelists_in(roots: Iterable[nodes.Node]) -> Codelists:
    """For a (table, column), the codelists and single codes that it is compared
    with.
    """
    found: Codelists = {}
    for node in nodes.walk(roots):
        if begun := beginning_in(node):
            column, codes = begun
            place = (column.source.table.schema.name, column.name)
            found[place] = (*found.get(place, ()), codes)
            continue
        match node:
            case nodes.Call(
                operation="in",
                arguments=(nodes.Column() as column, nodes.Values() as values),
            ):
                codes = tuple(str(value) for value in values.values)
            case nodes.Call(
                operation="eq" | "ne",
                arguments=(nodes.Column() as column, nodes.Literal() as one),
            ):
                codes = (str(one.value),)
            case nodes.Call(
                operation="contains",
                arguments=(nodes.Column() as column, nodes.Literal(value=str(part))),
            ):
                codes = _holding(part, column)
            case _:
                continue
        if issubclass(column.type, str) or column.type is ConceptId:
            place = (column.source.table.schema.name, column.name)
            found[place] = (*found.get(place, ()), codes)
    return found


def _holding(part: str, column: nodes.Column) -> tuple[str, ...]:
    """A value that holds the part of a string; none where the part alone breaks what
    the column promises.
    """
    promised = column.source.table.schema.column(column.name).pattern
    return (
        () if not part or (promised and not re.fullmatch(promised, part)) else (part,)
    )


def _has_ends(column: Column) -> bool:
    """Values of such a column are drawn from all that it may hold, which is on every
    side of a threshold.
    """
    return bool(column.categories) or None not in (column.minimum, column.maximum)
