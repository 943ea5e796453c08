"""The tables of the EMIS database (extractors/tables/README.md#methods)."""

import datetime
from typing import Any, overload

from extractors.language.dates import AnyDate, DateEventSeries, DateOfPatient
from extractors.language.frames import EventFrame, Series, table
from extractors.language.promises import ClosedRange
from extractors.language.series import BoolEventSeries, BoolPatientSeries
from extractors.model.types import DMDCode, SNOMEDCTCode
from extractors.tables.core import (
    ClinicalEvents,
    Medications,
    OnsDeaths,
    Patients,
    PracticeRegistrations,
)
from extractors.tables.tpp import PLACES_OF_DEATH, Deprivation


@table
class clinical_events(ClinicalEvents):
    pass


@table
class medications(Medications):
    pass


@table
class ons_deaths(OnsDeaths):
    place = Series(str, constraints=[PLACES_OF_DEATH])


@table
class patients(Deprivation, Patients):
    """One row per patient, with the one registration that is known."""

    registration_start_date = Series(datetime.date)
    registration_end_date = Series(datetime.date)
    practice_pseudo_id = Series(str)
    rural_urban_classification = Series(int, constraints=[ClosedRange(1, 8)])
    imd_rounded = Series(int, constraints=[ClosedRange(0, 32800, 100)])

    @overload
    def has_practice_registration_spanning(
        self, start_date: DateOfPatient, end_date: DateOfPatient
    ) -> BoolPatientSeries: ...
    @overload
    def has_practice_registration_spanning(
        self, start_date: DateEventSeries, end_date: AnyDate
    ) -> BoolEventSeries: ...
    @overload
    def has_practice_registration_spanning(
        self, start_date: AnyDate, end_date: DateEventSeries
    ) -> BoolEventSeries: ...
    def has_practice_registration_spanning(self, start_date: Any, end_date: Any) -> Any:
        """Whether the registration covers the whole time between two dates.

        One without an end goes on; NULL where the first day is not known.

            patients.has_practice_registration_spanning("2020-01-01", "2020-12-31")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        began = self.registration_start_date.is_on_or_before(start_date)
        ended = self.registration_end_date
        return began & (ended.is_on_or_after(end_date) | ended.is_null())


@table
class practice_registrations(PracticeRegistrations):
    pass


@table
class vaccinations(EventFrame):
    date = Series(datetime.date)
    procedure_code = Series(SNOMEDCTCode)
    product_code = Series(DMDCode)
