"""Series of whole numbers and of floats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, overload

from extractors.language.base import BaseSeries, register, wrap
from extractors.language.levels import (
    OfEvent,
    OfPatient,
    Own,
    PatientSeries,
    Plain,
    Real,
    Text,
    Truth,
    Whole,
)
from extractors.language.operands import operand
from extractors.language.series import (
    BoolEventSeries,
    BoolPatientSeries,
    ComparableAggregates,
    ComparableMethods,
)
from extractors.model import nodes
from extractors.model.types import name_of

if TYPE_CHECKING:
    # the classes below name them by strings
    from extractors.language.texts import (  # noqa: F401
        StrEventSeries,
        StrPatientSeries,
    )


class NumberMethods(
    ComparableMethods[Plain, OfPatient, OfEvent, Own, Truth],
    Generic[Plain, OfPatient, OfEvent, Own, Truth, Whole, Real, Text],
):
    """Whole numbers, or floats; the two do not mix, but for a plain int with floats.

    NULL where either side is NULL.
    """

    __slots__ = ()

    @overload
    def __add__(self, other: Plain | OfPatient) -> Own: ...
    @overload
    def __add__(self, other: OfEvent) -> OfEvent: ...
    def __add__(self, other: Any) -> Any:
        """The sum; NULL where either is NULL, or 64 bits cannot hold it.

            age + 1

        Raises TypeError for a value of another type.
        """
        return self._call("add", other)

    @overload
    def __sub__(self, other: Plain | OfPatient) -> Own: ...
    @overload
    def __sub__(self, other: OfEvent) -> OfEvent: ...
    def __sub__(self, other: Any) -> Any:
        """The difference; NULL where either is NULL, or 64 bits cannot hold it.

            last_weight - first_weight

        Raises TypeError for a value of another type.
        """
        return self._call("subtract", other)

    @overload
    def __mul__(self, other: Plain | OfPatient) -> Own: ...
    @overload
    def __mul__(self, other: OfEvent) -> OfEvent: ...
    def __mul__(self, other: Any) -> Any:
        """The product; NULL where either is NULL, or 64 bits cannot hold it.

            height * height

        Raises TypeError for a value of another type.
        """
        return self._call("multiply", other)

    @overload
    def __truediv__(self, other: Plain | OfPatient) -> Real: ...
    @overload
    def __truediv__(self, other: OfEvent) -> FloatEventSeries: ...
    def __truediv__(self, other: Any) -> Any:
        """The quotient, always a float; NULL where the divisor is 0 or either is NULL.

            weight / (height * height)

        Raises TypeError for a value of another type.
        """
        return self._call("divide", other)

    @overload
    def __floordiv__(self, other: Plain | OfPatient) -> Whole: ...
    @overload
    def __floordiv__(self, other: OfEvent) -> IntEventSeries: ...
    def __floordiv__(self, other: Any) -> Any:
        """The whole quotient, always an int, rounded towards minus infinity.

        NULL where the divisor is 0 or either is NULL.

            age // 10

        Raises TypeError for a value of another type.
        """
        return self._call("floor_divide", other)

    @overload
    def __pow__(self, other: Plain | OfPatient) -> Real: ...
    @overload
    def __pow__(self, other: OfEvent) -> FloatEventSeries: ...
    def __pow__(self, other: Any) -> Any:
        """The power, always a float; NULL where the result is not a real number.

            height**2

        Raises TypeError for a value of another type.
        """
        return self._call("power", other)

    # With a plain number on the left; of two series Python asks the left one.
    def __radd__(self, other: Plain) -> Own:
        result: Own = self._reversed("add", other)
        return result

    def __rsub__(self, other: Plain) -> Own:
        result: Own = self._reversed("subtract", other)
        return result

    def __rmul__(self, other: Plain) -> Own:
        result: Own = self._reversed("multiply", other)
        return result

    def __rtruediv__(self, other: Plain) -> Real:
        result: Real = self._reversed("divide", other)
        return result

    def __rfloordiv__(self, other: Plain) -> Whole:
        result: Whole = self._reversed("floor_divide", other)
        return result

    def __rpow__(self, other: Plain) -> Real:
        result: Real = self._reversed("power", other)
        return result

    def _reversed(self, operation: str, other: Any) -> Any:
        return wrap(nodes.Call(operation, (operand(other, self.node.type), self.node)))

    def __neg__(self) -> Own:
        """The number with the other sign.

        NULL stays NULL.

            -change
        """
        negative: Own = self._call("negate")
        return negative

    def __abs__(self) -> Own:
        raise TypeError("abs() does not work on series; use .absolute()")

    def absolute(self) -> Own:
        """The number without its sign.

        NULL stays NULL.

            (last_weight - first_weight).absolute()
        """
        size: Own = self._call("absolute")
        return size

    def as_int(self) -> Whole:
        """The whole part, cut off towards zero.

        -6.7 gives -6. NULL stays NULL.

            clinical_events.numeric_value.as_int()
        """
        number: Whole = self._call("to_int")
        return number

    def as_float(self) -> Real:
        """The number as a float.

        NULL stays NULL.

            age.as_float() / 10.0
        """
        number: Real = self._call("to_float")
        return number

    def as_text(self) -> Text:
        """A whole number as a string, in digits; NULL stays NULL. Beyond ehrQL.

            practice_registrations.practice_pseudo_id.as_text()

        Raises TypeError for a float.
        """
        text: Text = self._call("to_text")
        return text


class NumberAggregates(ComparableAggregates[OfPatient]):
    """Sums, means and quantiles of a patient's values."""

    __slots__ = ()

    def sum_for_patient(self) -> OfPatient:
        """The sum of each patient's values, of the type of the series.

        NULL is left out; NULL, not 0, where there is no value.

            apcs.days_in_critical_care.sum_for_patient()
        """
        total: OfPatient = self._aggregate("sum")
        return total

    def mean_for_patient(self) -> FloatPatientSeries:
        """The mean of each patient's values, a float.

        NULL is left out; NULL where there is no value.

            clinical_events.numeric_value.mean_for_patient()
        """
        mean: FloatPatientSeries = self._aggregate("mean")
        return mean

    def median_for_patient(self) -> FloatPatientSeries:
        """The value in the middle, or halfway between the two there; a float.

        NULL is left out; NULL where there is no value. Beyond ehrQL.

            clinical_events.numeric_value.median_for_patient()
        """
        return self.quantile_for_patient(0.5)

    def quantile_for_patient(self, q: float) -> FloatPatientSeries:
        """The value below which the share `q` of the values lies; a float.

        Between two values it is interpolated linearly. `q` is a plain number from 0 to
        1. NULL is left out; NULL where there is no value. Beyond ehrQL.

            clinical_events.numeric_value.quantile_for_patient(0.95)

        Raises TypeError for what is no plain number, ValueError for one outside 0 to 1.
        """
        if type(q) not in (int, float):
            raise TypeError(
                "quantile_for_patient needs a plain number from 0 to 1, got "
                f"{_type_in_words(q)}"
            )
        if not 0 <= q <= 1:
            raise ValueError(
                f"quantile_for_patient needs a number from 0 to 1, got {q}; the 95th "
                "percentile is 0.95"
            )
        share: FloatPatientSeries = self._aggregate("quantile", float(q))
        return share


def _type_in_words(value: Any) -> str:
    if isinstance(value, BaseSeries):
        return f"a series of {name_of(value.node.type)}"
    return name_of(type(value))


@register(int)
class IntEventSeries(
    NumberMethods[
        int,
        "IntPatientSeries",
        "IntEventSeries",
        "IntEventSeries",
        BoolEventSeries,
        "IntEventSeries",
        "FloatEventSeries",
        "StrEventSeries",
    ],
    NumberAggregates["IntPatientSeries"],
):
    """A whole number, or NULL, for each row."""

    __slots__ = ()


@register(float)
class FloatEventSeries(
    NumberMethods[
        float,
        "FloatPatientSeries",
        "FloatEventSeries",
        "FloatEventSeries",
        BoolEventSeries,
        IntEventSeries,
        "FloatEventSeries",
        "StrEventSeries",
    ],
    NumberAggregates["FloatPatientSeries"],
):
    """A float, or NULL, for each row."""

    __slots__ = ()


@register(int)
class IntPatientSeries(
    NumberMethods[
        int,
        "IntPatientSeries",
        IntEventSeries,
        "IntPatientSeries",
        BoolPatientSeries,
        "IntPatientSeries",
        "FloatPatientSeries",
        "StrPatientSeries",
    ],
    PatientSeries,
):
    """A whole number, or NULL, once per patient."""

    __slots__ = ()


@register(float)
class FloatPatientSeries(
    NumberMethods[
        float,
        "FloatPatientSeries",
        FloatEventSeries,
        "FloatPatientSeries",
        BoolPatientSeries,
        IntPatientSeries,
        "FloatPatientSeries",
        "StrPatientSeries",
    ],
    PatientSeries,
):
    """A float, or NULL, once per patient."""

    __slots__ = ()
