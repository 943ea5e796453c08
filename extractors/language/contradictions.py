"""Conditions that exclude each other, so that together they never hold.

All that is said of one value is collected: the least and the largest that it may be,
the values that it may have, whether it may be NULL. What is left is empty where the
author has swapped two dates, for instance. Nothing is refused for it: a doubt is noted
at the author's line.

    clinical_events.date >= "2021-06-30"      at least 2021-06-30 ┐
    clinical_events.date <= "2021-01-01"      at most  2021-01-01 ┘ no date is both
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.language.reading import current, is_reading
from extractors.model import nodes
from extractors.model.moments import Interval, is_fixed, value_in
from extractors.model.operations import OPERATIONS

IMPOSSIBLE = "impossible"  # the kind of doubt
# Before a file has said its intervals, these speak for them: whichever they are, the
# first day comes first.
EXAMPLES: tuple[Interval, ...] = (
    (datetime.date(2019, 4, 1), datetime.date(2019, 4, 7)),
    (datetime.date(2020, 2, 1), datetime.date(2020, 2, 29)),
    (datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)),
)
LOWER = {"ge": False, "gt": True}  # operation -> whether the value itself is left out
UPPER = {"le": False, "lt": True}
DAY = datetime.timedelta(days=1)
# Of a bound: (is it a date, is it excluded itself) -> its words.
FIRST = {
    (True, True): "after",
    (True, False): "on or after",
    (False, True): "above",
    (False, False): "at least",
}
LAST = {
    (True, True): "before",
    (True, False): "on or before",
    (False, True): "below",
    (False, False): "at most",
}


@dataclass(frozen=True)
class Bound:
    """A value that another must not fall below, or not exceed."""

    # what says it
    node: nodes.Series
    # whether it is excluded itself
    strict: bool


@dataclass
class Facts:
    """All that is demanded of one value."""

    # the value that it is demanded of
    of: nodes.Series
    # the least that it may be
    lower: list[Bound] = field(default_factory=list)
    # the largest
    upper: list[Bound] = field(default_factory=list)
    # each a set of values of which it must be one
    among: list[frozenset[Any]] = field(default_factory=list)
    # what it must be, of a bool: True, False
    truths: set[bool] = field(default_factory=set)
    # whether it must be NULL
    null: bool = False

    @property
    def has_value(self) -> bool:
        return bool(self.lower or self.upper or self.among or self.truths)


def note_contradiction(conditions: Iterable[nodes.Series]) -> None:
    """Note, at the author's line, that these conditions never hold together."""
    if is_reading() and (message := contradiction(conditions, ())):
        current().note(message, IMPOSSIBLE)


def contradiction(
    conditions: Iterable[nodes.Series], intervals: Sequence[Interval]
) -> str:
    """Why these conditions never hold together; empty if they may.

    `intervals`: the values of INTERVAL; empty while the file has not said them.
    """
    for facts in _by_value(conditions).values():
        if message := _empty(facts, intervals):
            return message
    return ""


def together(roots: Iterable[nodes.Node]) -> Iterator[list[nodes.Series]]:
    """All sets of conditions that must hold together in a definition."""
    for node in nodes.walk(roots):
        if isinstance(node, nodes.Call) and node.operation == "and":
            yield [node]
        if isinstance(node, nodes.Where):
            yield nodes.conditions(node)


def _by_value(conditions: Iterable[nodes.Series]) -> dict[Any, Facts]:
    """What is demanded of each value."""
    found: dict[Any, Facts] = {}
    for condition in conditions:
        for each in nodes.conjuncts(condition):
            _add(found, each)
    return found


def _add(found: dict[Any, Facts], condition: nodes.Series) -> None:
    match condition:
        case nodes.Call(operation="is_null", arguments=(of,)):
            _facts(found, of).null = True
        case nodes.Call(operation="not", arguments=(of,)):
            _facts(found, of).truths.add(False)
        case nodes.Call(operation="in", arguments=(of, nodes.Values(values=values))):
            _facts(found, of).among.append(frozenset(values))
        case nodes.Call(operation="eq" | "lt" | "le" | "gt" | "ge"):
            _add_comparison(found, condition)
    if condition.type is bool:
        _facts(found, condition).truths.add(True)


def _add_comparison(found: dict[Any, Facts], condition: nodes.Call) -> None:
    operation, (left, right) = condition.operation, condition.arguments
    if is_fixed(left):
        left, right, operation = right, left, str(OPERATIONS[operation].mirrored)
    if is_fixed(left) or not is_fixed(right):
        return
    facts = _facts(found, left)
    if operation in LOWER:
        facts.lower.append(Bound(right, LOWER[operation]))
    elif operation in UPPER:
        facts.upper.append(Bound(right, UPPER[operation]))
    elif isinstance(right, nodes.Literal):
        facts.among.append(frozenset({right.value}))
    else:
        facts.lower.append(Bound(right, strict=False))
        facts.upper.append(Bound(right, strict=False))


def _facts(found: dict[Any, Facts], of: nodes.Series) -> Facts:
    return found.setdefault(_identity(of), Facts(of))


def _identity(series: nodes.Series) -> Any:
    """Equal for values that are the same in a row, however it was filtered before."""
    if isinstance(series, nodes.Column) and series.domain is not None:
        return series.source.table, series.name
    return series


# What is left of a value --------------------------------------------------------------


def _empty(facts: Facts, intervals: Sequence[Interval]) -> str:
    """Why no value fulfils all that is demanded; empty if one may."""
    name = _name(facts.of)
    if len(facts.truths) > 1:
        return f"{name} is asked to be true and to be false at once, which never holds"
    if facts.null and facts.has_value:
        return (
            f"{name} is asked to be missing and is compared with a value at once, "
            "which never holds"
        )
    if facts.among and not _left(facts):
        return (
            f"{name} is compared with values that exclude each other, so this never "
            "holds"
        )
    for lower in facts.lower:
        for upper in facts.upper:
            if _exclude(lower, upper, intervals):
                return _crossed(name, lower, upper)
    return ""


def _left(facts: Facts) -> frozenset[Any]:
    """The values that all sets have, within the bounds that are values themselves."""
    left = frozenset.intersection(*facts.among)
    for bounds, fits in ((facts.lower, _above), (facts.upper, _below)):
        for bound in bounds:
            if isinstance(bound.node, nodes.Literal):
                left = frozenset(value for value in left if fits(value, bound))
    return left


def _above(value: Any, bound: Bound) -> bool:
    limit = bound.node.value  # type: ignore[attr-defined]
    return value > limit if bound.strict else value >= limit


def _below(value: Any, bound: Bound) -> bool:
    limit = bound.node.value  # type: ignore[attr-defined]
    return value < limit if bound.strict else value <= limit


def _exclude(lower: Bound, upper: Bound, intervals: Sequence[Interval]) -> bool:
    """Whether no value lies between the two, whichever interval it is."""
    moving = lower.node.interval or upper.node.interval
    if moving and not intervals and not (lower.node.interval and upper.node.interval):
        return False  # an interval that is not known yet, and a date that is
    chosen = intervals or EXAMPLES
    return all(
        _is_empty(lower, upper, interval)
        for interval in (chosen if moving else chosen[:1])
    )


def _is_empty(lower: Bound, upper: Bound, interval: Interval) -> bool:
    least, most = value_in(lower.node, interval), value_in(upper.node, interval)
    if least is None or most is None:
        return False
    # days and whole numbers: beyond 5 comes 6
    if isinstance(least, datetime.date | int):
        one: Any = DAY if isinstance(least, datetime.date) else 1
        return bool(least + one * lower.strict > most - one * upper.strict)
    return bool(least > most or (least == most and (lower.strict or upper.strict)))


# In words -----------------------------------------------------------------------------


def _crossed(name: str, lower: Bound, upper: Bound) -> str:
    is_date = lower.node.type is datetime.date
    first, last = FIRST[is_date, lower.strict], LAST[is_date, upper.strict]
    hint = "; the two ends look swapped" if is_date else ""
    return (
        f"{name} is asked to be {first} {words(lower.node)} and {last} "
        f"{words(upper.node)}, which never holds{hint}"
    )


def _name(series: nodes.Series) -> str:
    match series:
        case nodes.Column():
            return f"{series.source.table.schema.name}.{series.name}"
        case nodes.Aggregate():
            return f"whether there are rows of {series.rows.table.schema.name}"
    return "one value"


def words(series: nodes.Series) -> str:
    """A fixed value as an author writes it."""
    match series:
        case nodes.Literal(value=value):
            return str(value)
        case nodes.Parameter(name=name):
            return f"INTERVAL.{name.removeprefix('interval_')}_date"
        case nodes.Call(
            operation="add_days", arguments=(date, nodes.Literal(value=count))
        ):
            return f"{words(date)} {_signed(count)} days"
        case nodes.Call(
            operation="add_months", arguments=(date, nodes.Literal(value=count))
        ):
            return f"{words(date)} {_signed(count)} months"
        case nodes.Call(operation=operation, arguments=(date, *_)):
            return f"{operation.removeprefix('first_of_')} of {words(date)}"
    return "a value"


def _signed(count: Any) -> str:
    return f"- {-count}" if count < 0 else f"+ {count}"
