"""Types of the tables in `omop_core.py`; tests/lib/table_stubs.py writes them."""

from collections.abc import Collection

from extractors.language.dates import DateEventSeries, DatePatientSeries
from extractors.language.frames import EventFrame, PatientFrame, Sortable
from extractors.language.numbers import FloatEventSeries, FloatPatientSeries
from extractors.language.series import BoolPatientSeries
from extractors.language.texts import CodeEventSeries, CodePatientSeries
from extractors.tables.core import patients as patients
from extractors.tables.core import practice_registrations as practice_registrations

class ClinicalEventsRow(PatientFrame):
    """One row of `clinical_events` for each patient."""

    date: DatePatientSeries
    snomedct_code: CodePatientSeries
    numeric_value: FloatPatientSeries
    loinc_code: CodePatientSeries
    icd10_code: CodePatientSeries
    icd10cm_code: CodePatientSeries
    opcs4_code: CodePatientSeries

class ClinicalEvents(EventFrame):
    """Conditions, measurements, observations and procedures."""

    date: DateEventSeries
    snomedct_code: CodeEventSeries
    numeric_value: FloatEventSeries
    loinc_code: CodeEventSeries
    icd10_code: CodeEventSeries
    icd10cm_code: CodeEventSeries
    opcs4_code: CodeEventSeries
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
    rxnorm_code: CodePatientSeries
    cvx_code: CodePatientSeries
    atc_code: CodePatientSeries
    snomedct_code: CodePatientSeries

class Medications(EventFrame):
    """Exposures to drugs and vaccines."""

    date: DateEventSeries
    dmd_code: CodeEventSeries
    rxnorm_code: CodeEventSeries
    cvx_code: CodeEventSeries
    atc_code: CodeEventSeries
    snomedct_code: CodeEventSeries
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
    """Deaths, of which most OMOP records have a cause of SNOMED CT."""

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
    cause_snomedct_code: CodePatientSeries
    def cause_of_death_is_in(self, codelist: Collection[str]) -> BoolPatientSeries:
        """Whether any cause on the certificate is in a codelist.

        NULL where no cause is in it and one is NULL.

            ons_deaths.cause_of_death_is_in(covid_codes)

        Raises TypeError for what is no list, ValueError for what is no code of ICD-10."""

ons_deaths: OnsDeaths
