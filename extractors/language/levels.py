"""The two levels of a series, one value per patient or one per row, and what every
type can do.

Methods of a type are generic classes, of which the class of each level fills in its
own. So `IntPatientSeries + 1` is an `IntPatientSeries`, and `IntPatientSeries +
IntEventSeries` an `IntEventSeries`, which has a value for each row:

    Plain      the Python values that go with the type: int, or date and str
    OfPatient  the class of the type with one value per patient
    OfEvent    the class of the type with one value per row
    Own        the one of these two that the class itself is
    Truth, Whole, Real, Text   bool, int, float and str series of the same level
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from extractors.language.base import BaseSeries, called, wrap
from extractors.language.doubts import note_strange_values
from extractors.language.members import (
    is_text_of,
    members_of,
    refuse_ids_among,
    without_format,
)
from extractors.language.operands import build_case, operand
from extractors.model import nodes
from extractors.model.types import is_code

if TYPE_CHECKING:
    from extractors.language.concept_sets import ConceptSet
    from extractors.language.dates import DateEventSeries, DatePatientSeries
    from extractors.language.numbers import (
        FloatEventSeries,
        FloatPatientSeries,
        IntEventSeries,
        IntPatientSeries,
    )
    from extractors.language.series import BoolEventSeries, BoolPatientSeries
    from extractors.language.texts import StrEventSeries, StrPatientSeries

Plain = TypeVar("Plain")
OfPatient = TypeVar("OfPatient")
OfEvent = TypeVar("OfEvent")
Own = TypeVar("Own")
Truth = TypeVar("Truth")
Whole = TypeVar("Whole")
Real = TypeVar("Real")
Text = TypeVar("Text")
OnePatient = TypeVar("OnePatient", bound="PatientSeries")
OneRow = TypeVar("OneRow", bound="EventSeries")


class CallMethods(BaseSeries):
    """How a method makes the series of its result."""

    __slots__ = ()

    def _call(self, operation: str, *others: Any) -> Any:
        """An operation on this series and others; literals become values of its
        type.
        """
        arguments = [operand(other, self.node.type) for other in others]
        return wrap(nodes.Call(operation, (self.node, *arguments)))

    def _map_values(self, mapping: Any, default: Any) -> Any:
        if not isinstance(mapping, Mapping):
            hint = ""
            if called(mapping) == "list":
                hint = "; a codelist is one with category_column=…"
            raise TypeError(f"values are mapped by a dict, got {called(mapping)}{hint}")
        if not mapping:
            raise TypeError("map_values needs at least one value to map")
        refuse_ids_among(mapping, self.node.type)
        pairs = [(self._is_in(keys), value) for value, keys in self._groups(mapping)]
        return build_case(pairs, default)

    def _groups(self, mapping: Mapping[Any, Any]) -> list[tuple[Any, list[Any]]]:
        """Each value of a mapping, and all keys that have it."""
        damaged: Collection[str] = ()
        if is_code(self.node.type):
            damaged = without_format(mapping, self.node.type)
        groups: dict[Any, tuple[Any, list[Any]]] = {}
        for key, value in mapping.items():
            if is_text_of(key, damaged):
                continue
            same = value.node if isinstance(value, BaseSeries) else value
            groups.setdefault((type(value), same), (value, []))[1].append(key)
        return list(groups.values())

    def _is_in(self, values: Any) -> Any:
        members = members_of(values, self.node.type)
        if isinstance(members, nodes.Values):
            note_strange_values(self.node, members.values)
        return wrap(nodes.Call("in", (self.node, members)))


class NullMethods(CallMethods, Generic[Plain, OfPatient, OfEvent, Own, Truth]):
    """What series of any type can do about missing values."""

    __slots__ = ()

    def is_null(self) -> Truth:
        """Whether there is no value.

        True or False, never NULL.

            patients.date_of_death.is_null()
        """
        truth: Truth = self._call("is_null")
        return truth

    def is_not_null(self) -> Truth:
        """Whether there is a value.

        True or False, never NULL.

            clinical_events.numeric_value.is_not_null()
        """
        truth: Truth = ~self._call("is_null")
        return truth

    @overload
    def when_null_then(self, other: Plain | OfPatient) -> Own: ...
    @overload
    def when_null_then(self, other: OfEvent) -> OfEvent: ...
    def when_null_then(self, other: Any) -> Any:
        """This value, or `other` where there is none.

        `other` is a value or a series of the same type. NULL only where both are.

            weight.when_null_then(estimated_weight)

        Raises TypeError for a value of another type.
        """
        return self._call("coalesce", other)


class ValueMethods(NullMethods[Plain, OfPatient, OfEvent, Own, Truth]):
    """What series of one value each can do: compare it and look for it."""

    __slots__ = ()

    # Python's own `==` takes any object and gives a bool; that of a series does not.
    @overload  # type: ignore[override]
    def __eq__(self, other: Plain | OfPatient) -> Truth: ...
    @overload
    def __eq__(self, other: OfEvent) -> BoolEventSeries: ...
    def __eq__(self, other: Any) -> Any:
        """Whether two values are the same; NULL where either is NULL.

            patients.sex == "female"

        Raises TypeError for a value of another type, and for None.
        """
        return self._compare("eq", other)

    @overload  # type: ignore[override]
    def __ne__(self, other: Plain | OfPatient) -> Truth: ...
    @overload
    def __ne__(self, other: OfEvent) -> BoolEventSeries: ...
    def __ne__(self, other: Any) -> Any:
        """Whether two values differ; NULL where either is NULL.

            patients.sex != "unknown"

        Raises TypeError for a value of another type, and for None.
        """
        return self._compare("ne", other)

    __hash__ = None  # type: ignore[assignment]

    def _compare(self, operation: str, other: Any) -> Any:
        compared = self._call(operation, other)
        if not isinstance(other, BaseSeries):
            note_strange_values(self.node, [other])
        return compared

    def is_in(self, values: Collection[Plain] | OfEvent | ConceptSet) -> Truth:
        """Whether the value is one of a collection, or of the patient's own values.

        `values` is a list, tuple, set or dict (its keys count), a series with a value
        for each row, or for concept ids a `concept_set`. NULL stays NULL; of an empty
        collection the answer is False, also for NULL.

            clinical_events.snomedct_code.is_in(asthma_codes)

        Raises TypeError for anything else and for values of another type, ValueError
        for codes of another coding system.
        """
        truth: Truth = self._is_in(values)
        return truth

    def is_not_in(self, values: Collection[Plain] | OfEvent | ConceptSet) -> Truth:
        """Whether the value is none of a collection, or of the patient's own values.

        The opposite of `is_in`, which says what `values` may be. NULL stays NULL; of an
        empty collection the answer is True, also for NULL.

            patients.sex.is_not_in(["unknown", "intersex"])

        Raises TypeError and ValueError as `is_in`.
        """
        truth: Truth = ~self._is_in(values)
        return truth


class PatientSeries(CallMethods):
    """One value per patient."""

    _level = "patient"
    __slots__ = ()

    # The keys are of the type of the series; a Mapping fixes the type of its keys, so
    # a dict of texts would be refused where dates and texts are allowed. A bool is an
    # int to Python and an int is a float to a checker, hence the overlaps.
    @overload
    def map_values(
        self, mapping: Mapping[Any, str | None], default: str | None = None
    ) -> StrPatientSeries: ...
    @overload
    def map_values(  # type: ignore[overload-overlap]
        self, mapping: Mapping[Any, bool | None], default: bool | None = None
    ) -> BoolPatientSeries: ...
    @overload
    def map_values(
        self, mapping: Mapping[Any, int | None], default: int | None = None
    ) -> IntPatientSeries: ...
    @overload
    def map_values(
        self, mapping: Mapping[Any, float | None], default: float | None = None
    ) -> FloatPatientSeries: ...
    @overload
    def map_values(
        self,
        mapping: Mapping[Any, datetime.date | None],
        default: datetime.date | None = None,
    ) -> DatePatientSeries: ...
    @overload
    def map_values(
        self, mapping: Mapping[Any, OnePatient], default: OnePatient | None = None
    ) -> OnePatient: ...
    def map_values(self, mapping: Any, default: Any = None) -> Any:
        """Replace values as the mapping says; everything else becomes `default`.

        All values of the mapping have one type, which is the type of the result; None
        makes NULL. NULL, and a value that is no key, become `default`.

            patients.sex.map_values({"female": "F", "male": "M"}, default="other")

        Raises TypeError for anything but a dict with at least one key, and for keys of
        another type than the series.
        """
        return self._map_values(mapping, default)


class EventSeries(CallMethods):
    """One value for each row of a frame, so any number per patient."""

    _level = "event"
    __slots__ = ()

    def _aggregate(self, operation: str, argument: int | float | None = None) -> Any:
        return wrap(nodes.Aggregate(operation, self.node, argument))

    def count_distinct_for_patient(self) -> IntPatientSeries:
        """How many different values each patient has.

        Never NULL: NULL is no value, and of nothing it is 0.

            clinical_events.date.count_distinct_for_patient()
        """
        number: IntPatientSeries = self._aggregate("count_distinct")
        return number

    @overload
    def map_values(
        self, mapping: Mapping[Any, str | None], default: str | None = None
    ) -> StrEventSeries: ...
    @overload
    def map_values(  # type: ignore[overload-overlap]
        self, mapping: Mapping[Any, bool | None], default: bool | None = None
    ) -> BoolEventSeries: ...
    @overload
    def map_values(
        self, mapping: Mapping[Any, int | None], default: int | None = None
    ) -> IntEventSeries: ...
    @overload
    def map_values(
        self, mapping: Mapping[Any, float | None], default: float | None = None
    ) -> FloatEventSeries: ...
    @overload
    def map_values(
        self,
        mapping: Mapping[Any, datetime.date | None],
        default: datetime.date | None = None,
    ) -> DateEventSeries: ...
    @overload
    def map_values(
        self, mapping: Mapping[Any, OneRow], default: OneRow | None = None
    ) -> OneRow: ...
    def map_values(self, mapping: Any, default: Any = None) -> Any:
        """Replace the value of each row as the mapping says; all else becomes
        `default`.

        All values of the mapping have one type, which is the type of the result; None
        makes NULL. NULL, and a value that is no key, become `default`.

            apcs.admission_method.map_values({"11": "planned", "21": "emergency"})

        Raises TypeError for anything but a dict with at least one key, and for keys of
        another type than the series.
        """
        return self._map_values(mapping, default)
