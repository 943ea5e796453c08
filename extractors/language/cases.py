"""Choosing between values: case, when, maximum_of, minimum_of."""

from dataclasses import dataclass
from typing import Any, ClassVar

from extractors.language.base import (
    build_case,
    called,
    condition_node,
    operand,
    type_of_values,
    wrap,
)
from extractors.model import nodes
from extractors.model.types import COMPARABLE, name_of


@dataclass(frozen=True, eq=False)
class when:
    """A condition of a case: `when(condition).then(value)`."""

    condition: Any
    _called: ClassVar[str] = "a when(…) without its .then(…)"

    def __post_init__(self) -> None:
        condition_node(self.condition, "when")

    def then(self, value: Any) -> "WhenThen":
        return WhenThen(self.condition, value)


@dataclass(frozen=True, eq=False)
class WhenThen:
    condition: Any
    value: Any
    _called: ClassVar[str] = "a when(…).then(…) without its .otherwise(…)"

    def otherwise(self, value: Any) -> Any:
        """The value where the condition is False or NULL."""
        return case(self, otherwise=value)


def case(*whens: WhenThen, otherwise: Any = None) -> Any:
    """The value of the first condition that is True; `otherwise` if none is."""
    if not whens:
        raise TypeError("case needs at least one when(…).then(…)")
    for each in whens:
        if not isinstance(each, WhenThen):
            raise TypeError(
                "case takes when(…).then(…) and at the end otherwise=…, got "
                f"{called(each)}"
            )
    _refuse_repeats([condition_node(each.condition, "case") for each in whens])
    return build_case([(each.condition, each.value) for each in whens], otherwise)


def _refuse_repeats(conditions: list[nodes.Series]) -> None:
    if len(set(conditions)) < len(conditions):
        raise TypeError(
            "the same condition stands twice in a case; the second can never be reached"
        )


def maximum_of(*values: Any) -> Any:
    """The greatest of two or more values of each patient or row; NULLs are
    disregarded.
    """
    return _extreme("maximum_of", values)


def minimum_of(*values: Any) -> Any:
    """The least of two or more values of each patient or row; NULLs are disregarded."""
    return _extreme("minimum_of", values)


def _extreme(operation: str, values: tuple) -> Any:
    if len(values) < 2:
        raise TypeError(f"{operation} needs at least two values, got {len(values)}")
    of = type_of_values(list(values))
    if of not in COMPARABLE:
        raise TypeError(
            f"{operation} takes what has an order: numbers, strings or dates; got "
            f"{name_of(of)}"
        )
    return wrap(nodes.Call(operation, tuple(operand(value, of) for value in values)))
