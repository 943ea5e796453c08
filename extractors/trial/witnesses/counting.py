"""How a count, or a sum of counts and truths, is brought to what it is compared
with.
"""

from collections.abc import Iterator
from itertools import combinations, islice
from math import ceil, floor

from extractors.model import nodes
from extractors.trial.witnesses.goals import (
    Compare,
    Every,
    Goal,
    Goals,
    Holds,
    Picked,
    Rows,
    Want,
)
from extractors.trial.witnesses.terms import At, Scope, fixed

MANY = 60  # rows at most that are made for one count
WAYS = 8  # combinations that are tried of which parts of a sum are there
COUNTS = {"count", "count_distinct", "count_episodes", "days_covered"}
Ways = Iterator[Goals]


def counted(operation: str, left: At, number: float) -> Ways | None:
    """Ways to reach `count operation number`; None where it is no count."""
    series, scope = left.series, left.scope
    match series:
        case nodes.Aggregate(operation=name) if name in COUNTS:
            return _count(operation, series, scope, number)
        case nodes.Aggregate(operation="sum", source=nodes.Series() as source):
            return _sum(operation, series, source, scope, number)
        case nodes.Call(operation="bool_to_int", arguments=(truth,)):
            return _truths(operation, [truth], scope, number)
        case nodes.Call(operation="add"):
            parts = nodes.operands(series, lambda call: call.operation == "add")
            if all(map(_is_part, parts)) and _once(series) == len(parts):
                return _parts(operation, parts, scope, number)
    return None


def _is_part(part: nodes.Series) -> bool:
    match part:
        case nodes.Aggregate(operation=name):
            return name in COUNTS
        case nodes.Call(operation="bool_to_int") | nodes.Literal():
            return True
    return False


def _once(series: nodes.Series) -> int:
    """How many summands there are, equal ones counted as often as they occur."""
    many, stack = 0, [series]
    while stack:
        part = stack.pop()
        if isinstance(part, nodes.Call) and part.operation == "add":
            stack.extend(part.arguments)
        else:
            many += 1
    return many


def wanted(operation: str, number: float) -> tuple[int, int | None]:
    """The least count that will do, and the most; None where more will do, too."""
    match operation:
        case "ge":
            return max(ceil(number), 0), None
        case "gt":
            return max(floor(number) + 1, 0), None
        case "ne":
            return (1, None) if number == 0 else (0, 0)
        case "le":
            return 0, floor(number)
        case "lt":
            return 0, ceil(number) - 1
    whole = int(number) if number == int(number) and number >= 0 else -1
    return (whole, whole) if whole >= 0 else (0, -1)


def _count(operation: str, count: nodes.Aggregate, scope: Scope, number: float) -> Ways:
    least, most = wanted(operation, number)
    if least > MANY or (most is not None and most < least):
        return
    if count.operation == "days_covered":
        yield from _covered(count, scope, least, most)
        return
    counts = [least] if most is None else range(most, least - 1, -1)
    for many in counts:
        if many <= MANY:
            yield _exactly(count, scope, many, sole=most is not None)


def _exactly(count: nodes.Aggregate, scope: Scope, many: int, *, sole: bool) -> Goals:
    frame = count.rows
    if isinstance(frame, nodes.Pick):
        if many == 0:
            return (Every(frame.source, scope),)
        return (Picked(frame, scope),)
    if many == 0:
        return (Every(frame, scope),) if sole else ()
    grows = None
    if isinstance(count.source, nodes.Series):
        grows = (count.source, int(count.argument or 0) + 1)
    return (Rows(frame, scope, many, sole=sole, grows=grows),)


def _covered(
    count: nodes.Aggregate, scope: Scope, least: int, most: int | None
) -> Ways:
    """One stretch of so many days."""
    spell = count.source
    if least == 0 or not isinstance(spell, nodes.Call):
        if most is not None:
            yield (Every(count.rows, scope),)
        return
    days = nodes.Call("days_between", spell.arguments)
    each = (("ge", days, fixed(least - 1)),)
    yield (Rows(count.rows, scope, 1, sole=most is not None, each=each),)


def _sum(
    operation: str,
    total: nodes.Aggregate,
    source: nodes.Series,
    scope: Scope,
    number: float,
) -> Ways:
    """One row has the whole sum, or each of several a part of at least 1."""
    if operation in ("ge", "gt"):
        one = ((operation, source, fixed(number)),)
        least, _ = wanted(operation, number)
        several = (("ge", source, fixed(1)),)
        yield (Rows(total.rows, scope, 1, each=one),)
        if 1 < least <= MANY:
            yield (Rows(total.rows, scope, least, each=several),)
    else:
        each = ((operation, source, fixed(number)),)
        yield (Rows(total.rows, scope, 1, sole=True, each=each),)


def _truths(
    operation: str, truths: list[nodes.Series], scope: Scope, number: float
) -> Ways:
    least, most = wanted(operation, number)
    top = len(truths) if most is None else min(most, len(truths))
    for many in (
        range(top, least - 1, -1) if most is not None else range(least, top + 1)
    ):
        for chosen in islice(combinations(range(len(truths)), many), WAYS):
            yield _these(truths, set(chosen), scope, known=True)


def _these(
    truths: list[nodes.Series], chosen: set[int], scope: Scope, *, known: bool
) -> Goals:
    """Some are True, and the others False."""
    goals: list[Goal] = []
    for place, truth in enumerate(truths):
        if place in chosen:
            goals.append(Holds(truth, Want.TRUE, scope))
        elif known:
            goals.append(Holds(truth, Want.FALSE, scope))
    return tuple(goals)


def _parts(
    operation: str, parts: list[nodes.Series], scope: Scope, number: float
) -> Ways:
    for part in parts:
        if isinstance(part, nodes.Literal):
            assert isinstance(part.value, int | float)
            number -= part.value
    truths = [part.arguments[0] for part in parts if isinstance(part, nodes.Call)]
    counts = [part for part in parts if isinstance(part, nodes.Aggregate)]
    if not counts:
        yield from _truths(operation, truths, scope, number)
        return
    none = tuple(Holds(truth, Want.FALSE, scope) for truth in truths)
    for one in counts:
        others = tuple(
            Compare("eq", At(each, scope), fixed(0)) for each in counts if each != one
        )
        rest = () if operation in ("ge", "gt") else (*none, *others)
        yield (Compare(operation, At(one, scope), fixed(number)), *rest)
    least, most = wanted(operation, number)
    if most is None and least == len(counts) > 1:
        yield tuple(Compare("ge", At(each, scope), fixed(1)) for each in counts)
    if truths and most is None:
        yield from _truths(operation, truths, scope, number)
