"""Which conditions certainly follow from which others, read from a definition's nodes.

A patient is counted where all of some conditions are True. What can be known without
records: the same condition, one branch of an `or`, a shorter list of codes, rows that
fulfil more. When in doubt: no.
"""

from collections.abc import Mapping
from functools import lru_cache

from extractors.model import nodes

Conditions = frozenset[nodes.Series]


def conditions_of(node: nodes.Series) -> Conditions:
    """What must be True for the node to be True."""
    return frozenset(_operands(node, "and"))


def contains(outer: Conditions, inner: Conditions) -> bool:
    """Whether everybody who fulfils `inner` certainly fulfils `outer`."""
    return all(any(_implies(given, wanted) for given in inner) for wanted in outer)


def window_parts(
    conditions: Conditions,
) -> tuple[list[nodes.Series], list[nodes.Series]]:
    """The conditions of another kind, and those that ask for an event in the interval
    and nothing more of it.
    """
    windows = [node for node in conditions if _is_window(node)]
    return [node for node in conditions if node not in windows], windows


def _operands(node: nodes.Series, operation: str) -> list[nodes.Series]:
    """What an `and` or an `or` joins, however deep; the node itself if it is something
    else.
    """
    found, waiting = [], [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, nodes.Call) and each.operation == operation:
            waiting.extend(each.arguments)
        else:
            found.append(each)
    return found


def _implies(given: nodes.Series, wanted: nodes.Series) -> bool:
    if given == wanted:
        return True
    either, branches = _operands(wanted, "or"), _operands(given, "or")
    if len(either) > 1 or len(branches) > 1:
        return all(
            any(contains(conditions_of(w), conditions_of(g)) for w in either)
            for g in branches
        )
    return _implies_one(given, wanted)


def _implies_one(given: nodes.Series, wanted: nodes.Series) -> bool:
    return (
        given == wanted
        or _is_shorter_list(given, wanted)
        or _has_fewer_rows(given, wanted)
    )


def _is_shorter_list(given: nodes.Series, wanted: nodes.Series) -> bool:
    """`x in A` where `x in B` is wanted and B has all of A; `x == a` is a list of
    one.
    """
    first, second = _listed(given), _listed(wanted)
    return (
        first is not None
        and second is not None
        and first[0] == second[0]
        and first[1] <= second[1]
    )


def _listed(node: nodes.Series) -> tuple[nodes.Series, frozenset] | None:
    if not isinstance(node, nodes.Call) or node.operation not in ("in", "eq"):
        return None
    left, right = node.arguments
    if isinstance(right, nodes.Values):
        return left, frozenset(right.values)
    if isinstance(right, nodes.Literal) and right.value is not None:
        return left, frozenset([right.value])
    return None


def _has_fewer_rows(given: nodes.Series, wanted: nodes.Series) -> bool:
    """Both ask whether there are rows, and the given ones are certainly among the
    wanted.
    """
    if not _is_exists(given) or not _is_exists(wanted):
        return False
    (bottom, some), (top, all_) = _rows(given), _rows(wanted)
    return bottom == top and all(any(_implies(g, w) for g in some) for w in all_)


def _is_exists(node: nodes.Series) -> bool:
    return isinstance(node, nodes.Aggregate) and node.operation == "exists"


@lru_cache(maxsize=1024)  # each is compared with all others
def _rows(node: nodes.Series) -> tuple[nodes.Frame, tuple[nodes.Series, ...]]:
    """Below all filters, where the rows of an `exists` come from; and each single thing
    they must fulfil.
    """
    assert isinstance(node, nodes.Aggregate)
    frames = list(nodes.lineage(node.rows))
    asked: list[nodes.Series] = []
    for each in nodes.conditions(node.rows):
        asked += _operands(each, "and")
    return frames[-1], tuple(_of_the_row(each) for each in asked)


def _of_the_row(node: nodes.Series) -> nodes.Series:
    """The same, with every value taken from the table: a row's own values do not depend
    on how it was found.
    """
    made: dict[nodes.Node, nodes.Series] = {}
    # as long as it is wide, and no deeper than one call
    for part in nodes.walk([node]):
        if isinstance(part, nodes.Series):
            made[part] = _from_the_table(part, made)
    return made[node]


def _from_the_table(
    part: nodes.Series, made: Mapping[nodes.Node, nodes.Series]
) -> nodes.Series:
    if isinstance(part, nodes.Column) and part.domain is not None:
        return nodes.Column(list(nodes.lineage(part.source))[-1], part.name)
    if isinstance(part, nodes.Call) and part.domain is not None:
        return nodes.Call(part.operation, tuple(made[each] for each in part.arguments))
    return part


def _is_window(node: nodes.Series) -> bool:
    if not _is_exists(node):
        return False
    bottom, asked = _rows(node)
    moving = [each for each in asked if each.interval]
    bounds = {_bound(each) for each in moving}
    dates = {date for date, _ in bounds}
    return (
        not bottom.interval
        and {end for _, end in bounds} == {"interval_start", "interval_end"}
        and len(dates) == 1
    )


# How a row's date is kept inside the interval: date >= start and date <= end, written
# either way round.
BOUNDS = {
    ("ge", 1): "interval_start",
    ("le", 1): "interval_end",
    ("le", 0): "interval_start",
    ("ge", 0): "interval_end",
}


def _bound(node: nodes.Series) -> tuple[nodes.Series, str] | tuple[nodes.Series, None]:
    """The date and the end of the interval that bounds it; None for the end if it is
    anything else.
    """
    if isinstance(node, nodes.Call) and len(node.arguments) == 2:
        for place, side in enumerate(node.arguments):
            date = node.arguments[1 - place]
            if (
                isinstance(side, nodes.Parameter)
                and BOUNDS.get((node.operation, place)) == side.name
            ):
                return (date, None) if date.interval else (date, side.name)
    return node, None
