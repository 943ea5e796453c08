"""In which tables must a patient have a row to be counted at all?

`patients.sex == "female"` cannot be True for a patient without a row in `patients`, so
only that table's patients need looking at. Where no such table can be named, anybody
who occurs in any table of the definition may count.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.model import nodes
from extractors.model.aggregates import AGGREGATES
from extractors.model.empties import value_of_absent
from extractors.model.operations import OPERATIONS

Tables = frozenset[str]


@dataclass(frozen=True)
class Candidates:
    """Who may be counted: the patients with a row in one of these tables."""

    # names, in alphabetical order
    tables: tuple[str, ...]
    # whether rows that the definition never looks at make a patient a candidate, too
    any_row: bool


def find_candidates(
    populations: Iterable[nodes.Series], everything: Iterable[nodes.Series]
) -> Candidates:
    """The candidates of some populations, out of all tables of the definition."""
    tables = _both(*(_certain(population) for population in populations))
    if tables is None:
        named = set()
        for node in nodes.walk(everything):
            if isinstance(node, nodes.Table):
                named.add(node.schema.name)
        return Candidates(tuple(sorted(named)), any_row=True)
    return Candidates(tuple(sorted(tables)), any_row=False)


def _certain(population: nodes.Series) -> Tables | None:
    """The tables without whose rows no patient is counted. A guess, which holds if what
    there is then counts for nothing.

    `eq(and(x, False), False)` is True where x is NULL, though `and` and `eq` often are
    NULL then.
    """
    tables = _tables(population)
    if tables is None:
        return None
    worth = value_of_absent(population, lambda frame: frame.table.schema.name in tables)
    return tables if worth is None or worth is False or worth == 0 else None


def _tables(root: nodes.Series) -> Tables | None:
    """None: may be True (or > 0) for a patient without any row."""
    known: dict[nodes.Node, Tables | None] = {}
    for node in nodes.walk([root]):
        known[node] = _tables_of(node, known)
    return known[root]


def _tables_of(
    node: nodes.Node, known: dict[nodes.Node, Tables | None]
) -> Tables | None:
    match node:
        case (
            nodes.Column(source=frame)
            | nodes.Aggregate(operation="exists" | "count", source=frame)
        ):
            return (
                frozenset({frame.table.schema.name})
                if isinstance(frame, nodes.Frame)
                else None
            )
        case nodes.Aggregate(
            operation="minimum"
            | "maximum"
            | "sum"
            | "mean"
            | "quantile"
            | "days_covered"
            | "nights_by_start"
        ):
            return frozenset({node.rows.table.schema.name})
        case nodes.Call(operation="and"):
            return _either(known[node.arguments[0]], known[node.arguments[1]])
        case nodes.Call(operation="or"):
            return _both(known[node.arguments[0]], known[node.arguments[1]])
        case nodes.Call(operation="not"):
            return None  # what is False for want of a row becomes True
        case nodes.Call(operation=name) if OPERATIONS[name].strict and not _counts(
            node
        ):
            return _either(*(known[argument] for argument in node.arguments))
        case nodes.Call(operation="in"):
            return None if _counts(node) else known[node.arguments[0]]
        case _:
            return None


def _counts(node: nodes.Call) -> bool:
    """Counts and existence are 0 or False without rows, not NULL, so they may well
    compare True.
    """
    below = nodes.operands(node, lambda part: True)
    aggregates = [part for part in below if isinstance(part, nodes.Aggregate)]
    return any(AGGREGATES[each.operation].of_nothing == 0 for each in aggregates)


def _either(*options: Tables | None) -> Tables | None:
    """All of the conditions must hold, so any one's tables will do; the fewest."""
    known = [option for option in options if option is not None]
    return (
        min(known, key=lambda tables: (len(tables), sorted(tables))) if known else None
    )


def _both(*options: Tables | None) -> Tables | None:
    """One of the conditions may hold, so the tables of each are needed."""
    return (
        None
        if None in options
        else frozenset().union(*(option for option in options if option))
    )
