"""Series of bools, and the order and the aggregates that numbers, strings and dates
share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, overload

from extractors.language.base import register, wrap
from extractors.language.contradictions import note_contradiction
from extractors.language.levels import (
    EventSeries,
    OfEvent,
    OfPatient,
    Own,
    PatientSeries,
    Plain,
    Truth,
    ValueMethods,
    Whole,
)
from extractors.language.operands import condition_node
from extractors.model import nodes

if TYPE_CHECKING:
    # the classes below name them by strings
    from extractors.language.numbers import (  # noqa: F401
        IntEventSeries,
        IntPatientSeries,
    )


class BoolMethods(
    ValueMethods[bool, "BoolPatientSeries", "BoolEventSeries", Own, Own],
    Generic[Own, Whole],
):
    """Conditions. False & NULL is False, True | NULL is True, otherwise NULL stays."""

    __slots__ = ()

    # A plain True or False works as well. It is no type here, because Python makes a
    # comparison of what does not fit together one, and a checker finds it by that.
    @overload
    def __and__(self, other: BoolPatientSeries) -> Own: ...
    @overload
    def __and__(self, other: BoolEventSeries) -> BoolEventSeries: ...
    def __and__(self, other: Any) -> Any:
        """Whether both are True; False where either is False, whatever the other is.

            registered & patients.is_alive_on("2022-01-01")

        Raises TypeError for what is no bool series.
        """
        return self._logic("and", other)

    @overload
    def __or__(self, other: BoolPatientSeries) -> Own: ...
    @overload
    def __or__(self, other: BoolEventSeries) -> BoolEventSeries: ...
    def __or__(self, other: Any) -> Any:
        """Whether one is True; True where either is True, whatever the other is.

            found_by_code | found_by_drug

        Raises TypeError for what is no bool series.
        """
        return self._logic("or", other)

    if not TYPE_CHECKING:
        __rand__, __ror__ = __and__, __or__

    def _logic(self, operation: str, other: Any) -> Any:
        symbol = {"and": "&", "or": "|"}[operation]
        both = nodes.Call(operation, (self.node, condition_node(other, f"`{symbol}`")))
        if operation == "and":
            note_contradiction([both])
        return wrap(both)

    def __invert__(self) -> Own:
        """Whether it is False.

        NULL stays NULL.

            ~patients.is_dead_on("2022-01-01")
        """
        opposite: Own = self._call("not")
        return opposite

    def as_int(self) -> Whole:
        """1 for True, 0 for False.

        NULL stays NULL.

            has_asthma.as_int() + has_copd.as_int()
        """
        number: Whole = self._call("bool_to_int")
        return number


@register(bool)
class BoolPatientSeries(
    BoolMethods["BoolPatientSeries", "IntPatientSeries"], PatientSeries
):
    """True, False or NULL, once per patient."""

    __slots__ = ()


@register(bool)
class BoolEventSeries(BoolMethods["BoolEventSeries", "IntEventSeries"], EventSeries):
    """True, False or NULL for each row."""

    __slots__ = ()


# what has an order --------------------------------------------------------------------


class ComparableMethods(ValueMethods[Plain, OfPatient, OfEvent, Own, Truth]):
    """Numbers, strings and dates; NULL where either side of a comparison is NULL."""

    __slots__ = ()

    @overload
    def __lt__(self, other: Plain | OfPatient) -> Truth: ...
    @overload
    def __lt__(self, other: OfEvent) -> BoolEventSeries: ...
    def __lt__(self, other: Any) -> Any:
        """Whether it is less, or earlier.

            age < 18

        Raises TypeError for a value of another type.
        """
        return self._call("lt", other)

    @overload
    def __le__(self, other: Plain | OfPatient) -> Truth: ...
    @overload
    def __le__(self, other: OfEvent) -> BoolEventSeries: ...
    def __le__(self, other: Any) -> Any:
        """Whether it is at most so much, or not later.

            age <= 17

        Raises TypeError for a value of another type.
        """
        return self._call("le", other)

    @overload
    def __gt__(self, other: Plain | OfPatient) -> Truth: ...
    @overload
    def __gt__(self, other: OfEvent) -> BoolEventSeries: ...
    def __gt__(self, other: Any) -> Any:
        """Whether it is more, or later.

            clinical_events.numeric_value > 140.0

        Raises TypeError for a value of another type.
        """
        return self._call("gt", other)

    @overload
    def __ge__(self, other: Plain | OfPatient) -> Truth: ...
    @overload
    def __ge__(self, other: OfEvent) -> BoolEventSeries: ...
    def __ge__(self, other: Any) -> Any:
        """Whether it is at least so much, or not earlier.

            age >= 65

        Raises TypeError for a value of another type.
        """
        return self._call("ge", other)


class ComparableAggregates(EventSeries, Generic[OfPatient]):
    """The least and the greatest of a patient's values."""

    __slots__ = ()

    def minimum_for_patient(self) -> OfPatient:
        """The least value of each patient's rows.

        NULL is left out; NULL where there is no value.

            clinical_events.date.minimum_for_patient()
        """
        least: OfPatient = self._aggregate("minimum")
        return least

    def maximum_for_patient(self) -> OfPatient:
        """The greatest value of each patient's rows.

        NULL is left out; NULL where there is no value.

            clinical_events.numeric_value.maximum_for_patient()
        """
        greatest: OfPatient = self._aggregate("maximum")
        return greatest
