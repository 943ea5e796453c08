"""How a condition is reached: what it is made of, until only comparisons are left."""

from collections.abc import Iterator

from extractors.model import nodes
from extractors.trial.witnesses.comparing import OPPOSITE
from extractors.trial.witnesses.goals import (
    Among,
    Bind,
    Compare,
    Contains,
    Every,
    Goals,
    Holds,
    IsNull,
    Picked,
    Rows,
    Want,
)
from extractors.trial.witnesses.sketch import Sketch
from extractors.trial.witnesses.terms import At, Scope

DONE: Goals = ()
TRUE, FALSE, FAILS = Want.TRUE, Want.FALSE, Want.FAILS


def holds(goal: Holds, sketch: Sketch) -> Iterator[Goals]:
    series, want, scope = goal.series, goal.want, goal.scope
    match series:
        case nodes.Literal(value=value):
            if (value is True) is (want is TRUE) and (
                value is False or want is not FALSE
            ):
                yield DONE
        case nodes.Column():
            yield from _truth(At(series, scope), want)
        case nodes.Aggregate(operation="exists"):
            yield from _exists(series.rows, want, scope)
        case nodes.Call():
            yield from _call(series, want, scope)


def _truth(left: At, want: Want) -> Iterator[Goals]:
    yield (Among(left, frozenset((want is TRUE,))),)
    if want is FAILS:
        yield (IsNull(left),)


def _exists(frame: nodes.Frame, want: Want, scope: Scope) -> Iterator[Goals]:
    if want is not TRUE:
        yield (Every(below(frame), scope),)
    elif isinstance(frame, nodes.Pick):
        yield (Picked(frame, scope),)
    else:
        yield (Rows(frame, scope, 1),)


def below(frame: nodes.Frame) -> nodes.Frame:
    """The rows from which one is picked."""
    return frame.source if isinstance(frame, nodes.Pick) else frame


def _call(call: nodes.Call, want: Want, scope: Scope) -> Iterator[Goals]:
    match call.operation:
        case "and" | "or":
            yield from _joined(call, want, scope)
        case "not":
            yield from _not(call.arguments[0], want, scope)
        case "is_null":
            value = At(call.arguments[0], scope)
            yield (IsNull(value),) if want is TRUE else (Bind(value),)
        case "in":
            yield from _in(call, want, scope)
        case "contains":
            yield from _contains(call, want, scope)
        case operation if operation in OPPOSITE:
            yield from _compared(call, want, scope)
        case "case" | "coalesce":
            yield from _chosen(call, want, scope)


def _joined(call: nodes.Call, want: Want, scope: Scope) -> Iterator[Goals]:
    """All parts, or one of them."""
    parts = nodes.operands(call, lambda part: part.operation == call.operation)
    if (call.operation == "and") is (want is TRUE):
        yield tuple(Holds(part, want, scope) for part in parts)
        return
    for part in parts:
        yield (Holds(part, want, scope),)


def _not(part: nodes.Series, want: Want, scope: Scope) -> Iterator[Goals]:
    yield (Holds(part, FALSE if want is TRUE else TRUE, scope),)
    if want is FAILS:
        yield (IsNull(At(part, scope)),)


def _in(call: nodes.Call, want: Want, scope: Scope) -> Iterator[Goals]:
    value, container = call.arguments
    left = At(value, scope)
    if isinstance(container, nodes.Values):
        members = frozenset(container.values)
        if members or want is not TRUE:
            yield (Among(left, members, inside=want is TRUE),) if members else DONE
        if want is FAILS:
            yield (IsNull(left),)
        return
    assert isinstance(container, nodes.Aggregate)
    source = container.source
    assert isinstance(source, nodes.Series)
    if want is TRUE:
        yield Bind(left), Rows(container.rows, scope, 1, each=(("eq", source, left),))
        return
    yield (Every(container.rows, scope, otherwise=("ne", source, left)),)


def _contains(call: nodes.Call, want: Want, scope: Scope) -> Iterator[Goals]:
    value, part = call.arguments
    if isinstance(part, nodes.Literal) and isinstance(part.value, str):
        yield (Contains(At(value, scope), part.value, inside=want is TRUE),)
        if want is FAILS:
            yield (IsNull(At(value, scope)),)


def _compared(call: nodes.Call, want: Want, scope: Scope) -> Iterator[Goals]:
    left, right = (At(argument, scope) for argument in call.arguments)
    operation = call.operation if want is TRUE else OPPOSITE[call.operation]
    if left.series.type is bool:
        yield from _alike(operation, left, right)
    else:
        yield (Compare(operation, left, right),)
    if want is FAILS:
        for side in (left, right):
            if not isinstance(side.series, nodes.Literal | nodes.Parameter):
                yield (IsNull(side),)


def _alike(operation: str, left: At, right: At) -> Iterator[Goals]:
    """Two truths are the same, or are not."""
    for one in (TRUE, FALSE):
        opposite = FALSE if one is TRUE else TRUE
        other = one if operation == "eq" else opposite
        yield (
            Holds(left.series, one, left.scope),
            Holds(right.series, other, right.scope),
        )


def _chosen(call: nodes.Call, want: Want, scope: Scope) -> Iterator[Goals]:
    """A case or coalesce of truths."""
    if call.operation == "coalesce":
        for place, value in enumerate(call.arguments):
            empty = tuple(IsNull(At(each, scope)) for each in call.arguments[:place])
            is_last = place == len(call.arguments) - 1
            strict = want if is_last or want is TRUE else FALSE
            yield (*empty, Holds(value, strict, scope))
        return
    for before, chosen, value in branches(call):
        first = tuple(Holds(each, FAILS, scope) for each in before)
        now = () if chosen is None else (Holds(chosen, TRUE, scope),)
        yield (*now, *first, Holds(value, want, scope))


Branch = tuple[tuple[nodes.Series, ...], nodes.Series | None, nodes.Series]


def branches(case: nodes.Call) -> Iterator[Branch]:
    """Of each branch the conditions before it, its own (None: otherwise) and its
    value.
    """
    *pairs, default = case.arguments
    conditions = tuple(pairs[0::2])
    for place, value in enumerate(pairs[1::2]):
        yield conditions[:place], conditions[place], value
    yield conditions, None, default
