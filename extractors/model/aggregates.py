"""Every aggregate of the language, with all that is known of it but its SQL.

No fact has a default, and `tests/unit/extractors/model/test_aggregates.py` checks the
facts against the templates of `sql/operations.py` and the plain-Python engine of the
tests. What they mean: extractors/language/SEMANTICS.md#operations-by-type.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from extractors.model.operations import DATE, NUMBERS, Spell
from extractors.model.types import COMPARABLE, name_of


@dataclass(frozen=True, kw_only=True)
class Aggregation:
    """The facts of one aggregate."""

    # What `nodes.Aggregate` and the templates of `sql.operations` call it.
    name: str
    # The type it gives for the type of a series, or (None) for the rows of a frame;
    # None where it does not take them.
    signature: Callable[[type | None], type | None]
    # Its value for a patient without a row: None is NULL.
    of_nothing: bool | int | frozenset[Any] | None
    # Whether it takes this argument; None is no argument.
    takes: Callable[[object], bool]


def _no_argument(argument: object) -> bool:
    return argument is None


def _gap(argument: object) -> bool:
    return type(argument) is int and argument >= 0


def _share(argument: object) -> bool:
    return type(argument) is float and 0 <= argument <= 1


def _of_rows(name: str, gives: type, *, of_nothing: bool | int) -> Aggregation:
    """Takes the rows of a frame."""
    return Aggregation(
        name=name,
        signature=lambda of: gives if of is None else None,
        of_nothing=of_nothing,
        takes=_no_argument,
    )


def _of_values(name: str, allowed: tuple[type, ...], gives: type | None) -> Aggregation:
    """Takes a series of an allowed type, and gives NULL for no values."""
    return Aggregation(
        name=name,
        signature=lambda of: (gives or of) if of in allowed else None,
        of_nothing=None,
        takes=_no_argument,
    )


_ALL_AGGREGATES = (
    _of_rows("exists", bool, of_nothing=False),
    _of_rows("count", int, of_nothing=0),
    _of_values("minimum", COMPARABLE, None),
    _of_values("maximum", COMPARABLE, None),
    _of_values("sum", NUMBERS, None),
    _of_values("mean", NUMBERS, float),
    Aggregation(
        name="count_distinct",
        signature=lambda of: None if of is None else int,
        of_nothing=0,
        takes=_no_argument,
    ),
    Aggregation(
        name="quantile",
        signature=lambda of: float if of in NUMBERS else None,
        of_nothing=None,
        takes=_share,
    ),
    Aggregation(
        name="count_episodes",
        signature=lambda of: int if of is DATE else None,
        of_nothing=0,
        takes=_gap,  # the longest gap in days
    ),
    Aggregation(
        name="days_covered",
        signature=lambda of: int if of is Spell else None,
        of_nothing=0,
        takes=_no_argument,
    ),
    Aggregation(
        # of each first day the longest spell, in nights; their sum
        name="nights_by_start",
        signature=lambda of: int if of is Spell else None,
        of_nothing=0,
        takes=_no_argument,
    ),
    Aggregation(
        name="set",
        signature=lambda of: of,
        of_nothing=frozenset(),
        takes=_no_argument,
    ),
)
AGGREGATES: dict[str, Aggregation] = {each.name: each for each in _ALL_AGGREGATES}


def check_argument(operation: str, argument: object) -> None:
    """TypeError unless this aggregate takes this argument."""
    known = AGGREGATES.get(operation)
    fine = known.takes(argument) if known else argument is None
    if not fine:
        raise TypeError(f"{operation!r} does not take the argument {argument!r}")


def type_of_aggregate(operation: str, of: type | None) -> type:
    """The type of an aggregate's value, or TypeError where there is none."""
    if operation not in AGGREGATES:
        raise TypeError(f"there is no aggregate {operation!r}")
    result = AGGREGATES[operation].signature(of)
    if result is None:
        raise TypeError(f"{operation!r} does not take {name_of(of) if of else 'rows'}")
    return result
