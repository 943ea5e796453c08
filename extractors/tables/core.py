"""The tables that every kind of health-record system can offer
(extractors/tables/README.md#methods).
"""

import datetime
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any, Self, overload

from extractors.language.dates import (
    DateEventSeries,
    DateOfPatient,
    Span,
)
from extractors.language.frames import (
    AnyRow,
    EventFrame,
    PatientFrame,
    Series,
    table,
)
from extractors.language.numbers import IntEventSeries, IntPatientSeries
from extractors.language.promises import Categorical, FirstOfMonth, NotNull
from extractors.language.series import BoolEventSeries, BoolPatientSeries
from extractors.model.types import DMDCode, ICD10Code, SNOMEDCTCode

SEXES = ("female", "male", "intersex", "unknown")


class Patients(PatientFrame):
    """One row per patient."""

    date_of_birth = Series(datetime.date, constraints=[FirstOfMonth(), NotNull()])
    sex = Series(str, constraints=[Categorical(SEXES), NotNull()])
    date_of_death = Series(datetime.date)

    @overload
    def age_on(self, date: DateOfPatient) -> IntPatientSeries: ...
    @overload
    def age_on(self, date: DateEventSeries) -> IntEventSeries: ...
    def age_on(self, date: Any) -> Any:
        """Completed years on a date; negative before birth.

        NULL where the date of birth or the date is NULL.

            patients.age_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return (date - self.date_of_birth).years

    @overload
    def is_alive_on(self, date: DateOfPatient) -> BoolPatientSeries: ...
    @overload
    def is_alive_on(self, date: DateEventSeries) -> BoolEventSeries: ...
    def is_alive_on(self, date: Any) -> Any:
        """No death up to and including this date; True also before birth.

        Never NULL, unless the date is NULL and the patient has died.

            patients.is_alive_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self.date_of_death.is_after(date) | self.date_of_death.is_null()

    @overload
    def is_dead_on(self, date: DateOfPatient) -> BoolPatientSeries: ...
    @overload
    def is_dead_on(self, date: DateEventSeries) -> BoolEventSeries: ...
    def is_dead_on(self, date: Any) -> Any:
        """Died before this date; on the day of death a patient is neither alive nor
        dead.

        Never NULL, unless the date is NULL and the patient has died.

            patients.is_dead_on(INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self.date_of_death.is_not_null() & self.date_of_death.is_before(date)


class PracticeRegistrations(EventFrame):
    """Periods of registration with a general practice; they may overlap."""

    start_date = Series(datetime.date, constraints=[NotNull()])
    end_date = Series(datetime.date)
    practice_pseudo_id = Series(int, constraints=[NotNull()])

    def spanning(self, start: DateOfPatient, end: DateOfPatient) -> Self:
        """The registrations that cover the whole time between two dates.

        One without an end goes on; where a date is NULL there is none.

            practice_registrations.spanning(INTERVAL.start_date, INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self.where(self.start_date.is_on_or_before(start)).where(
            self.end_date.is_on_or_after(end) | self.end_date.is_null()
        )

    def for_patient_on(self, date: DateOfPatient) -> AnyRow:
        """The registration on a date; of several the one that began last.

        Without one every column is NULL.

            practice_registrations.for_patient_on("2020-03-01").practice_pseudo_id

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        spanning = self.spanning(date, date)
        return spanning.sort_by(
            self.start_date, self.end_date, self.practice_pseudo_id
        ).last_for_patient()

    def exists_for_patient_on(self, date: DateOfPatient) -> BoolPatientSeries:
        """Whether a registration covers a date; never NULL.

            practice_registrations.exists_for_patient_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self.spanning(date, date).exists_for_patient()

    def days_registered_during(self, interval: Span) -> IntPatientSeries:
        """How many days of an interval the patient was registered; days in several
        registrations count once.

        A denominator in person-days is the example; up to the day of death, included,
        it is of `(INTERVAL.start_date, minimum_of(INTERVAL.end_date,
        patients.date_of_death))`. An int, never NULL. Beyond ehrQL.

            practice_registrations.days_registered_during(INTERVAL)

        Raises TypeError for what is no pair of dates.
        """
        return self.start_date.days_covered_for_patient(self.end_date, interval)


class Causes:
    """What a death certificate says."""

    date = Series(datetime.date)
    underlying_cause_of_death = Series(ICD10Code)
    cause_of_death_01 = Series(ICD10Code)
    cause_of_death_02 = Series(ICD10Code)
    cause_of_death_03 = Series(ICD10Code)
    cause_of_death_04 = Series(ICD10Code)
    cause_of_death_05 = Series(ICD10Code)
    cause_of_death_06 = Series(ICD10Code)
    cause_of_death_07 = Series(ICD10Code)
    cause_of_death_08 = Series(ICD10Code)
    cause_of_death_09 = Series(ICD10Code)
    cause_of_death_10 = Series(ICD10Code)
    cause_of_death_11 = Series(ICD10Code)
    cause_of_death_12 = Series(ICD10Code)
    cause_of_death_13 = Series(ICD10Code)
    cause_of_death_14 = Series(ICD10Code)
    cause_of_death_15 = Series(ICD10Code)

    def cause_of_death_is_in(
        self, codelist: Collection[str]
    ) -> BoolPatientSeries | BoolEventSeries:
        """Whether any cause on the certificate is in a codelist.

        NULL where no cause is in it and one is NULL.

            ons_deaths.cause_of_death_is_in(covid_codes)

        Raises TypeError for what is no list, ValueError for what is no code of ICD-10.
        """
        causes = ["underlying_cause_of_death"]
        causes += [f"cause_of_death_{number:02}" for number in range(1, 16)]
        found = [getattr(self, cause).is_in(codelist) for cause in causes]
        any_of: BoolPatientSeries | BoolEventSeries = reduce(or_, found)
        return any_of


class OnsDeaths(Causes, PatientFrame):
    """Registered deaths, from death certificates; of several certificates one."""


class ClinicalEvents(EventFrame):
    """Coded events in primary care."""

    date = Series(datetime.date)
    snomedct_code = Series(SNOMEDCTCode)
    numeric_value = Series(float)


class Medications(EventFrame):
    """Prescriptions issued in primary care."""

    date = Series(datetime.date)
    dmd_code = Series(DMDCode)


@table
class clinical_events(ClinicalEvents):
    pass


@table
class medications(Medications):
    pass


@table
class ons_deaths(OnsDeaths):
    pass


@table
class patients(Patients):
    pass


@table
class practice_registrations(PracticeRegistrations):
    pass
