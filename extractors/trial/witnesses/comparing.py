"""How a comparison is reached: by constraints on terms, or by way of smaller goals."""

import operator
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from extractors.model import nodes
from extractors.trial.witnesses.counting import counted
from extractors.trial.witnesses.goals import Among, Bind, Compare, Contains, Goals
from extractors.trial.witnesses.inverting import inverted
from extractors.trial.witnesses.resolving import LINES, of_value, resolve
from extractors.trial.witnesses.sketch import Sketch
from extractors.trial.witnesses.terms import At, Cell, Line, Operand, Said, Term, fixed
from extractors.trial.witnesses.words import examples

MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
MEANING: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}
A_CENT = 0.01  # what makes one broken number larger than another
FEW = 4  # values that are tried for one of many
DONE: Goals = ()


def compare(goal: Compare, sketch: Sketch) -> Iterator[Goals]:
    left, right = goal.left, goal.right
    if not isinstance(left, At):
        if isinstance(right, At):
            yield from compare(Compare(MIRRORED[goal.operation], right, left), sketch)
            return
    elif (known := _constant(right, sketch)) is not None:
        if (ways := _rewritten(goal.operation, left, known, right)) is not None:
            yield from ways
            return
    elif isinstance(right, At) and _constant(left, sketch) is not None:
        yield from compare(Compare(MIRRORED[goal.operation], right, left), sketch)
        return
    yield from _of_terms(goal, sketch)


def _rewritten(
    operation: str, left: At, known: float | str | bool, right: Operand
) -> Iterator[Goals] | None:
    """Ways to compare with a constant what is no term by itself."""
    if _is_case(left):
        fits = partial(_fits, operation, known)
        return iter([(Bind(left, fits), _bound(operation, left, right))])
    if isinstance(known, str | bool):
        return None
    ways = counted(operation, left, known)
    return inverted(operation, left, known) if ways is None else ways


def _fits(operation: str, known: object, value: object) -> bool:
    """Whether a literal compares with a constant, which is a number for a date."""
    term = of_value(value)
    constant = term.constant if isinstance(term, Line) else value
    return MEANING[operation](constant, known)


def _bound(operation: str, left: At, right: Operand) -> "Compare":
    """As a comparison that looks at what the series was bound to."""
    return Compare(operation, Bound(left.series, left.scope), right)


class Bound(At):
    """A series that is known by now, so that it is not taken apart again."""


def _constant(operand: Operand, sketch: Sketch) -> float | str | bool | None:
    found = operand if not isinstance(operand, At) else _early(operand, sketch)
    if isinstance(found, Said):
        return found.value
    return found.constant if isinstance(found, Line) else None


def _early(operand: At, sketch: Sketch) -> Term | None:
    """A term that needs no row: making one here would be too early."""
    found = resolve(operand, sketch) if _is_early(operand.series) else None
    return None if isinstance(found, tuple) else found


def _is_early(series: nodes.Series) -> bool:
    if isinstance(series, nodes.Call):
        return series.operation in LINES and all(map(_is_early, series.arguments))
    return isinstance(series, nodes.Literal | nodes.Parameter)


def _of_terms(goal: Compare, sketch: Sketch) -> Iterator[Goals]:
    terms: list[Term] = []
    for operand in (goal.left, goal.right):
        found = resolve(operand, sketch)
        if isinstance(found, tuple):
            yield (*found, goal)
            return
        if found is None:
            return
        terms.append(found)
    left, right = terms
    if isinstance(left, Line) and isinstance(right, Line):
        yield from _of_lines(goal.operation, left, right, sketch, _step(goal))
    elif not isinstance(left, Line) and not isinstance(right, Line):
        yield from _of_words(goal.operation, left, right, sketch)


def _step(goal: Compare) -> float:
    sides = (goal.left, goal.right)
    broken = any(isinstance(s, At) and s.series.type is float for s in sides)
    return A_CENT if broken else 1.0


def _of_lines(
    operation: str, left: Line, right: Line, sketch: Sketch, step: float
) -> Iterator[Goals]:
    line = left + -right
    if line is None:
        return
    if operation == "ne":
        yield (Compare("lt", left, right.moved(-step + 1, -step + 1)),)
        yield (Compare("gt", left, right.moved(step - 1, step - 1)),)
        return
    least = {"ge": 0.0, "gt": step, "eq": 0.0}.get(operation)
    most = {"le": 0.0, "lt": -step, "eq": 0.0}.get(operation)
    if operation == "eq":  # of what is only roughly known, the middle
        middle = (line.low + line.high) // 2 if line.low < line.high else line.low
        line = Line(line.plus, line.minus, middle, middle)
    fine = True
    if least is not None:
        fine = sketch.differ(line.minus, line.plus, line.low - least)
    if fine and most is not None:
        fine = sketch.differ(line.plus, line.minus, most - line.high)
    if fine:
        yield DONE


# Words -------------------------------------------------------------------------------


def _of_words(
    operation: str, left: Said | Cell, right: Said | Cell, sketch: Sketch
) -> Iterator[Goals]:
    if isinstance(left, Said):
        left, right, operation = right, left, MIRRORED[operation]
    if isinstance(left, Said):
        assert isinstance(right, Said)
        if MEANING[operation](left.value, right.value):
            yield DONE
    elif isinstance(right, Said):
        yield from _with_word(operation, left, right.value, sketch)
    else:
        yield from _of_cells(operation, left, right, sketch)


def _with_word(
    operation: str, cell: Cell, value: str | bool, sketch: Sketch
) -> Iterator[Goals]:
    if operation in ("eq", "ne"):
        yield (Among(cell, frozenset((value,)), inside=operation == "eq"),)
        return
    words = sketch.word(cell)
    if words is not None and words.only is not None:
        fitting = frozenset(v for v in words.only if MEANING[operation](v, value))
        yield (Among(cell, fitting),)


def _of_cells(
    operation: str, left: Cell, right: Cell, sketch: Sketch
) -> Iterator[Goals]:
    if left == right:
        if operation in ("eq", "le", "ge"):
            yield DONE
        return
    one, other = sketch.word(left), sketch.word(right)
    if one is None or other is None:
        return
    known = one.only if other.only is None else other.only
    values = examples(sketch.column(left)) if known is None else known
    for value in sorted(values, key=str)[:FEW]:
        this = frozenset((value,))
        if operation == "ne":
            yield Among(right, this), Among(left, this, inside=False)
            yield Among(left, this), Among(right, this, inside=False)
        elif operation == "eq":
            yield Among(left, this), Among(right, this)


def among(goal: Among, sketch: Sketch) -> Iterator[Goals]:
    """Lines are compared one by one, words are narrowed."""
    left = goal.left
    if isinstance(left, At) and _is_case(left):
        fits = (
            (lambda v: v in goal.values)
            if goal.inside
            else (lambda v: v not in goal.values)
        )
        yield (
            Bind(left, fits),
            Among(Bound(left.series, left.scope), goal.values, goal.inside),
        )
        return
    found = resolve(left, sketch)
    if isinstance(found, tuple):
        if isinstance(left, At) and found == (Bind(left),):
            yield from _of_computed(goal, left)
        yield (*found, goal)
    elif isinstance(found, Line):
        yield from _numbers(goal, found)
    elif isinstance(found, Said):
        if (found.value in goal.values) is goal.inside:
            yield DONE
    elif found is not None:
        words = sketch.word(found)
        assert words is not None
        narrowed = (
            words.among(goal.values) if goal.inside else words.without(goal.values)
        )
        if sketch.narrow(found, narrowed):
            yield DONE


def _is_case(left: At) -> bool:
    series = left.series
    is_case = isinstance(series, nodes.Call) and series.operation == "case"
    return is_case and not isinstance(left, Bound)


def _numbers(goal: Among, line: Line) -> Iterator[Goals]:
    constants = [resolve_value(value) for value in sorted(goal.values)]
    if not goal.inside:
        yield tuple(Compare("ne", line, each) for each in constants)
        return
    for each in constants[: 2 * FEW]:
        yield (Compare("eq", line, each),)


def _of_computed(goal: Among, left: At) -> Iterator[Goals]:
    """Whole numbers that are no term, such as an age: by their runs, 14 to 45 being
    one.
    """
    runs = _runs([value for value in goal.values if type(value) is int])
    if not goal.inside:
        ends = (("lt", runs[0][0]), ("gt", runs[-1][1])) if runs else ()
        for operation, number in ends:
            yield (Compare(operation, left, fixed(number)),)
        return
    for first, last in runs[: 2 * FEW]:
        yield Compare("ge", left, fixed(first)), Compare("le", left, fixed(last))


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last of numbers that follow each other, in order."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def resolve_value(value: object) -> Operand:
    term = of_value(value)
    assert term is not None
    return term


def contains(goal: Contains, sketch: Sketch) -> Iterator[Goals]:
    found = resolve(goal.left, sketch)
    if isinstance(found, tuple):
        yield (*found, goal)
    elif isinstance(found, Said):
        if (goal.part in str(found.value)) is goal.inside:
            yield DONE
    elif isinstance(found, Cell):
        words = sketch.word(found)
        assert words is not None
        narrowed = words.holding(goal.part) if goal.inside else words.lacking(goal.part)
        if sketch.narrow(found, narrowed):
            yield DONE
