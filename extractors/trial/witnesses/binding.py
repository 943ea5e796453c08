"""How a series gets a value: which part of it decides."""

from collections.abc import Iterator

from extractors.model import nodes
from extractors.trial.witnesses.goals import (
    Bind,
    Compare,
    Either,
    Every,
    Goal,
    Goals,
    Holds,
    IsNull,
    Picked,
    Remember,
    Want,
    WithRow,
)
from extractors.trial.witnesses.holding import below, branches
from extractors.trial.witnesses.resolving import resolve, row_of
from extractors.trial.witnesses.sketch import PEOPLE, Sketch
from extractors.trial.witnesses.terms import At, Cell, Operand, RowId, Scope, fixed

DONE: Goals = ()
TRUE, FALSE, FAILS = Want.TRUE, Want.FALSE, Want.FAILS
DEFINED = {"is_null", "exists", "count", "count_distinct", "count_episodes"}
COUNTS = ("count", "count_distinct", "count_episodes", "days_covered")
BEST = {"minimum_of": "ge", "maximum_of": "le", "minimum": "ge", "maximum": "le"}


def bind(goal: Bind, sketch: Sketch) -> Iterator[Goals]:
    left = goal.left
    if left.key in sketch.known:
        yield DONE
        return
    match left.series:
        case nodes.Call(operation="case") as case:
            yield from _case(case, left, goal)
        case nodes.Call(operation="coalesce", arguments=arguments):
            for place, value in enumerate(arguments):
                before = tuple(IsNull(At(e, left.scope)) for e in arguments[:place])
                yield (*_worth(left, At(value, left.scope)), *before)
        case nodes.Call(operation="minimum_of" | "maximum_of") as call:
            yield from _best_of(call, left)
        case nodes.Call(operation="bool_to_int", arguments=(truth,)):
            for want, number in ((TRUE, 1), (FALSE, 0)):
                yield Holds(truth, want, left.scope), Remember(left.key, fixed(number))
        case nodes.Aggregate() as aggregate:
            yield from _aggregate(aggregate, left)
        case series if series.type is bool and not isinstance(series, nodes.Column):
            for want in (TRUE, FALSE):
                yield (Holds(series, want, left.scope),)
        case _:
            yield from _itself(goal, sketch)


def _itself(goal: Bind, sketch: Sketch) -> Iterator[Goals]:
    found = resolve(goal.left, sketch)
    if isinstance(found, tuple):
        if goal not in found:
            yield (*found, goal)
    elif found is not None:
        yield DONE


def _worth(left: At, right: At) -> Goals:
    return Bind(right), Remember(left.key, right)


def _case(case: nodes.Call, left: At, goal: Bind) -> Iterator[Goals]:
    for before, chosen, value in branches(case):
        if isinstance(value, nodes.Literal):
            if value.value is None:
                continue
            if goal.fits is not None and not goal.fits(value.value):
                continue
        now = () if chosen is None else (Holds(chosen, TRUE, left.scope),)
        first = tuple(Holds(each, FAILS, left.scope) for each in before)
        yield (*now, *first, *_worth(left, At(value, left.scope)))


def _best_of(call: nodes.Call, left: At) -> Iterator[Goals]:
    """One of them, and each of the others is NULL or no better."""
    for one in call.arguments:
        best = At(one, left.scope)
        others: list[Goal] = []
        for each in call.arguments:
            if each != one:
                other = At(each, left.scope)
                worse = Compare(BEST[call.operation], other, best)
                others.append(Either(((worse,), (IsNull(other),))))
        yield (*_worth(left, best), *others)


def _aggregate(aggregate: nodes.Aggregate, left: At) -> Iterator[Goals]:
    scope, source = left.scope, aggregate.source
    if aggregate.operation in COUNTS:
        for many in (1, 2, 0):
            known = Remember(left.key, fixed(many))
            yield Compare("eq", left, fixed(many)), known
    elif isinstance(source, nodes.Series):
        yield (_one_row(aggregate, source, left, scope),)


def _one_row(
    aggregate: nodes.Aggregate, source: nodes.Series, left: At, scope: Scope
) -> WithRow:
    """The value of one row; others are outside, or no better than it."""
    frame = aggregate.rows
    best = BEST.get(aggregate.operation)

    def then(row: RowId) -> Goals:
        value = At(source, scope.at(row))
        otherwise: tuple[str, nodes.Series, Operand] | None = None
        if best:
            otherwise = (best, source, value)
        rule = Every(frame, scope, (row,), otherwise)
        return *_worth(left, value), rule

    return WithRow(frame, scope, then)


# NULL --------------------------------------------------------------------------------


def is_null(goal: IsNull, sketch: Sketch) -> Iterator[Goals]:
    left = goal.left
    match left.series:
        case nodes.Literal() as literal:
            if literal.value is None:
                yield DONE
        case nodes.Column() as column:
            yield from _empty(column, goal, sketch)
        case nodes.Aggregate(operation=operation, source=source) as aggregate:
            if operation not in DEFINED and isinstance(source, nodes.Series):
                yield (Every(aggregate.rows, left.scope),)
        case nodes.Call(operation="minimum_of" | "maximum_of" | "coalesce") as call:
            yield tuple(IsNull(At(each, left.scope)) for each in call.arguments)
        case nodes.Call(operation="case") as case:
            for before, chosen, value in branches(case):
                first = tuple(Holds(each, FAILS, left.scope) for each in before)
                now = () if chosen is None else (Holds(chosen, TRUE, left.scope),)
                yield (*first, *now, IsNull(At(value, left.scope)))
        case nodes.Call(operation=operation) as call if operation not in DEFINED:
            for each in call.arguments:
                if not isinstance(each, nodes.Values | nodes.Parameter):
                    yield (IsNull(At(each, left.scope)),)


def _empty(column: nodes.Column, goal: IsNull, sketch: Sketch) -> Iterator[Goals]:
    frame, scope = column.source, goal.left.scope
    if not frame.one_row:
        if scope.row and sketch.empty(Cell(scope.row, column.name)):
            yield DONE
        return
    row = row_of(frame, scope, sketch)
    if row is not None:
        if sketch.empty(Cell(row, column.name)):
            yield DONE
        return
    if frame.table.schema.name != PEOPLE:
        yield (Every(below(frame), scope),)
    if isinstance(frame, nodes.Pick):
        yield Picked(frame, scope), goal
