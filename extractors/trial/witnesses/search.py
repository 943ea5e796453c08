"""The search: goals are taken apart until none is left; what leads nowhere is
undone.
"""

from collections.abc import Callable, Iterator
from typing import Any

from extractors.trial.witnesses import binding, comparing, holding, rowing
from extractors.trial.witnesses.goals import (
    Among,
    Bind,
    Compare,
    Contains,
    Either,
    Every,
    Goal,
    Goals,
    Holds,
    Inside,
    IsNull,
    Make,
    Outside,
    Picked,
    Remember,
    Rows,
    WithRow,
)
from extractors.trial.witnesses.sketch import Sketch

Handler = Callable[[Any, Sketch], Iterator[Goals]]
Agenda = tuple[Goal, "Agenda"] | None  # a list that branches share


def either(goal: Either, sketch: Sketch) -> Iterator[Goals]:
    yield from goal.alternatives


HANDLERS: dict[type[Goal], Handler] = {
    Among: comparing.among,
    Bind: binding.bind,
    Compare: comparing.compare,
    Contains: comparing.contains,
    Either: either,
    Every: rowing.every,
    Holds: holding.holds,
    Inside: rowing.inside,
    IsNull: binding.is_null,
    Make: rowing.make,
    Outside: rowing.outside,
    Picked: rowing.picked,
    Remember: rowing.remember,
    Rows: rowing.rows,
    WithRow: rowing.with_row,
}


def reach(goals: Goals, sketch: Sketch, steps: int) -> bool:
    """Whether a sketch reaches all goals, found within some steps; else it is as
    before.
    """
    start = sketch.mark()
    agenda = _before(goals, None)
    choices: list[tuple[int, Iterator[Goals], Agenda]] = []
    while steps > 0:
        steps -= 1
        if agenda is None:
            agenda = _before(rowing.due(sketch), None)
            if agenda is None:
                return True
        goal, agenda = agenda
        choices.append((sketch.mark(), HANDLERS[type(goal)](goal, sketch), agenda))
        found = _next(choices, sketch)
        if found is None:
            break
        agenda = found[0]
    sketch.undo(start)
    return False


def _next(
    choices: list[tuple[int, Iterator[Goals], Agenda]], sketch: Sketch
) -> tuple[Agenda] | None:
    """What is to be reached after the latest choice that is left; None where none
    is.
    """
    while choices:
        mark, alternatives, agenda = choices[-1]
        sketch.undo(mark)
        goals = next(alternatives, None)
        if goals is not None:
            return (_before(goals, agenda),)
        choices.pop()
    return None


def _before(goals: Goals, agenda: Agenda) -> Agenda:
    for goal in reversed(goals):
        agenda = (goal, agenda)
    return agenda
