"""Choosing between values: case, when, maximum_of, minimum_of."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, overload

from extractors.language.base import called, wrap
from extractors.language.dates import (
    AnyDate,
    DateEventSeries,
    DateOfPatient,
    DatePatientSeries,
)
from extractors.language.levels import EventSeries, NullMethods, PatientSeries
from extractors.language.numbers import (
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
)
from extractors.language.operands import (
    build_case,
    condition_node,
    operand,
    type_of_values,
)
from extractors.language.series import BoolEventSeries, BoolPatientSeries
from extractors.language.texts import StrEventSeries, StrPatientSeries
from extractors.model import nodes
from extractors.model.types import COMPARABLE, name_of

Condition = TypeVar("Condition", bound=BoolPatientSeries | BoolEventSeries)
# the Python values that go with the type of a case, and its series
Literal = TypeVar("Literal")
Value = TypeVar("Value", covariant=True)
OnePatient = TypeVar("OnePatient", bound=PatientSeries)
OneRow = TypeVar("OneRow", bound=EventSeries)


@dataclass(frozen=True, eq=False)
class when(Generic[Condition]):
    """A condition of a case: `when(condition).then(value)`.

    `condition` is a bool series; where it is False or NULL, the next case is looked at.

        when(age < 18).then("child").otherwise("adult")

    Raises TypeError for what is no condition.
    """

    # a bool series, or a plain True or False
    condition: Condition
    # what a refusal calls it
    _called: ClassVar[str] = "a when(…) without its .then(…)"

    def __post_init__(self) -> None:
        condition_node(self.condition, "when")

    # A value of each patient under a condition of each row has a value for each row.
    # A bool is an int to Python, and an int a float to a type checker.
    @overload
    def then(
        self: when[BoolPatientSeries],
        value: NullMethods[Literal, OnePatient, Any, OnePatient, Any],
    ) -> WhenThen[Literal, OnePatient]: ...
    @overload
    def then(
        self, value: NullMethods[Literal, Any, OneRow, Any, Any]
    ) -> WhenThen[Literal, OneRow]: ...
    @overload
    def then(  # type: ignore[overload-overlap]
        self: when[BoolPatientSeries], value: bool
    ) -> WhenThen[bool, BoolPatientSeries]: ...
    @overload
    def then(
        self: when[BoolPatientSeries], value: int
    ) -> WhenThen[int, IntPatientSeries]: ...
    @overload
    def then(
        self: when[BoolPatientSeries], value: float
    ) -> WhenThen[float, FloatPatientSeries]: ...
    @overload
    def then(
        self: when[BoolPatientSeries], value: str
    ) -> WhenThen[str, StrPatientSeries]: ...
    @overload
    def then(
        self: when[BoolPatientSeries], value: datetime.date
    ) -> WhenThen[datetime.date | str, DatePatientSeries]: ...
    @overload
    def then(  # type: ignore[overload-overlap]
        self: when[BoolEventSeries], value: bool
    ) -> WhenThen[bool, BoolEventSeries]: ...
    @overload
    def then(
        self: when[BoolEventSeries], value: int
    ) -> WhenThen[int, IntEventSeries]: ...
    @overload
    def then(
        self: when[BoolEventSeries], value: float
    ) -> WhenThen[float, FloatEventSeries]: ...
    @overload
    def then(
        self: when[BoolEventSeries], value: str
    ) -> WhenThen[str, StrEventSeries]: ...
    @overload
    def then(
        self: when[BoolEventSeries], value: datetime.date
    ) -> WhenThen[datetime.date | str, DateEventSeries]: ...
    @overload
    def then(self, value: None) -> WhenThen[Any, Any]: ...
    def then(self, value: Any) -> Any:
        """What a condition that is True gives: a series, a plain value, or None.

        None gives NULL.

            case(when(age < 18).then("child"), when(age >= 18).then("adult"))
        """
        return WhenThen(self.condition, value)


@dataclass(frozen=True, eq=False)
class WhenThen(Generic[Literal, Value]):
    """A condition, and the value where it is True."""

    # a bool series, or a plain True or False
    condition: Any
    # a series, a plain value, or None
    value: Any
    # what a refusal calls it
    _called: ClassVar[str] = "a when(…).then(…) without its .otherwise(…)"

    @overload
    def otherwise(self, value: Literal | None) -> Value: ...
    @overload
    def otherwise(self: WhenThen[Literal, OneRow], value: PatientSeries) -> OneRow: ...
    @overload
    def otherwise(
        self: WhenThen[Literal, OnePatient], value: OnePatient
    ) -> OnePatient: ...
    @overload
    def otherwise(
        self, value: NullMethods[Literal, Any, OneRow, OneRow, Any]
    ) -> OneRow: ...
    def otherwise(self, value: Any) -> Any:
        """The value where the condition is False or NULL; None gives NULL.

            when(patients.sex == "female").then("F").otherwise("other")

        Raises TypeError for a value of another type.
        """
        return case(self, otherwise=value)


@overload
def case(
    *whens: WhenThen[Literal, Value], otherwise: Literal | None = None
) -> Value: ...
@overload
def case(
    *whens: WhenThen[Literal, Value],
    otherwise: NullMethods[Literal, Any, Any, Value, Any],
) -> Value: ...
@overload
def case(
    *whens: WhenThen[Literal, Any],
    otherwise: NullMethods[Literal, Any, OneRow, Any, Any],
) -> OneRow: ...
def case(*whens: WhenThen[Any, Any], otherwise: Any = None) -> Any:
    """The value of the first condition that is True; `otherwise` if none is.

    All values have one type, which is that of the result. A condition that is NULL goes
    on to the next; without `otherwise` the result is NULL where none is True.

        case(
            when(age < 18).then("child"),
            when(age < 65).then("adult"),
            otherwise="older",
        )

    Raises TypeError for values of several types, for a condition that is there twice,
    and for anything that is no when(…).then(…).
    """
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
            "a case has the same condition twice; the second can never be reached"
        )


# The first form of each pair is narrower than the second, which it is there for: of
# values of patients alone the result has one value per patient.
@overload
def maximum_of(  # type: ignore[overload-overlap]
    first: int | IntPatientSeries,
    second: int | IntPatientSeries,
    /,
    *values: int | IntPatientSeries,
) -> IntPatientSeries: ...
@overload
def maximum_of(
    first: int | IntPatientSeries | IntEventSeries,
    second: int | IntPatientSeries | IntEventSeries,
    /,
    *values: int | IntPatientSeries | IntEventSeries,
) -> IntEventSeries: ...
@overload
def maximum_of(  # type: ignore[overload-overlap]
    first: float | FloatPatientSeries,
    second: float | FloatPatientSeries,
    /,
    *values: float | FloatPatientSeries,
) -> FloatPatientSeries: ...
@overload
def maximum_of(
    first: float | FloatPatientSeries | FloatEventSeries,
    second: float | FloatPatientSeries | FloatEventSeries,
    /,
    *values: float | FloatPatientSeries | FloatEventSeries,
) -> FloatEventSeries: ...
@overload
def maximum_of(  # type: ignore[overload-overlap]
    first: str | StrPatientSeries,
    second: str | StrPatientSeries,
    /,
    *values: str | StrPatientSeries,
) -> StrPatientSeries: ...
@overload
def maximum_of(  # type: ignore[overload-overlap]
    first: str | StrPatientSeries | StrEventSeries,
    second: str | StrPatientSeries | StrEventSeries,
    /,
    *values: str | StrPatientSeries | StrEventSeries,
) -> StrEventSeries: ...
@overload
def maximum_of(  # type: ignore[overload-overlap]
    first: DateOfPatient, second: DateOfPatient, /, *values: DateOfPatient
) -> DatePatientSeries: ...
@overload
def maximum_of(
    first: AnyDate, second: AnyDate, /, *values: AnyDate
) -> DateEventSeries: ...
def maximum_of(*values: Any) -> Any:
    """The greatest of two or more values of each patient or row.

    Numbers, strings or dates, all of one type. NULLs are disregarded; NULL only where
    all are.

        maximum_of(first_dose.date, second_dose.date)

    Raises TypeError for fewer than two values, and for what has no order.
    """
    return _extreme("maximum_of", values)


@overload
def minimum_of(  # type: ignore[overload-overlap]
    first: int | IntPatientSeries,
    second: int | IntPatientSeries,
    /,
    *values: int | IntPatientSeries,
) -> IntPatientSeries: ...
@overload
def minimum_of(
    first: int | IntPatientSeries | IntEventSeries,
    second: int | IntPatientSeries | IntEventSeries,
    /,
    *values: int | IntPatientSeries | IntEventSeries,
) -> IntEventSeries: ...
@overload
def minimum_of(  # type: ignore[overload-overlap]
    first: float | FloatPatientSeries,
    second: float | FloatPatientSeries,
    /,
    *values: float | FloatPatientSeries,
) -> FloatPatientSeries: ...
@overload
def minimum_of(
    first: float | FloatPatientSeries | FloatEventSeries,
    second: float | FloatPatientSeries | FloatEventSeries,
    /,
    *values: float | FloatPatientSeries | FloatEventSeries,
) -> FloatEventSeries: ...
@overload
def minimum_of(  # type: ignore[overload-overlap]
    first: str | StrPatientSeries,
    second: str | StrPatientSeries,
    /,
    *values: str | StrPatientSeries,
) -> StrPatientSeries: ...
@overload
def minimum_of(  # type: ignore[overload-overlap]
    first: str | StrPatientSeries | StrEventSeries,
    second: str | StrPatientSeries | StrEventSeries,
    /,
    *values: str | StrPatientSeries | StrEventSeries,
) -> StrEventSeries: ...
@overload
def minimum_of(  # type: ignore[overload-overlap]
    first: DateOfPatient, second: DateOfPatient, /, *values: DateOfPatient
) -> DatePatientSeries: ...
@overload
def minimum_of(
    first: AnyDate, second: AnyDate, /, *values: AnyDate
) -> DateEventSeries: ...
def minimum_of(*values: Any) -> Any:
    """The least of two or more values of each patient or row.

    Numbers, strings or dates, all of one type. NULLs are disregarded; NULL only where
    all are.

        minimum_of(INTERVAL.end_date, patients.date_of_death)

    Raises TypeError for fewer than two values, and for what has no order.
    """
    return _extreme("minimum_of", values)


def _extreme(operation: str, values: tuple[Any, ...]) -> Any:
    if len(values) < 2:
        raise TypeError(f"{operation} needs at least two values, got {len(values)}")
    of = type_of_values(list(values))
    if of not in COMPARABLE:
        raise TypeError(
            f"{operation} takes what has an order: numbers, strings or dates; got "
            f"{name_of(of)}"
        )
    return wrap(nodes.Call(operation, tuple(operand(value, of) for value in values)))
