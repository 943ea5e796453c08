"""From a series to a term, or to what must be known before."""

import calendar
import datetime
from collections.abc import Callable

from extractors.model import nodes
from extractors.trial.days import number
from extractors.trial.witnesses.goals import Bind, Goals, Picked, WithRow
from extractors.trial.witnesses.sketch import NUMBERS, Sketch
from extractors.trial.witnesses.terms import (
    At,
    Cell,
    Line,
    Operand,
    RowId,
    Said,
    Scope,
    Term,
    fixed,
)

MONTH = 30.4375
FIRST_DAY, LAST_DAY = number(datetime.date.min), number(datetime.date.max)
# a term; goals to reach first; None where there is no value
Found = Term | Goals | None


def resolve(operand: Operand, sketch: Sketch) -> Found:
    if not isinstance(operand, At):
        return operand
    known = sketch.known.get(operand.key)
    if known is not None and not isinstance(known, RowId):
        return resolve(known, sketch)
    match operand.series:
        case nodes.Literal(value=value):
            return of_value(value)
        case nodes.Parameter(name=name):
            days = operand.scope.interval
            return fixed(days[name == "interval_end"]) if days else None
        case nodes.Column() as column:
            return _cell(column, operand.scope, sketch)
        case nodes.Call(operation=operation) as call if operation in LINES:
            return _call(call, operand.scope, sketch)
    return (Bind(operand),)


def of_value(value: object) -> Term | None:
    if value is None:
        return None
    if isinstance(value, datetime.date):
        return fixed(number(value))
    if isinstance(value, bool | str):
        return Said(value)
    assert isinstance(value, int | float)
    return fixed(value)


def row_of(frame: nodes.Frame, scope: Scope, sketch: Sketch) -> RowId | None:
    """The one row of a frame, if it is known."""
    if not isinstance(frame, nodes.Pick):
        rows = sketch.rows_of(frame.table.schema.name)
        return rows[0] if rows else None
    known = sketch.known.get(pick_key(frame, scope))
    return known if isinstance(known, RowId) else None


def pick_key(pick: nodes.Pick, scope: Scope) -> tuple:
    return pick, scope.interval if pick.interval else None


def _cell(column: nodes.Column, scope: Scope, sketch: Sketch) -> Found:
    frame = column.source
    row = row_of(frame, scope, sketch) if frame.one_row else scope.row
    if row is None:
        return _first(frame, scope)
    cell = Cell(row, column.name)
    if column.type in NUMBERS:
        return sketch.line(cell)
    return cell if sketch.word(cell) is not None else None


def _first(frame: nodes.Frame, scope: Scope) -> Goals:
    if isinstance(frame, nodes.Pick):
        return (Picked(frame, scope),)
    return (WithRow(frame, scope, lambda _: ()),)


def _call(call: nodes.Call, scope: Scope, sketch: Sketch) -> Found:
    lines: list[Line] = []
    for argument in call.arguments:
        found = resolve(At(argument, scope), sketch)
        if not isinstance(found, Line):
            return found if isinstance(found, tuple) else None
        lines.append(found)
    return LINES[call.operation](*lines)


def _moved_by_months(date: Line, months: Line) -> Line | None:
    count, day = months.constant, date.constant
    if count is None:
        return None
    if day is not None:
        moved = months_later(int(day), int(count))
        return None if moved is None else fixed(moved)
    return date.moved(*sorted((least_days(int(count)), most_days(int(count)))))


def as_date(day: float) -> datetime.date:
    return datetime.date(1970, 1, 1) + datetime.timedelta(int(day))


def months_later(day: int, count: int) -> int | None:
    """A day that does not exist is the first of the next month; None outside the
    calendar.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        return None
    date = as_date(day)
    year, month = divmod(date.year * 12 + date.month - 1 + count, 12)
    if not 1 <= year <= datetime.MAXYEAR:
        return None
    if date.day <= calendar.monthrange(year, month + 1)[1]:
        return number(datetime.date(year, month + 1, date.day))
    return number(datetime.date(year, month + 2, 1))


def most_days(months: int) -> int:
    """The most days that so many months have, or a little more."""
    if months < 0:
        return -least_days(-months)
    return min(31 * months, int(months * MONTH) + 3)


def least_days(months: int) -> int:
    """The least days that so many months have, or a little less."""
    if months < 0:
        return -most_days(-months)
    return max(28 * months, int(months * MONTH) - 2)


def _first_of_month(date: Line) -> Line:
    day = date.constant
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        return date.moved(-30, 0)
    return fixed(number(as_date(day).replace(day=1)))


def _first_of_year(date: Line) -> Line:
    day = date.constant
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        return date.moved(-365, 0)
    return fixed(number(as_date(day).replace(month=1, day=1)))


LINES: dict[str, Callable[..., Line | None]] = {
    "add": lambda one, other: one + other,
    "subtract": lambda one, other: one + -other,
    "negate": lambda one: -one,
    "add_days": lambda date, days: date + days,
    "add_months": _moved_by_months,
    "days_between": lambda first, last: last + -first,
    "first_of_month": _first_of_month,
    "first_of_year": _first_of_year,
    "to_int": lambda one: one,
    "to_float": lambda one: one,
}
