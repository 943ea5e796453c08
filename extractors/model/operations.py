"""Every operation of the language, with all that is known of it but its SQL.

Adding one takes a line in OPERATIONS here, a template in `sql/operations.py`, a method
in `language/`, a section in `tests/spec`, and its meaning in plain Python for the tests
(`tests/lib/reference_operations.py`). No fact has a default, and
`tests/unit/extractors/model/test_operations.py` checks each fact against the templates
and the plain-Python engine. What they mean:
extractors/language/SEMANTICS.md#operations-by-type.
"""

import datetime
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractors.model import worth
from extractors.model.types import COMPARABLE, MULTI_CODE_TYPES, is_code, name_of
from extractors.model.worth import Worth

Signature = Callable[[Sequence[type]], type | None]
DATE = datetime.date
NUMBERS = (int, float)


class Spell:
    """From a first to a last day, both included.

    Only `days_covered` and `nights_by_start` take it; no column has it.
    """


@dataclass(frozen=True, kw_only=True)
class Operation:
    """The facts of one operation."""

    # What `nodes.Call` and the templates of `sql.operations` call it.
    name: str
    # The type it gives for the types of its arguments; None where it does not take
    # them.
    signature: Signature
    # Whether it is NULL as soon as one of its arguments is.
    strict: bool
    # Whether 64 bits may not hold a whole number that it gives. It is NULL then, like a
    # quotient by 0: one garbled value in the records would else end every query. TRY,
    # which does that, costs half as much again as a bare sum or product.
    grows: bool
    # Whether its SQL says an argument more than once: a nest of such operations would
    # double with every level.
    repeats: bool
    # The operation that a comparison becomes when its sides change places; else None.
    mirrored: str | None
    # Its value in Python. A strict one is never asked about NULL or UNKNOWN.
    # None: only records give its value; without them it is UNKNOWN.
    worth: Worth | None


# Signatures ---------------------------------------------------------------------------


def _takes(*types: type, gives: type) -> Signature:
    """Exactly these types, in this order."""
    return lambda got: gives if tuple(got) == types else None


def _alike(
    allowed: tuple[type, ...],
    gives: type | None = None,
    *,
    count: int,
) -> Signature:
    """So many arguments of one type out of `allowed`; gives that type or `gives`."""

    def check(got: Sequence[type]) -> type | None:
        if len(got) != count or len(set(got)) != 1 or got[0] not in allowed:
            return None
        return gives or got[0]

    return check


def _several(allowed: tuple[type, ...] | None = None) -> Signature:
    """Two or more arguments of one type, out of `allowed` (None: any); gives that."""

    def check(got: Sequence[type]) -> type | None:
        if len(got) < 2 or len(set(got)) != 1:
            return None
        return got[0] if allowed is None or got[0] in allowed else None

    return check


def _one_of_any(got: Sequence[type]) -> type | None:
    return bool if len(got) == 1 else None


def _equality(got: Sequence[type]) -> type | None:
    fine = len(got) == 2 and got[0] is got[1] and got[0] not in MULTI_CODE_TYPES
    return bool if fine else None


def _contains(got: Sequence[type]) -> type | None:
    fine = len(got) == 2 and got[0] in (str, *MULTI_CODE_TYPES) and got[1] is str
    return bool if fine else None


def _text_of(got: Sequence[type]) -> type | None:
    return str if len(got) == 1 and (got[0] is int or is_code(got[0])) else None


def _beginning(got: Sequence[type]) -> type | None:
    fine = len(got) == 2 and (got[0] is str or is_code(got[0])) and got[1] is int
    return str if fine else None


def _case(got: Sequence[type]) -> type | None:
    """Condition, value, condition, value, …, default."""
    conditions, values = got[0:-1:2], [*got[1::2], got[-1]]
    if len(got) < 3 or len(got) % 2 == 0:
        return None
    return values[0] if set(conditions) == {bool} and len(set(values)) == 1 else None


# Families: the facts that several operations have in common ---------------------------


def _choice(name: str, signature: Signature, worth: Worth) -> Operation:
    """Looks at NULL itself."""
    return Operation(
        name=name,
        signature=signature,
        strict=False,
        grows=False,
        repeats=False,
        mirrored=None,
        worth=worth,
    )


def _comparison(
    name: str,
    signature: Signature,
    *,
    mirrored: str | None,
    worth: Worth,
) -> Operation:
    """A question about two values."""
    return Operation(
        name=name,
        signature=signature,
        strict=True,
        grows=False,
        repeats=False,
        mirrored=mirrored,
        worth=worth,
    )


def _number(
    name: str,
    signature: Signature,
    *,
    grows: bool,
    repeats: bool,
    worth: Worth | None,
) -> Operation:
    """A number made of numbers."""
    return Operation(
        name=name,
        signature=signature,
        strict=True,
        grows=grows,
        repeats=repeats,
        mirrored=None,
        worth=worth,
    )


def _text(name: str, signature: Signature, *, repeats: bool) -> Operation:
    """A text made of another value; without records its value is left unknown."""
    return Operation(
        name=name,
        signature=signature,
        strict=True,
        grows=False,
        repeats=repeats,
        mirrored=None,
        worth=None,
    )


def _of_dates(name: str, signature: Signature, *, repeats: bool) -> Operation:
    """Made of dates, so it cannot grow; without records its value is left unknown."""
    return Operation(
        name=name,
        signature=signature,
        strict=True,
        grows=False,
        repeats=repeats,
        mirrored=None,
        worth=None,
    )


# The tables ---------------------------------------------------------------------------

_DATE_TO_INT = _takes(DATE, gives=int)
_DATE_TO_DATE = _takes(DATE, gives=DATE)
_DATE_MOVED = _takes(DATE, int, gives=DATE)
_TWO_DATES = _takes(DATE, DATE, gives=int)
_ORDER = _alike(COMPARABLE, gives=bool, count=2)
_TWO_NUMBERS = _alike(NUMBERS, count=2)

_ALL = (
    # bool
    _choice("and", _takes(bool, bool, gives=bool), worth.both),
    _choice("or", _takes(bool, bool, gives=bool), worth.either),
    Operation(
        name="not",
        signature=_takes(bool, gives=bool),
        strict=True,
        grows=False,
        repeats=False,
        mirrored=None,
        worth=operator.not_,
    ),
    _number(
        "bool_to_int",
        _takes(bool, gives=int),
        grows=False,
        repeats=False,
        worth=int,
    ),
    # any type
    _comparison("eq", _equality, mirrored="eq", worth=operator.eq),
    _comparison("ne", _equality, mirrored="ne", worth=operator.ne),
    _choice("is_null", _one_of_any, worth.is_null),
    _choice("coalesce", _several(), worth.coalesce),
    Operation(
        name="in",
        signature=_equality,
        strict=False,
        grows=False,
        repeats=True,
        mirrored=None,
        worth=worth.is_in,
    ),
    _choice("case", _case, worth.case),
    # what has an order
    _comparison("lt", _ORDER, mirrored="gt", worth=operator.lt),
    _comparison("le", _ORDER, mirrored="ge", worth=operator.le),
    _comparison("gt", _ORDER, mirrored="lt", worth=operator.gt),
    _comparison("ge", _ORDER, mirrored="le", worth=operator.ge),
    _choice("maximum_of", _several(COMPARABLE), worth.maximum_of),
    _choice("minimum_of", _several(COMPARABLE), worth.minimum_of),
    # numbers
    _number("add", _TWO_NUMBERS, grows=True, repeats=False, worth=operator.add),
    _number("subtract", _TWO_NUMBERS, grows=True, repeats=False, worth=operator.sub),
    _number("multiply", _TWO_NUMBERS, grows=True, repeats=False, worth=operator.mul),
    _number(
        "divide",
        _alike(NUMBERS, gives=float, count=2),
        grows=False,
        repeats=True,
        worth=worth.divide,
    ),
    _number(
        "floor_divide",
        _alike(NUMBERS, gives=int, count=2),
        grows=True,
        repeats=True,
        worth=worth.floor_divide,
    ),
    _number(
        "power",
        _alike(NUMBERS, gives=float, count=2),
        grows=False,
        repeats=True,
        worth=None,
    ),
    _number(
        "negate",
        _alike(NUMBERS, count=1),
        grows=True,
        repeats=False,
        worth=operator.neg,
    ),
    _number("absolute", _alike(NUMBERS, count=1), grows=True, repeats=False, worth=abs),
    _number(
        "to_int",
        _alike(NUMBERS, gives=int, count=1),
        grows=False,  # its own SQL gives NULL beyond 64 bits
        repeats=False,
        worth=int,
    ),
    _number(
        "to_float",
        _alike(NUMBERS, gives=float, count=1),
        grows=False,
        repeats=False,
        worth=float,
    ),
    # strings
    _comparison("contains", _contains, mirrored=None, worth=operator.contains),
    _comparison("word_begins", _contains, mirrored=None, worth=worth.word_begins),
    _text("first_characters", _beginning, repeats=True),
    _text("to_text", _text_of, repeats=False),
    # dates
    _of_dates("year", _DATE_TO_INT, repeats=False),
    _of_dates("month", _DATE_TO_INT, repeats=False),
    _of_dates("day", _DATE_TO_INT, repeats=False),
    _of_dates("first_of_year", _DATE_TO_DATE, repeats=False),
    _of_dates("first_of_month", _DATE_TO_DATE, repeats=False),
    _of_dates("add_days", _DATE_MOVED, repeats=True),
    _of_dates("add_months", _DATE_MOVED, repeats=True),
    _of_dates("days_between", _TWO_DATES, repeats=False),
    _of_dates("months_between", _TWO_DATES, repeats=True),
    Operation(
        name="spell",
        signature=_takes(DATE, DATE, gives=Spell),
        strict=False,  # one end may be missing; `days_covered` counts no day of it
        grows=False,
        repeats=False,
        mirrored=None,
        worth=None,
    ),
)
OPERATIONS: dict[str, Operation] = {each.name: each for each in _ALL}

# What a comparison becomes when its sides change places.
MIRRORED = {name: each.mirrored for name, each in OPERATIONS.items() if each.mirrored}


def type_of_call(operation: str, got: Sequence[type]) -> type:
    """The type an operation gives, or TypeError where it does not take these types."""
    if operation not in OPERATIONS:
        raise TypeError(f"there is no operation {operation!r}")
    result = OPERATIONS[operation].signature(got)
    if result is None:
        raise TypeError(f"{operation!r} does not take {', '.join(map(name_of, got))}")
    return result
