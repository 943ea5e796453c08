"""How rows are found or made, and kept out."""

import datetime
from collections.abc import Iterator

from extractors.model import nodes
from extractors.trial.witnesses.goals import (
    Compare,
    Either,
    Every,
    Goal,
    Goals,
    Holds,
    Inside,
    Make,
    Outside,
    Picked,
    Remember,
    Rows,
    Want,
    WithRow,
)
from extractors.trial.witnesses.resolving import pick_key, row_of
from extractors.trial.witnesses.sketch import Kept, Sketch
from extractors.trial.witnesses.terms import At, RowId

DONE: Goals = ()
OLD_ROWS = 2  # the latest rows of a table that are tried before a new one is made


def with_row(goal: WithRow, sketch: Sketch) -> Iterator[Goals]:
    frame, scope = goal.frame, goal.scope
    if isinstance(frame, nodes.Pick):
        row = row_of(frame, scope, sketch)
        yield goal.then(row) if row else (Picked(frame, scope), goal)
        return
    table = frame.table
    name = table.schema.name
    old = sketch.rows_of(name)
    for row in old[-OLD_ROWS:]:
        if row not in goal.avoid:
            yield (Inside(frame, row, scope), *goal.then(row))
    new = RowId(name, len(old))
    yield (Make(table, new), Inside(frame, new, scope), *goal.then(new))


def make(goal: Make, sketch: Sketch) -> Iterator[Goals]:
    if not goal.table.schema.file and sketch.make(goal.table):
        yield DONE


def inside(goal: Inside, sketch: Sketch) -> Iterator[Goals]:
    scope = goal.scope.at(goal.row)
    conditions = reversed(nodes.conditions(goal.frame))
    yield tuple(Holds(each, Want.TRUE, scope) for each in conditions)


def outside(goal: Outside, sketch: Sketch) -> Iterator[Goals]:
    scope = goal.scope.at(goal.row)
    conditions = nodes.conditions(goal.frame)
    for each in sorted(conditions, key=_is_of_days):
        yield (Holds(each, Want.FAILS, scope),)


def _is_of_days(condition: nodes.Series) -> bool:
    """Most rows are outside by their codes already; moving days costs more."""
    operation = condition.operation if isinstance(condition, nodes.Call) else ""
    return operation not in ("in", "eq", "ne", "contains")


def rows(goal: Rows, sketch: Sketch) -> Iterator[Goals]:
    """One row after the other."""
    if len(goal.found) == goal.many:
        yield (Every(goal.frame, goal.scope, goal.found),) if goal.sole else DONE
        return
    yield (WithRow(goal.frame, goal.scope, lambda row: _next(goal, row), goal.found),)


def _next(goal: Rows, row: RowId) -> Goals:
    scope = goal.scope.at(row)
    each: list[Goal] = [
        Compare(op, At(series, scope), right) for op, series, right in goal.each
    ]
    if goal.grows:
        each += _grown(goal, *goal.grows, row)
    found = (*goal.found, row)
    more = Rows(
        frame=goal.frame,
        scope=goal.scope,
        many=goal.many,
        sole=goal.sole,
        each=goal.each,
        grows=goal.grows,
        found=found,
    )
    return *each, more


def _grown(goal: Rows, series: nodes.Series, step: int, row: RowId) -> list[Goal]:
    """Further than the row before by a step; words only differ from all before."""
    value = At(series, goal.scope.at(row))
    before = [At(series, goal.scope.at(other)) for other in goal.found]
    if not before:
        return [Compare("eq", value, value)]
    if series.type not in (int, float) and not _is_date(series):
        return [Compare("ne", value, other) for other in before]
    days = nodes.Literal(step, int)
    last = before[-1]
    if _is_date(series):
        moved = nodes.Call("add_days", (series, days))
        return [Compare("ge", value, At(moved, last.scope))]
    return [Compare("gt", value, last)]


def _is_date(series: nodes.Series) -> bool:
    return series.type is datetime.date


def picked(goal: Picked, sketch: Sketch) -> Iterator[Goals]:
    pick, scope = goal.pick, goal.scope
    key = pick_key(pick, scope)
    if key in sketch.known:
        yield DONE
        return
    sort = nodes.sort_keys(pick.source)[0]
    behind = "lt" if pick.last else "gt"

    def then(row: RowId) -> Goals:
        value = At(sort, scope.at(row))
        rule = Every(pick.source, scope, (row,), (behind, sort, value))
        return Remember(key, row), Compare("eq", value, value), rule

    yield (WithRow(pick.source, scope, then),)


def remember(goal: Remember, sketch: Sketch) -> Iterator[Goals]:
    sketch.put(sketch.known, goal.key, goal.what)
    yield DONE


def every(goal: Every, sketch: Sketch) -> Iterator[Goals]:
    """Later: more rows may come."""
    if goal.frame.table.schema.name in sketch.tables:
        sketch.put(sketch.rules, len(sketch.rules), Kept(goal, 0))
    yield DONE


def due(sketch: Sketch) -> Goals:
    """What rules make of rows that came after they were last looked at."""
    goals: list[Goal] = []
    for number, kept in list(sketch.rules.items()):
        rule = kept.rule
        name = rule.frame.table.schema.name
        many = sketch.rows.get(name, 0)
        if many > kept.rows:
            sketch.put(sketch.rules, number, Kept(rule, many))
            new = [RowId(name, place) for place in range(kept.rows, many)]
            goals += [_kept(rule, row) for row in new if row not in rule.but]
    return tuple(goals)


def _kept(rule: Every, row: RowId) -> Goal:
    outside = Outside(rule.frame, row, rule.scope)
    if rule.otherwise is None:
        return outside
    operation, series, right = rule.otherwise
    behind = Compare(operation, At(series, rule.scope.at(row)), right)
    return Either(((outside,), (behind,)))
