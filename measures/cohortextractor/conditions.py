"""What an expression means: its tree as a condition of the model that is never NULL.

Columns are compared as the old database has them: a missing number is 0, a missing text
or date is "", which is before all others. A date is its text, so a month is before its
first day.
"""

import datetime
import operator
from collections.abc import Callable
from dataclasses import dataclass

from extractors.model import nodes
from extractors.model.operations import MIRRORED
from measures.cohortextractor import making
from measures.cohortextractor.asked import Wrong
from measures.cohortextractor.columns import MISSING, YEAR, Column, cut
from measures.cohortextractor.expressions import (
    Name,
    Negation,
    Number,
    Operation,
    Text,
    Tree,
)
from measures.cohortextractor.making import Series, call

Find = Callable[[str], Column]
COMPARE: dict[str, Callable[..., bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
SIGNS = {"+": "add", "-": "subtract", "*": "multiply"}
ARITHMETIC: dict[str, Callable] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
NUMBER = (int, float)


@dataclass(frozen=True, eq=False)
class Operand:
    """One side of a comparison."""

    # as it is stored; NULL where it is missing, then `missing` stands for it
    node: Series
    # the value that the old language writes for NULL
    missing: int | float | str | None = None
    # a date's
    precision: int = 0
    # the column, if it is one
    column: Column | None = None

    @property
    def written(self) -> int | float | str | None:
        """A value that the expression itself has."""
        found = self.node.value if isinstance(self.node, nodes.Literal) else None
        return found if isinstance(found, int | float | str) else None

    @property
    def value(self) -> Series:
        return (
            self.node
            if self.missing is None
            else making.filled(self.node, self.missing)
        )


def condition(tree: Tree, find: Find) -> Series:
    """A bool series for each patient, never NULL. `find` gives a column by its name."""
    match tree:
        case Negation(part=part):
            return making.negated(condition(part, find))
        case Operation(operation="and" | "or" as operation, left=left, right=right):
            return call(operation, condition(left, find), condition(right, find))
        case Operation(operation=operation, left=left, right=right) if (
            operation in COMPARE
        ):
            return _compared(operation, _operand(left, find), _operand(right, find))
        case Name(name=name):
            return making.negated(find(name).is_empty)
        case Text(value=text):
            return making.literal(text != "")
    number = _operand(tree, find)
    return _compared("ne", number, Operand(nodes.Literal(0, int)))


# operands -----------------------------------------------------------------------------


def _operand(tree: Tree, find: Find) -> Operand:
    match tree:
        case Number(value=value) | Text(value=value):
            return Operand(making.literal(value))
        case Name(name=name):
            return _of_column(find(name))
        case Operation(operation=sign, left=left, right=right) if sign in "+-*/":
            return _reckoned(sign, _operand(left, find), _operand(right, find))
    raise Wrong(
        "a comparison is of columns, numbers and texts; put brackets around what is "
        "true or false"
    )


def _of_column(column: Column) -> Operand:
    if column.kind == "date":
        return Operand(column.node, None, column.precision, column)
    if column.kind == "flag":
        return Operand(call("bool_to_int", column.value), None, 0, column)
    return Operand(column.node, MISSING[column.kind], 0, column)


def _reckoned(sign: str, left: Operand, right: Operand) -> Operand:
    """Whole numbers are divided as whole numbers, and cut off."""
    left, right = _as_number(left), _as_number(right)
    if isinstance(left.written, NUMBER) and isinstance(right.written, NUMBER):
        return Operand(making.literal(_of_numbers(sign, left.written, right.written)))
    a, b = _one_type(left.value, right.value)
    if sign != "/":
        return Operand(call(SIGNS[sign], a, b), 0 if a.type is int else 0.0)
    quotient = call("divide", a, b)
    if a.type is int:
        return Operand(call("to_int", quotient), 0)
    return Operand(quotient, 0.0)


def _of_numbers(sign: str, a: int | float, b: int | float) -> int | float:
    if sign != "/":
        return ARITHMETIC[sign](a, b)
    if b == 0:
        raise Wrong("an expression divides by 0")
    if isinstance(a, int) and isinstance(b, int):
        quotient = abs(a) // abs(b)
        return quotient if (a < 0) == (b < 0) else -quotient
    return a / b


def _one_type(a: Series, b: Series) -> tuple[Series, Series]:
    """Both whole numbers, or both not."""
    if a.type is b.type:
        return a, b
    return _as_float(a), _as_float(b)


def _as_float(number: Series) -> Series:
    if isinstance(number, nodes.Literal) and isinstance(number.value, int):
        return making.literal(float(number.value))
    return number if number.type is float else call("to_float", number)


def _as_number(side: Operand) -> Operand:
    """A text that is a number counts as one, as it does in the old database."""
    if side.node.type in NUMBER:
        return side
    if isinstance(side.written, str):
        return Operand(making.literal(_number_of(side.written)))
    column = side.column
    if column is None or column.kind != "str" or not column.labels:
        what = "a date" if column and column.kind == "date" else "a text"
        raise Wrong(f"an expression takes {what} for a number")
    numbers = {label: _number_of(label) for label in column.labels}
    whole = all(isinstance(number, int) for number in numbers.values())
    pairs = [
        (
            call("eq", column.node, making.literal(label)),
            making.literal(number if whole else float(number)),
        )
        for label, number in numbers.items()
        if label
    ]
    return Operand(
        making.choice(pairs, making.literal(0 if whole else 0.0)), 0 if whole else 0.0
    )


def _number_of(text: str) -> int | float:
    """An empty text counts as 0."""
    if not text.strip():
        return 0
    try:
        return int(text) if text.strip().lstrip("-").isdigit() else float(text)
    except ValueError:
        raise Wrong(f"an expression takes the text {text!r} for a number") from None


# comparisons --------------------------------------------------------------------------


def _compared(operation: str, left: Operand, right: Operand) -> Series:
    if left.precision and right.precision:
        return _of_dates(operation, left, right)
    if left.precision and isinstance(right.written, str):
        return _of_date_and_text(operation, left, right.written)
    if right.precision and isinstance(left.written, str):
        return _of_date_and_text(MIRRORED[operation], right, left.written)
    if left.node.type is not str or right.node.type is not str:
        left, right = _as_number(left), _as_number(right)
    if flag := _of_flag(operation, left, right):
        return flag
    return _of_values(operation, left, right)


def _of_flag(operation: str, left: Operand, right: Operand) -> Series | None:
    """A flag that is compared with 0 or 1 is a condition by itself."""
    if (
        left.column is None
        or left.column.kind != "flag"
        or not isinstance(right.written, NUMBER)
    ):
        return None
    of_true, of_false = (COMPARE[operation](each, right.written) for each in (1, 0))
    if of_true == of_false:
        return making.literal(of_true)
    flag = left.column.value
    return flag if of_true else making.negated(flag)


def _of_values(operation: str, left: Operand, right: Operand) -> Series:
    """The stored value is compared as it is where the other side is written: that says
    more of it.
    """
    if left.written is not None and right.written is not None:
        return making.literal(COMPARE[operation](left.written, right.written))
    if left.written is not None:
        return _of_values(MIRRORED[operation], right, left)
    if right.written is None or left.missing is None:
        a, b = left.value, right.value
        if a.type is not str:
            a, b = _one_type(a, b)
        return call(operation, a, b)
    if left.column and operation in ("eq", "ne") and right.written == left.missing:
        empty = left.column.is_empty
        return empty if operation == "eq" else making.negated(empty)
    node, written = left.node, right.node
    if node.type is not str:
        node, written = _one_type(node, written)
    same = COMPARE[operation](left.missing, right.written)
    return making.filled(call(operation, node, written), same)


def _of_dates(operation: str, left: Operand, right: Operand) -> Series:
    """A date that is missing is before all others; a shorter text is before a longer
    one that begins with it.
    """
    a, b = (making.filled(each.node, datetime.date.min) for each in (left, right))
    if left.precision == right.precision:
        return call(operation, a, b)
    if left.precision > right.precision:
        return _of_dates(MIRRORED[operation], right, left)
    # the left one is shorter: equal to none but a missing one
    a, longer = left.node, right.node
    before = making.filled(call("le", a, longer), False)
    before = making.either(
        before, making.both(making.is_null(a), making.is_there(longer))
    )
    same = making.both(making.is_null(a), making.is_null(longer))
    return _by_order(operation, before, same)


def _by_order(operation: str, before: Series, same: Series) -> Series:
    match operation:
        case "eq":
            return same
        case "ne":
            return making.negated(same)
        case "lt":
            return before
        case "le":
            return making.either(before, same)
        case "gt":
            return making.negated(making.either(before, same))
    return making.negated(before)


def _of_date_and_text(operation: str, date: Operand, text: str) -> Series:
    """A text in an expression holds no day, so it is empty or a year."""
    there = making.is_there(date.node)
    if text == "":
        of_some, of_none = (COMPARE[operation](each, "") for each in ("x", ""))
        return _either_way(there, of_some, of_none)
    if not (text.isdigit() and len(text) == YEAR):
        raise Wrong(
            f"a date is compared with {text!r}; define a column "
            "fixed_value('YYYY-MM-DD') and compare with it"
        )
    year = making.literal(datetime.date(int(text), 1, 1))
    started = making.filled(call("lt", date.node, year), True)
    same: Series = making.FALSE
    if date.precision == YEAR:
        same = making.filled(call("eq", cut(date.node, YEAR), year), False)
    return _by_order(operation, started, same)


def _either_way(there: Series, of_some: bool, of_none: bool) -> Series:
    if of_some == of_none:
        return making.literal(of_some)
    return there if of_some else making.negated(there)
