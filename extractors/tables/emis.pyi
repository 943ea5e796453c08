"""Types of the tables in `emis.py`; tests/lib/table_stubs.py writes them."""

from collections.abc import Collection
from typing import Self, overload

from extractors.language.dates import (
    AnyDate,
    DateEventSeries,
    DateOfPatient,
    DatePatientSeries,
    Span,
)
from extractors.language.frames import EventFrame, PatientFrame, Sortable
from extractors.language.numbers import (
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
)
from extractors.language.series import BoolEventSeries, BoolPatientSeries
from extractors.language.texts import (
    CodeEventSeries,
    CodePatientSeries,
    StrPatientSeries,
)

class ClinicalEventsRow(PatientFrame):
    """One row of `clinical_events` for each patient."""

    date: DatePatientSeries
    snomedct_code: CodePatientSeries
    numeric_value: FloatPatientSeries

class ClinicalEvents(EventFrame):
    """Coded events in primary care."""

    date: DateEventSeries
    snomedct_code: CodeEventSeries
    numeric_value: FloatEventSeries
    def sort_by(self, *series: Sortable) -> SortedClinicalEvents:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedClinicalEvents(ClinicalEvents):
    """`clinical_events` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ClinicalEventsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ClinicalEventsRow:
        """Of each patient the last row in the order of `sort_by`."""

clinical_events: ClinicalEvents

class MedicationsRow(PatientFrame):
    """One row of `medications` for each patient."""

    date: DatePatientSeries
    dmd_code: CodePatientSeries

class Medications(EventFrame):
    """Prescriptions issued in primary care."""

    date: DateEventSeries
    dmd_code: CodeEventSeries
    def sort_by(self, *series: Sortable) -> SortedMedications:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedMedications(Medications):
    """`medications` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> MedicationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> MedicationsRow:
        """Of each patient the last row in the order of `sort_by`."""

medications: Medications

class OnsDeaths(PatientFrame):
    """Registered deaths, from death certificates; of several certificates one."""

    date: DatePatientSeries
    underlying_cause_of_death: CodePatientSeries
    cause_of_death_01: CodePatientSeries
    cause_of_death_02: CodePatientSeries
    cause_of_death_03: CodePatientSeries
    cause_of_death_04: CodePatientSeries
    cause_of_death_05: CodePatientSeries
    cause_of_death_06: CodePatientSeries
    cause_of_death_07: CodePatientSeries
    cause_of_death_08: CodePatientSeries
    cause_of_death_09: CodePatientSeries
    cause_of_death_10: CodePatientSeries
    cause_of_death_11: CodePatientSeries
    cause_of_death_12: CodePatientSeries
    cause_of_death_13: CodePatientSeries
    cause_of_death_14: CodePatientSeries
    cause_of_death_15: CodePatientSeries
    place: StrPatientSeries
    def cause_of_death_is_in(self, codelist: Collection[str]) -> BoolPatientSeries:
        """Whether any cause on the certificate is in a codelist.

        NULL where no cause is in it and one is NULL.

            ons_deaths.cause_of_death_is_in(covid_codes)

        Raises TypeError for what is no list, ValueError for what is no code of ICD-10."""

ons_deaths: OnsDeaths

class Patients(PatientFrame):
    """One row per patient, with the one registration that is known."""

    date_of_birth: DatePatientSeries
    sex: StrPatientSeries
    date_of_death: DatePatientSeries
    registration_start_date: DatePatientSeries
    registration_end_date: DatePatientSeries
    practice_pseudo_id: StrPatientSeries
    rural_urban_classification: IntPatientSeries
    imd_rounded: IntPatientSeries
    @overload
    def age_on(self, date: DateOfPatient) -> IntPatientSeries:
        """Completed years on a date; negative before birth.

        NULL where the date of birth or the date is NULL.

            patients.age_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def age_on(self, date: DateEventSeries) -> IntEventSeries:
        """Completed years on a date; negative before birth.

        NULL where the date of birth or the date is NULL.

            patients.age_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def is_alive_on(self, date: DateOfPatient) -> BoolPatientSeries:
        """No death up to and including this date; True also before birth.

        Never NULL, unless the date is NULL and the patient has died.

            patients.is_alive_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def is_alive_on(self, date: DateEventSeries) -> BoolEventSeries:
        """No death up to and including this date; True also before birth.

        Never NULL, unless the date is NULL and the patient has died.

            patients.is_alive_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def is_dead_on(self, date: DateOfPatient) -> BoolPatientSeries:
        """Died before this date; on the day of death a patient is neither alive nor
        dead.

        Never NULL, unless the date is NULL and the patient has died.

            patients.is_dead_on(INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def is_dead_on(self, date: DateEventSeries) -> BoolEventSeries:
        """Died before this date; on the day of death a patient is neither alive nor
        dead.

        Never NULL, unless the date is NULL and the patient has died.

            patients.is_dead_on(INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @property
    def imd_quintile(self) -> StrPatientSeries:
        """Fifths of the ranks of deprivation, as the labels that are printed.

        "1 (most deprived)", "2", "3", "4", "5 (least deprived)"; a rank that is NULL
        gives "unknown".

            addresses.for_patient_on("2020-03-01").imd_quintile"""
    @property
    def imd_decile(self) -> StrPatientSeries:
        """Tenths of the ranks of deprivation, as the labels that are printed.

        "1 (most deprived)", "2" to "9", "10 (least deprived)"; a rank that is NULL
        gives "unknown".

            addresses.for_patient_on("2020-03-01").imd_decile"""
    @overload
    def has_practice_registration_spanning(
        self, start_date: DateOfPatient, end_date: DateOfPatient
    ) -> BoolPatientSeries:
        """Whether the registration covers the whole time between two dates.

        One without an end goes on; NULL where the first day is not known.

            patients.has_practice_registration_spanning("2020-01-01", "2020-12-31")

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def has_practice_registration_spanning(
        self, start_date: DateEventSeries, end_date: AnyDate
    ) -> BoolEventSeries:
        """Whether the registration covers the whole time between two dates.

        One without an end goes on; NULL where the first day is not known.

            patients.has_practice_registration_spanning("2020-01-01", "2020-12-31")

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def has_practice_registration_spanning(
        self, start_date: AnyDate, end_date: DateEventSeries
    ) -> BoolEventSeries:
        """Whether the registration covers the whole time between two dates.

        One without an end goes on; NULL where the first day is not known.

            patients.has_practice_registration_spanning("2020-01-01", "2020-12-31")

        Raises TypeError for what is no date, ValueError for a text that is none."""

patients: Patients

class PracticeRegistrationsRow(PatientFrame):
    """One row of `practice_registrations` for each patient."""

    start_date: DatePatientSeries
    end_date: DatePatientSeries
    practice_pseudo_id: IntPatientSeries

class PracticeRegistrations(EventFrame):
    """Periods of registration with a general practice; they may overlap."""

    start_date: DateEventSeries
    end_date: DateEventSeries
    practice_pseudo_id: IntEventSeries
    def spanning(self, start: DateOfPatient, end: DateOfPatient) -> Self:
        """The registrations that cover the whole time between two dates.

        One without an end goes on; where a date is NULL there is none.

            practice_registrations.spanning(INTERVAL.start_date, INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def for_patient_on(self, date: DateOfPatient) -> PracticeRegistrationsRow:
        """The registration on a date; of several the one that began last.

        Without one every column is NULL.

            practice_registrations.for_patient_on("2020-03-01").practice_pseudo_id

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def exists_for_patient_on(self, date: DateOfPatient) -> BoolPatientSeries:
        """Whether a registration covers a date; never NULL.

            practice_registrations.exists_for_patient_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def days_registered_during(self, interval: Span) -> IntPatientSeries:
        """How many days of an interval the patient was registered; days in several
        registrations count once.

        A denominator in person-days is the example; up to the day of death, included,
        it is of `(INTERVAL.start_date, minimum_of(INTERVAL.end_date,
        patients.date_of_death))`. An int, never NULL. Beyond ehrQL.

            practice_registrations.days_registered_during(INTERVAL)

        Raises TypeError for what is no pair of dates."""
    def sort_by(self, *series: Sortable) -> SortedPracticeRegistrations:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedPracticeRegistrations(PracticeRegistrations):
    """`practice_registrations` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> PracticeRegistrationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> PracticeRegistrationsRow:
        """Of each patient the last row in the order of `sort_by`."""

practice_registrations: PracticeRegistrations

class VaccinationsRow(PatientFrame):
    """One row of `vaccinations` for each patient."""

    date: DatePatientSeries
    procedure_code: CodePatientSeries
    product_code: CodePatientSeries

class Vaccinations(EventFrame):
    """The table `vaccinations`."""

    date: DateEventSeries
    procedure_code: CodeEventSeries
    product_code: CodeEventSeries
    def sort_by(self, *series: Sortable) -> SortedVaccinations:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedVaccinations(Vaccinations):
    """`vaccinations` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> VaccinationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> VaccinationsRow:
        """Of each patient the last row in the order of `sort_by`."""

vaccinations: Vaccinations
