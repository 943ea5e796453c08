"""Every operation of the language: which types it takes and which it gives.

Adding one: a line here, a line in `sql/operations.py`, a method in `language/`, and its meaning in
the plain-Python engine of the tests. What they mean: extractors/language/SEMANTICS.md#operations-by-type.
"""

import datetime
from collections.abc import Callable, Sequence

from extractors.model.types import COMPARABLE, MULTI_CODE_TYPES, name_of

Signature = Callable[[Sequence[type]], type | None]
DATE = datetime.date
NUMBERS = (int, float)


class Spell:
    """From a first to a last day, both included; only `days_covered` takes it, no column has it."""


def _takes(*types: type, gives: type) -> Signature:
    """Exactly these types, in this order."""
    return lambda got: gives if tuple(got) == types else None


def _alike(allowed: tuple[type, ...] | None = None, gives: type | None = None, least: int = 1) -> Signature:
    """Any number of arguments of one type, out of `allowed` (None: any); gives that type or `gives`."""

    def check(got: Sequence[type]) -> type | None:
        if len(got) < least or len(set(got)) != 1 or (allowed is not None and got[0] not in allowed):
            return None
        return gives or got[0]

    return check


def _equality(got: Sequence[type]) -> type | None:
    return bool if len(got) == 2 and got[0] is got[1] and got[0] not in MULTI_CODE_TYPES else None


def _case(got: Sequence[type]) -> type | None:
    """Condition, value, condition, value, …, default."""
    conditions, values = got[0:-1:2], [*got[1::2], got[-1]]
    fine = len(got) >= 3 and len(got) % 2 and set(conditions) == {bool} and len(set(values)) == 1
    return values[0] if fine else None


OPERATIONS: dict[str, Signature] = {
    # bool
    "and": _takes(bool, bool, gives=bool),
    "or": _takes(bool, bool, gives=bool),
    "not": _takes(bool, gives=bool),
    "bool_to_int": _takes(bool, gives=int),
    # any type
    "eq": _equality,
    "ne": _equality,
    "is_null": lambda got: bool if len(got) == 1 else None,
    "coalesce": _alike(least=2),
    "in": _equality,
    "case": _case,
    # what has an order
    "lt": _alike(COMPARABLE, bool, 2),
    "le": _alike(COMPARABLE, bool, 2),
    "gt": _alike(COMPARABLE, bool, 2),
    "ge": _alike(COMPARABLE, bool, 2),
    "maximum_of": _alike(COMPARABLE, least=2),
    "minimum_of": _alike(COMPARABLE, least=2),
    # numbers
    "add": _alike(NUMBERS, least=2),
    "subtract": _alike(NUMBERS, least=2),
    "multiply": _alike(NUMBERS, least=2),
    "divide": _alike(NUMBERS, float, 2),
    "floor_divide": _alike(NUMBERS, int, 2),
    "power": _alike(NUMBERS, float, 2),
    "negate": _alike(NUMBERS),
    "absolute": _alike(NUMBERS),
    "to_int": _alike(NUMBERS, int),
    "to_float": _alike(NUMBERS, float),
    # strings
    "contains": lambda got: bool if len(got) == 2 and got[0] in (str, *MULTI_CODE_TYPES) and got[1] is str else None,
    # dates
    "year": _takes(DATE, gives=int),
    "month": _takes(DATE, gives=int),
    "day": _takes(DATE, gives=int),
    "first_of_year": _takes(DATE, gives=DATE),
    "first_of_month": _takes(DATE, gives=DATE),
    "add_days": _takes(DATE, int, gives=DATE),
    "add_months": _takes(DATE, int, gives=DATE),
    "days_between": _takes(DATE, DATE, gives=int),
    "months_between": _takes(DATE, DATE, gives=int),
    "spell": _takes(DATE, DATE, gives=Spell),
}

# What a comparison becomes when its sides change places.
MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}

# Aggregates: the type of the source series (None: a frame's rows) -> the type of the value.
AGGREGATES: dict[str, Callable[[type | None], type | None]] = {
    "exists": lambda of: bool if of is None else None,
    "count": lambda of: int if of is None else None,
    "minimum": lambda of: of if of in COMPARABLE else None,
    "maximum": lambda of: of if of in COMPARABLE else None,
    "sum": lambda of: of if of in NUMBERS else None,
    "mean": lambda of: float if of in NUMBERS else None,
    "count_distinct": lambda of: None if of is None else int,
    "quantile": lambda of: float if of in NUMBERS else None,
    "count_episodes": lambda of: int if of is DATE else None,
    "days_covered": lambda of: int if of is Spell else None,
    "set": lambda of: of,
}


def check_argument(operation: str, argument: object) -> None:
    """TypeError unless this aggregate takes this argument."""
    if operation == "count_episodes":
        fine = type(argument) is int and argument >= 0
    elif operation == "quantile":
        fine = type(argument) is float and 0 <= argument <= 1
    else:
        fine = argument is None
    if not fine:
        raise TypeError(f"{operation!r} does not take the argument {argument!r}")


def type_of_call(operation: str, got: Sequence[type]) -> type:
    """The type an operation gives, or TypeError where it does not take these types."""
    if operation not in OPERATIONS:
        raise TypeError(f"there is no operation {operation!r}")
    result = OPERATIONS[operation](got)
    if result is None:
        raise TypeError(f"{operation!r} does not take {', '.join(map(name_of, got))}")
    return result


def type_of_aggregate(operation: str, of: type | None) -> type:
    """The type of an aggregate's value, or TypeError where there is none."""
    if operation not in AGGREGATES:
        raise TypeError(f"there is no aggregate {operation!r}")
    result = AGGREGATES[operation](of)
    if result is None:
        raise TypeError(f"{operation!r} does not take {name_of(of) if of else 'rows'}")
    return result


# Whose SQL says an argument more than once, so that a nest of them would double with every level.
REPEATING = frozenset({"divide", "floor_divide", "power", "add_days", "add_months", "months_between", "in"})


# Whose whole numbers 64 bits may not hold. They are NULL then, as what is divided by 0: one garbled value in the
# records would else end every query. TRY costs half as much again as a bare sum or product.
GROWING = frozenset({"add", "subtract", "multiply", "negate", "absolute"})
