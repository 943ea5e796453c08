"""Columns of tables: `Series(type)` in the class of a table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypedDict, Unpack, overload

from extractors.language.dates import DateEventSeries, DatePatientSeries
from extractors.language.levels import OfEvent, OfPatient
from extractors.language.numbers import (
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
)
from extractors.language.promises import Promise
from extractors.language.series import BoolEventSeries, BoolPatientSeries
from extractors.language.texts import (
    CodeEventSeries,
    CodePatientSeries,
    ConceptEventSeries,
    ConceptPatientSeries,
    MultiCodeStringEventSeries,
    MultiCodeStringPatientSeries,
    StrEventSeries,
    StrPatientSeries,
)
from extractors.model.schema import Column
from extractors.model.types import TYPES, Code, ConceptId, MultiCode, name_of

if TYPE_CHECKING:
    from extractors.language.frames import EventFrame, PatientFrame


class Said(TypedDict, total=False):
    """What an author may say of a column beside its type."""

    # in words
    description: str
    # promises about its values
    constraints: Sequence[Promise]
    # accepted as ehrQL has them, and without effect
    dummy_data_constraints: Sequence[Promise]
    required: bool


class Series(Generic[OfPatient, OfEvent]):
    """A column of a table: a type, and the constraints that its values keep.

    Of a picked row and of a table with one row per patient the column is a series with
    one value per patient, else one with a value for each row.

        date_of_birth = Series(datetime.date, constraints=[Constraint.NotNull()])

    Raises TypeError for a type that no column has.
    """

    # Subclasses come before the classes that they are of: bool and ConceptId are ints.
    @overload
    def __init__(
        self: Series[BoolPatientSeries, BoolEventSeries],
        type_: type[bool],
        **said: Unpack[Said],
    ) -> None: ...
    @overload
    def __init__(
        self: Series[ConceptPatientSeries, ConceptEventSeries],
        type_: type[ConceptId],
        **said: Unpack[Said],
    ) -> None: ...
    @overload
    def __init__(
        self: Series[IntPatientSeries, IntEventSeries],
        type_: type[int],
        **said: Unpack[Said],
    ) -> None: ...
    @overload
    def __init__(
        self: Series[FloatPatientSeries, FloatEventSeries],
        type_: type[float],
        **said: Unpack[Said],
    ) -> None: ...
    @overload
    def __init__(
        self: Series[MultiCodeStringPatientSeries, MultiCodeStringEventSeries],
        type_: type[MultiCode],
        **said: Unpack[Said],
    ) -> None: ...
    @overload
    def __init__(
        self: Series[CodePatientSeries, CodeEventSeries],
        type_: type[Code],
        **said: Unpack[Said],
    ) -> None: ...
    @overload
    def __init__(
        self: Series[StrPatientSeries, StrEventSeries],
        type_: type[str],
        **said: Unpack[Said],
    ) -> None: ...
    @overload
    def __init__(
        self: Series[DatePatientSeries, DateEventSeries],
        type_: type[datetime.date],
        **said: Unpack[Said],
    ) -> None: ...
    def __init__(
        self,
        type_: type,
        *,
        description: str = "",
        constraints: Sequence[Promise] = (),
        dummy_data_constraints: Sequence[Promise] = (),
        required: bool = True,
        **_: Any,
    ):
        if type_ not in TYPES.values():
            raise TypeError(
                f"a column cannot have the type {name_of(type_)}; choose one of "
                f"{', '.join(TYPES)}"
            )
        self.type = type_
        self.description = description
        self.constraints = tuple(constraints)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    # A checker that ignores what decorators of classes give takes an author's own table
    # for its class; so the columns of the class are those of the table.
    @overload
    def __get__(self, frame: PatientFrame, owner: type[PatientFrame]) -> OfPatient: ...
    @overload
    def __get__(self, frame: EventFrame, owner: type[EventFrame]) -> OfEvent: ...
    @overload
    def __get__(self, frame: None, owner: type[PatientFrame]) -> OfPatient: ...
    @overload
    def __get__(self, frame: None, owner: type[EventFrame]) -> OfEvent: ...
    def __get__(self, frame: Any, owner: type) -> Any:
        return self if frame is None else frame._select_column(self.name)

    def column(self) -> Column:
        """The column as the model has it."""
        promises: dict[str, Any] = {}
        for constraint in self.constraints:
            promises |= constraint.promises()
        return Column(self.name, self.type, **promises)
