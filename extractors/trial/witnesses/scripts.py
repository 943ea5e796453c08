"""Scripts: what the rows of a witness are, with some room in each cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from extractors.model import nodes
from extractors.model.schema import TableSchema
from extractors.trial.days import Span, number
from extractors.trial.dice import Array
from extractors.trial.wishes import Target
from extractors.trial.witnesses.goals import Compare, Goal, Holds, Want
from extractors.trial.witnesses.search import reach
from extractors.trial.witnesses.sketch import Sketch
from extractors.trial.witnesses.terms import At, Cell, Days, Scope, fixed
from extractors.trial.witnesses.words import Words

T = TypeVar("T")
FIRST_STEPS, MORE_STEPS = 3_000, 1_000  # of the search: for one period, for one more
PERIODS_AT_MOST = 12  # that one person is a witness of
ALL_PERIODS = 2_000  # of all targets together; of more only some are shown
FEWEST_PERIODS = 6
MANY = 1_000
TWICE = 2  # as many scripts as there is room for, since other targets may need fewer
ENOUGH = 2  # scripts of one period, until it is believed that others are no different
ENOUGH_FAILURES = 3  # in a row, until it is believed that nothing helps


@dataclass(frozen=True)
class Script:
    """The rows of one witness: of each cell what it may hold."""

    # How many rows each table has.
    rows: Mapping[str, int]
    # The network of dates and numbers, and which cell has which variable.
    most: Array
    # a cell -> the number of the variable that is its date or number
    dates: Mapping[Cell, int]
    # a cell -> the values that it may have
    words: Mapping[Cell, Words]
    # Cells that are empty.
    empty: frozenset[Cell]
    # Tables in which the witness must have no other rows.
    alone: frozenset[str]
    # The periods of which it is a witness.
    periods: tuple[Days | None, ...]


def scripts_of(
    targets: Iterable[Target],
    span: Span,
    tables: Mapping[str, TableSchema],
    room: int = MANY,
) -> list[list[Script]]:
    """For each target that can be reached its scripts, each for some of its periods.

    `room`: about how many scripts there are people for.
    """
    targets = list(targets)
    most = max(FEWEST_PERIODS, ALL_PERIODS // max(len(targets), 1))
    each = max(FEWEST_PERIODS, TWICE * room // max(len(targets), 1))
    found = (_scripts(target, span, tables, most, each) for target in targets)
    return [scripts for scripts in found if scripts]


def _scripts(
    target: Target,
    span: Span,
    tables: Mapping[str, TableSchema],
    most: int,
    most_alone: int,
) -> list[Script]:
    """One for as many periods as go together, then the next."""
    scripts: list[Script] = []
    periods, failed = list(some_of(periods_of(target), most)), 0
    while periods and failed < ENOUGH_FAILURES:
        sketch, alone = Sketch(span, tables), _apart(scripts)
        held = _held(target, periods, sketch, alone=alone)
        periods = periods[max(len(held), 1) :]
        failed = 0 if held else failed + 1
        if held:
            scripts.append(script_of(sketch, held))
        if not alone and _apart(scripts):
            periods = list(some_of(periods, most_alone - len(scripts)))
    return scripts


def _held(
    target: Target, periods: Sequence[Days | None], sketch: Sketch, *, alone: bool
) -> list[Days | None]:
    """As many of the periods, from the first, as one witness has; none where none can
    be.
    """
    held: list[Days | None] = []
    for period in periods[: 1 if alone else PERIODS_AT_MOST]:
        if not _reached(target, period, sketch, MORE_STEPS if held else FIRST_STEPS):
            break
        held.append(period)
    return held


def _apart(scripts: list[Script]) -> bool:
    """Whether no two periods seem to go together, as of what happens once in a life."""
    return len(scripts) >= ENOUGH and all(len(each.periods) == 1 for each in scripts)


def some_of(several: Sequence[T], most: int) -> Sequence[T]:
    """At most so many, evenly spread."""
    if len(several) <= most:
        return several
    return [several[place * len(several) // most] for place in range(most)]


def periods_of(target: Target) -> list[Days | None]:
    if not target.intervals:
        return [None]
    return [(number(first), number(last)) for first, last in target.intervals]


def _reached(target: Target, period: Days | None, sketch: Sketch, steps: int) -> bool:
    goals = tuple(_goal(each, Scope(period)) for each in target.conditions)
    return reach(goals, sketch, steps)


def _goal(condition: nodes.Series, scope: Scope) -> Goal:
    if condition.type is bool:
        return Holds(condition, Want.TRUE, scope)
    return Compare("ge", At(condition, scope), fixed(1))


def script_of(sketch: Sketch, periods: Sequence[Days | None]) -> Script:
    size = sketch.variables
    alone = frozenset(
        kept.rule.frame.table.schema.name for kept in sketch.rules.values()
    )
    return Script(
        rows=dict(sketch.rows),
        most=sketch.most[:size, :size].copy(),
        dates=dict(sketch.dates),
        words=dict(sketch.words),
        empty=frozenset(cell for cell, is_empty in sketch.nulls.items() if is_empty),
        alone=alone,
        periods=tuple(periods),
    )
