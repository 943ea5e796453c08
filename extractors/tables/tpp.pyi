"""Types of the tables in `tpp.py`; tests/lib/table_stubs.py writes them."""

from collections.abc import Collection
from typing import Self, overload

from extractors.language.dates import (
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
    MultiCodeStringEventSeries,
    MultiCodeStringPatientSeries,
    StrEventSeries,
    StrPatientSeries,
)

class AddressesRow(PatientFrame):
    """One row of `addresses` for each patient."""

    address_id: IntPatientSeries
    start_date: DatePatientSeries
    end_date: DatePatientSeries
    address_type: IntPatientSeries
    rural_urban_classification: IntPatientSeries
    imd_rounded: IntPatientSeries
    msoa_code: StrPatientSeries
    has_postcode: BoolPatientSeries
    care_home_is_potential_match: BoolPatientSeries
    care_home_requires_nursing: BoolPatientSeries
    care_home_does_not_require_nursing: BoolPatientSeries
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

class Addresses(EventFrame):
    """What follows from a rank of deprivation."""

    address_id: IntEventSeries
    start_date: DateEventSeries
    end_date: DateEventSeries
    address_type: IntEventSeries
    rural_urban_classification: IntEventSeries
    imd_rounded: IntEventSeries
    msoa_code: StrEventSeries
    has_postcode: BoolEventSeries
    care_home_is_potential_match: BoolEventSeries
    care_home_requires_nursing: BoolEventSeries
    care_home_does_not_require_nursing: BoolEventSeries
    @property
    def imd_quintile(self) -> StrEventSeries:
        """Fifths of the ranks of deprivation, as the labels that are printed.

        "1 (most deprived)", "2", "3", "4", "5 (least deprived)"; a rank that is NULL
        gives "unknown".

            addresses.for_patient_on("2020-03-01").imd_quintile"""
    @property
    def imd_decile(self) -> StrEventSeries:
        """Tenths of the ranks of deprivation, as the labels that are printed.

        "1 (most deprived)", "2" to "9", "10 (least deprived)"; a rank that is NULL
        gives "unknown".

            addresses.for_patient_on("2020-03-01").imd_decile"""
    def for_patient_on(self, date: DateOfPatient) -> AddressesRow:
        """The address on a date; one with a postcode before one without, then the one
        that began last.

        Without one every column is NULL.

            addresses.for_patient_on("2020-03-01").msoa_code

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def sort_by(self, *series: Sortable) -> SortedAddresses:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedAddresses(Addresses):
    """`addresses` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> AddressesRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> AddressesRow:
        """Of each patient the last row in the order of `sort_by`."""

addresses: Addresses

class ApcsRow(PatientFrame):
    """One row of `apcs` for each patient."""

    apcs_ident: IntPatientSeries
    admission_date: DatePatientSeries
    discharge_date: DatePatientSeries
    discharge_destination: StrPatientSeries
    discharge_method: StrPatientSeries
    spell_core_hrg_sus: StrPatientSeries
    admission_method: StrPatientSeries
    primary_diagnosis: CodePatientSeries
    secondary_diagnosis: CodePatientSeries
    all_diagnoses: MultiCodeStringPatientSeries
    all_procedures: MultiCodeStringPatientSeries
    days_in_critical_care: IntPatientSeries
    patient_classification: StrPatientSeries

class Apcs(EventFrame):
    """The table `apcs`."""

    apcs_ident: IntEventSeries
    admission_date: DateEventSeries
    discharge_date: DateEventSeries
    discharge_destination: StrEventSeries
    discharge_method: StrEventSeries
    spell_core_hrg_sus: StrEventSeries
    admission_method: StrEventSeries
    primary_diagnosis: CodeEventSeries
    secondary_diagnosis: CodeEventSeries
    all_diagnoses: MultiCodeStringEventSeries
    all_procedures: MultiCodeStringEventSeries
    days_in_critical_care: IntEventSeries
    patient_classification: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedApcs:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedApcs(Apcs):
    """`apcs` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ApcsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ApcsRow:
        """Of each patient the last row in the order of `sort_by`."""

apcs: Apcs

class ApcsCostRow(PatientFrame):
    """One row of `apcs_cost` for each patient."""

    apcs_ident: IntPatientSeries
    grand_total_payment_mff: FloatPatientSeries
    tariff_initial_amount: FloatPatientSeries
    tariff_total_payment: FloatPatientSeries
    admission_date: DatePatientSeries
    discharge_date: DatePatientSeries

class ApcsCost(EventFrame):
    """What spells in hospital cost."""

    apcs_ident: IntEventSeries
    grand_total_payment_mff: FloatEventSeries
    tariff_initial_amount: FloatEventSeries
    tariff_total_payment: FloatEventSeries
    admission_date: DateEventSeries
    discharge_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedApcsCost:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedApcsCost(ApcsCost):
    """`apcs_cost` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ApcsCostRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ApcsCostRow:
        """Of each patient the last row in the order of `sort_by`."""

apcs_cost: ApcsCost

class AppointmentsRow(PatientFrame):
    """One row of `appointments` for each patient."""

    booked_date: DatePatientSeries
    start_date: DatePatientSeries
    seen_date: DatePatientSeries
    status: StrPatientSeries

class Appointments(EventFrame):
    """The table `appointments`."""

    booked_date: DateEventSeries
    start_date: DateEventSeries
    seen_date: DateEventSeries
    status: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedAppointments:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedAppointments(Appointments):
    """`appointments` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> AppointmentsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> AppointmentsRow:
        """Of each patient the last row in the order of `sort_by`."""

appointments: Appointments

class ClinicalEventsRow(PatientFrame):
    """One row of `clinical_events` for each patient."""

    date: DatePatientSeries
    snomedct_code: CodePatientSeries
    ctv3_code: CodePatientSeries
    numeric_value: FloatPatientSeries
    consultation_id: IntPatientSeries

class ClinicalEvents(EventFrame):
    """The table `clinical_events`."""

    date: DateEventSeries
    snomedct_code: CodeEventSeries
    ctv3_code: CodeEventSeries
    numeric_value: FloatEventSeries
    consultation_id: IntEventSeries
    def sort_by(self, *series: Sortable) -> SortedClinicalEvents:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedClinicalEvents(ClinicalEvents):
    """`clinical_events` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ClinicalEventsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ClinicalEventsRow:
        """Of each patient the last row in the order of `sort_by`."""

clinical_events: ClinicalEvents

class ClinicalEventsRangesRow(PatientFrame):
    """One row of `clinical_events_ranges` for each patient."""

    date: DatePatientSeries
    snomedct_code: CodePatientSeries
    ctv3_code: CodePatientSeries
    numeric_value: FloatPatientSeries
    lower_bound: FloatPatientSeries
    upper_bound: FloatPatientSeries
    comparator: StrPatientSeries
    consultation_id: IntPatientSeries

class ClinicalEventsRanges(EventFrame):
    """The table `clinical_events_ranges`."""

    date: DateEventSeries
    snomedct_code: CodeEventSeries
    ctv3_code: CodeEventSeries
    numeric_value: FloatEventSeries
    lower_bound: FloatEventSeries
    upper_bound: FloatEventSeries
    comparator: StrEventSeries
    consultation_id: IntEventSeries
    def sort_by(self, *series: Sortable) -> SortedClinicalEventsRanges:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedClinicalEventsRanges(ClinicalEventsRanges):
    """`clinical_events_ranges` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ClinicalEventsRangesRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ClinicalEventsRangesRow:
        """Of each patient the last row in the order of `sort_by`."""

clinical_events_ranges: ClinicalEventsRanges

class CovidTherapeuticsRow(PatientFrame):
    """One row of `covid_therapeutics` for each patient."""

    covid_indication: StrPatientSeries
    current_status: StrPatientSeries
    intervention: StrPatientSeries
    received: DatePatientSeries
    region: StrPatientSeries
    risk_cohort: StrPatientSeries
    treatment_start_date: DatePatientSeries

class CovidTherapeutics(EventFrame):
    """The table `covid_therapeutics`."""

    covid_indication: StrEventSeries
    current_status: StrEventSeries
    intervention: StrEventSeries
    received: DateEventSeries
    region: StrEventSeries
    risk_cohort: StrEventSeries
    treatment_start_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedCovidTherapeutics:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedCovidTherapeutics(CovidTherapeutics):
    """`covid_therapeutics` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> CovidTherapeuticsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> CovidTherapeuticsRow:
        """Of each patient the last row in the order of `sort_by`."""

covid_therapeutics: CovidTherapeutics

class DecisionSupportValuesRow(PatientFrame):
    """One row of `decision_support_values` for each patient."""

    calculation_date: DatePatientSeries
    numeric_value: FloatPatientSeries
    algorithm_description: StrPatientSeries
    algorithm_version: StrPatientSeries

class DecisionSupportValues(EventFrame):
    """The table `decision_support_values`."""

    calculation_date: DateEventSeries
    numeric_value: FloatEventSeries
    algorithm_description: StrEventSeries
    algorithm_version: StrEventSeries
    def electronic_frailty_index(self) -> Self:
        """The rows of the UK electronic Frailty Index.

        Of version 1.0; a NULL in the name of the algorithm is none of it.

            decision_support_values.electronic_frailty_index().numeric_value"""
    def sort_by(self, *series: Sortable) -> SortedDecisionSupportValues:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedDecisionSupportValues(DecisionSupportValues):
    """`decision_support_values` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> DecisionSupportValuesRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> DecisionSupportValuesRow:
        """Of each patient the last row in the order of `sort_by`."""

decision_support_values: DecisionSupportValues

class EcRow(PatientFrame):
    """One row of `ec` for each patient."""

    ec_ident: IntPatientSeries
    arrival_date: DatePatientSeries
    sus_hrg_code: StrPatientSeries

class Ec(EventFrame):
    """The table `ec`."""

    ec_ident: IntEventSeries
    arrival_date: DateEventSeries
    sus_hrg_code: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedEc:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedEc(Ec):
    """`ec` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> EcRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> EcRow:
        """Of each patient the last row in the order of `sort_by`."""

ec: Ec

class EcCostRow(PatientFrame):
    """One row of `ec_cost` for each patient."""

    ec_ident: IntPatientSeries
    grand_total_payment_mff: FloatPatientSeries
    tariff_total_payment: FloatPatientSeries
    arrival_date: DatePatientSeries
    ec_decision_to_admit_date: DatePatientSeries
    ec_injury_date: DatePatientSeries

class EcCost(EventFrame):
    """The table `ec_cost`."""

    ec_ident: IntEventSeries
    grand_total_payment_mff: FloatEventSeries
    tariff_total_payment: FloatEventSeries
    arrival_date: DateEventSeries
    ec_decision_to_admit_date: DateEventSeries
    ec_injury_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedEcCost:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedEcCost(EcCost):
    """`ec_cost` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> EcCostRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> EcCostRow:
        """Of each patient the last row in the order of `sort_by`."""

ec_cost: EcCost

class EmergencyCareAttendancesRow(PatientFrame):
    """One row of `emergency_care_attendances` for each patient."""

    id: IntPatientSeries
    arrival_date: DatePatientSeries
    discharge_destination: CodePatientSeries
    diagnosis_01: CodePatientSeries
    diagnosis_02: CodePatientSeries
    diagnosis_03: CodePatientSeries
    diagnosis_04: CodePatientSeries
    diagnosis_05: CodePatientSeries
    diagnosis_06: CodePatientSeries
    diagnosis_07: CodePatientSeries
    diagnosis_08: CodePatientSeries
    diagnosis_09: CodePatientSeries
    diagnosis_10: CodePatientSeries
    diagnosis_11: CodePatientSeries
    diagnosis_12: CodePatientSeries
    diagnosis_13: CodePatientSeries
    diagnosis_14: CodePatientSeries
    diagnosis_15: CodePatientSeries
    diagnosis_16: CodePatientSeries
    diagnosis_17: CodePatientSeries
    diagnosis_18: CodePatientSeries
    diagnosis_19: CodePatientSeries
    diagnosis_20: CodePatientSeries
    diagnosis_21: CodePatientSeries
    diagnosis_22: CodePatientSeries
    diagnosis_23: CodePatientSeries
    diagnosis_24: CodePatientSeries

class EmergencyCareAttendances(EventFrame):
    """The table `emergency_care_attendances`."""

    id: IntEventSeries
    arrival_date: DateEventSeries
    discharge_destination: CodeEventSeries
    diagnosis_01: CodeEventSeries
    diagnosis_02: CodeEventSeries
    diagnosis_03: CodeEventSeries
    diagnosis_04: CodeEventSeries
    diagnosis_05: CodeEventSeries
    diagnosis_06: CodeEventSeries
    diagnosis_07: CodeEventSeries
    diagnosis_08: CodeEventSeries
    diagnosis_09: CodeEventSeries
    diagnosis_10: CodeEventSeries
    diagnosis_11: CodeEventSeries
    diagnosis_12: CodeEventSeries
    diagnosis_13: CodeEventSeries
    diagnosis_14: CodeEventSeries
    diagnosis_15: CodeEventSeries
    diagnosis_16: CodeEventSeries
    diagnosis_17: CodeEventSeries
    diagnosis_18: CodeEventSeries
    diagnosis_19: CodeEventSeries
    diagnosis_20: CodeEventSeries
    diagnosis_21: CodeEventSeries
    diagnosis_22: CodeEventSeries
    diagnosis_23: CodeEventSeries
    diagnosis_24: CodeEventSeries
    def sort_by(self, *series: Sortable) -> SortedEmergencyCareAttendances:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedEmergencyCareAttendances(EmergencyCareAttendances):
    """`emergency_care_attendances` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> EmergencyCareAttendancesRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> EmergencyCareAttendancesRow:
        """Of each patient the last row in the order of `sort_by`."""

emergency_care_attendances: EmergencyCareAttendances

class EthnicityFromSus(PatientFrame):
    """The table `ethnicity_from_sus`."""

    code: StrPatientSeries

ethnicity_from_sus: EthnicityFromSus

class HouseholdMemberships2020(PatientFrame):
    """The table `household_memberships_2020`."""

    household_pseudo_id: IntPatientSeries
    household_size: IntPatientSeries

household_memberships_2020: HouseholdMemberships2020

class MedicationsRow(PatientFrame):
    """One row of `medications` for each patient."""

    date: DatePatientSeries
    dmd_code: CodePatientSeries
    consultation_id: IntPatientSeries

class Medications(EventFrame):
    """With the consultation in which they were issued."""

    date: DateEventSeries
    dmd_code: CodeEventSeries
    consultation_id: IntEventSeries
    def sort_by(self, *series: Sortable) -> SortedMedications:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedMedications(Medications):
    """`medications` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> MedicationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> MedicationsRow:
        """Of each patient the last row in the order of `sort_by`."""

medications: Medications

class OccupationOnCovidVaccineRecordRow(PatientFrame):
    """One row of `occupation_on_covid_vaccine_record` for each patient."""

    is_healthcare_worker: BoolPatientSeries

class OccupationOnCovidVaccineRecord(EventFrame):
    """The table `occupation_on_covid_vaccine_record`."""

    is_healthcare_worker: BoolEventSeries
    def sort_by(self, *series: Sortable) -> SortedOccupationOnCovidVaccineRecord:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedOccupationOnCovidVaccineRecord(OccupationOnCovidVaccineRecord):
    """`occupation_on_covid_vaccine_record` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> OccupationOnCovidVaccineRecordRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> OccupationOnCovidVaccineRecordRow:
        """Of each patient the last row in the order of `sort_by`."""

occupation_on_covid_vaccine_record: OccupationOnCovidVaccineRecord

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

class OpaRow(PatientFrame):
    """One row of `opa` for each patient."""

    opa_ident: IntPatientSeries
    appointment_date: DatePatientSeries
    attendance_status: StrPatientSeries
    consultation_medium_used: StrPatientSeries
    first_attendance: StrPatientSeries
    hrg_code: StrPatientSeries
    outcome_of_attendance: StrPatientSeries
    referral_request_received_date: DatePatientSeries
    treatment_function_code: StrPatientSeries

class Opa(EventFrame):
    """The table `opa`."""

    opa_ident: IntEventSeries
    appointment_date: DateEventSeries
    attendance_status: StrEventSeries
    consultation_medium_used: StrEventSeries
    first_attendance: StrEventSeries
    hrg_code: StrEventSeries
    outcome_of_attendance: StrEventSeries
    referral_request_received_date: DateEventSeries
    treatment_function_code: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedOpa:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedOpa(Opa):
    """`opa` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> OpaRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> OpaRow:
        """Of each patient the last row in the order of `sort_by`."""

opa: Opa

class OpaCostRow(PatientFrame):
    """One row of `opa_cost` for each patient."""

    opa_ident: IntPatientSeries
    tariff_opp: FloatPatientSeries
    grand_total_payment_mff: FloatPatientSeries
    tariff_total_payment: FloatPatientSeries
    appointment_date: DatePatientSeries
    referral_request_received_date: DatePatientSeries

class OpaCost(EventFrame):
    """The table `opa_cost`."""

    opa_ident: IntEventSeries
    tariff_opp: FloatEventSeries
    grand_total_payment_mff: FloatEventSeries
    tariff_total_payment: FloatEventSeries
    appointment_date: DateEventSeries
    referral_request_received_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedOpaCost:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedOpaCost(OpaCost):
    """`opa_cost` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> OpaCostRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> OpaCostRow:
        """Of each patient the last row in the order of `sort_by`."""

opa_cost: OpaCost

class OpaDiagRow(PatientFrame):
    """One row of `opa_diag` for each patient."""

    opa_ident: IntPatientSeries
    primary_diagnosis_code: CodePatientSeries
    primary_diagnosis_code_read: CodePatientSeries
    secondary_diagnosis_code_1: CodePatientSeries
    secondary_diagnosis_code_1_read: CodePatientSeries
    appointment_date: DatePatientSeries
    referral_request_received_date: DatePatientSeries

class OpaDiag(EventFrame):
    """The table `opa_diag`."""

    opa_ident: IntEventSeries
    primary_diagnosis_code: CodeEventSeries
    primary_diagnosis_code_read: CodeEventSeries
    secondary_diagnosis_code_1: CodeEventSeries
    secondary_diagnosis_code_1_read: CodeEventSeries
    appointment_date: DateEventSeries
    referral_request_received_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedOpaDiag:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedOpaDiag(OpaDiag):
    """`opa_diag` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> OpaDiagRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> OpaDiagRow:
        """Of each patient the last row in the order of `sort_by`."""

opa_diag: OpaDiag

class OpaProcRow(PatientFrame):
    """One row of `opa_proc` for each patient."""

    opa_ident: IntPatientSeries
    primary_procedure_code: CodePatientSeries
    primary_procedure_code_read: CodePatientSeries
    procedure_code_2: CodePatientSeries
    procedure_code_2_read: CodePatientSeries
    appointment_date: DatePatientSeries
    referral_request_received_date: DatePatientSeries

class OpaProc(EventFrame):
    """The table `opa_proc`."""

    opa_ident: IntEventSeries
    primary_procedure_code: CodeEventSeries
    primary_procedure_code_read: CodeEventSeries
    procedure_code_2: CodeEventSeries
    procedure_code_2_read: CodeEventSeries
    appointment_date: DateEventSeries
    referral_request_received_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedOpaProc:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedOpaProc(OpaProc):
    """`opa_proc` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> OpaProcRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> OpaProcRow:
        """Of each patient the last row in the order of `sort_by`."""

opa_proc: OpaProc

class OpenPromptRow(PatientFrame):
    """One row of `open_prompt` for each patient."""

    ctv3_code: CodePatientSeries
    snomedct_code: CodePatientSeries
    creation_date: DatePatientSeries
    consultation_date: DatePatientSeries
    consultation_id: IntPatientSeries
    numeric_value: FloatPatientSeries

class OpenPrompt(EventFrame):
    """The table `open_prompt`."""

    ctv3_code: CodeEventSeries
    snomedct_code: CodeEventSeries
    creation_date: DateEventSeries
    consultation_date: DateEventSeries
    consultation_id: IntEventSeries
    numeric_value: FloatEventSeries
    def sort_by(self, *series: Sortable) -> SortedOpenPrompt:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedOpenPrompt(OpenPrompt):
    """`open_prompt` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> OpenPromptRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> OpenPromptRow:
        """Of each patient the last row in the order of `sort_by`."""

open_prompt: OpenPrompt

class Parents(PatientFrame):
    """The table `parents`."""

    mother_id: IntPatientSeries

parents: Parents

class Patients(PatientFrame):
    """One row per patient."""

    date_of_birth: DatePatientSeries
    sex: StrPatientSeries
    date_of_death: DatePatientSeries
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

patients: Patients

class PracticeRegistrationsRow(PatientFrame):
    """One row of `practice_registrations` for each patient."""

    start_date: DatePatientSeries
    end_date: DatePatientSeries
    practice_pseudo_id: IntPatientSeries
    practice_stp: StrPatientSeries
    practice_nuts1_region_name: StrPatientSeries
    practice_systmone_go_live_date: DatePatientSeries

class PracticeRegistrations(EventFrame):
    """Periods of registration with a general practice; they may overlap."""

    start_date: DateEventSeries
    end_date: DateEventSeries
    practice_pseudo_id: IntEventSeries
    practice_stp: StrEventSeries
    practice_nuts1_region_name: StrEventSeries
    practice_systmone_go_live_date: DateEventSeries
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
    def spanning_with_systmone(self, start: DateOfPatient, end: DateOfPatient) -> Self:
        """The registrations that cover the time and whose practice used SystmOne from
        its start.

        A practice of which that day is NULL is left out.

            practice_registrations.spanning_with_systmone("2020-01-01", "2020-12-31")

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def sort_by(self, *series: Sortable) -> SortedPracticeRegistrations:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedPracticeRegistrations(PracticeRegistrations):
    """`practice_registrations` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> PracticeRegistrationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> PracticeRegistrationsRow:
        """Of each patient the last row in the order of `sort_by`."""

practice_registrations: PracticeRegistrations

class SgssCovidAllTestsRow(PatientFrame):
    """One row of `sgss_covid_all_tests` for each patient."""

    specimen_taken_date: DatePatientSeries
    is_positive: BoolPatientSeries
    lab_report_date: DatePatientSeries
    was_symptomatic: BoolPatientSeries
    sgtf_status: IntPatientSeries
    variant: StrPatientSeries
    variant_detection_method: StrPatientSeries

class SgssCovidAllTests(EventFrame):
    """The table `sgss_covid_all_tests`."""

    specimen_taken_date: DateEventSeries
    is_positive: BoolEventSeries
    lab_report_date: DateEventSeries
    was_symptomatic: BoolEventSeries
    sgtf_status: IntEventSeries
    variant: StrEventSeries
    variant_detection_method: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedSgssCovidAllTests:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedSgssCovidAllTests(SgssCovidAllTests):
    """`sgss_covid_all_tests` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> SgssCovidAllTestsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> SgssCovidAllTestsRow:
        """Of each patient the last row in the order of `sort_by`."""

sgss_covid_all_tests: SgssCovidAllTests

class UkrrRow(PatientFrame):
    """One row of `ukrr` for each patient."""

    dataset: StrPatientSeries
    renal_centre: StrPatientSeries
    rrt_start_date: DatePatientSeries
    latest_creatinine: FloatPatientSeries
    latest_egfr: FloatPatientSeries
    treatment_modality_start: StrPatientSeries
    treatment_modality_prevalence: StrPatientSeries

class Ukrr(EventFrame):
    """The table `ukrr`."""

    dataset: StrEventSeries
    renal_centre: StrEventSeries
    rrt_start_date: DateEventSeries
    latest_creatinine: FloatEventSeries
    latest_egfr: FloatEventSeries
    treatment_modality_start: StrEventSeries
    treatment_modality_prevalence: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedUkrr:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedUkrr(Ukrr):
    """`ukrr` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> UkrrRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> UkrrRow:
        """Of each patient the last row in the order of `sort_by`."""

ukrr: Ukrr

class VaccinationsRow(PatientFrame):
    """One row of `vaccinations` for each patient."""

    vaccination_id: IntPatientSeries
    date: DatePatientSeries
    target_disease: StrPatientSeries
    product_name: StrPatientSeries

class Vaccinations(EventFrame):
    """The table `vaccinations`."""

    vaccination_id: IntEventSeries
    date: DateEventSeries
    target_disease: StrEventSeries
    product_name: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedVaccinations:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedVaccinations(Vaccinations):
    """`vaccinations` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> VaccinationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> VaccinationsRow:
        """Of each patient the last row in the order of `sort_by`."""

vaccinations: Vaccinations

class WlClockstopsRow(PatientFrame):
    """One row of `wl_clockstops` for each patient."""

    activity_treatment_function_code: StrPatientSeries
    priority_type_code: StrPatientSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrPatientSeries
    pseudo_patient_pathway_identifier: StrPatientSeries
    pseudo_referral_identifier: StrPatientSeries
    referral_request_received_date: DatePatientSeries
    referral_to_treatment_period_end_date: DatePatientSeries
    referral_to_treatment_period_start_date: DatePatientSeries
    source_of_referral_for_outpatients: StrPatientSeries
    waiting_list_type: StrPatientSeries
    week_ending_date: DatePatientSeries

class WlClockstops(EventFrame):
    """The table `wl_clockstops`."""

    activity_treatment_function_code: StrEventSeries
    priority_type_code: StrEventSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrEventSeries
    pseudo_patient_pathway_identifier: StrEventSeries
    pseudo_referral_identifier: StrEventSeries
    referral_request_received_date: DateEventSeries
    referral_to_treatment_period_end_date: DateEventSeries
    referral_to_treatment_period_start_date: DateEventSeries
    source_of_referral_for_outpatients: StrEventSeries
    waiting_list_type: StrEventSeries
    week_ending_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedWlClockstops:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedWlClockstops(WlClockstops):
    """`wl_clockstops` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> WlClockstopsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> WlClockstopsRow:
        """Of each patient the last row in the order of `sort_by`."""

wl_clockstops: WlClockstops

class WlOpenpathwaysRow(PatientFrame):
    """One row of `wl_openpathways` for each patient."""

    activity_treatment_function_code: StrPatientSeries
    current_pathway_period_start_date: DatePatientSeries
    priority_type_code: StrPatientSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrPatientSeries
    pseudo_patient_pathway_identifier: StrPatientSeries
    pseudo_referral_identifier: StrPatientSeries
    referral_request_received_date: DatePatientSeries
    referral_to_treatment_period_end_date: DatePatientSeries
    referral_to_treatment_period_start_date: DatePatientSeries
    source_of_referral: StrPatientSeries
    waiting_list_type: StrPatientSeries
    week_ending_date: DatePatientSeries

class WlOpenpathways(EventFrame):
    """The table `wl_openpathways`."""

    activity_treatment_function_code: StrEventSeries
    current_pathway_period_start_date: DateEventSeries
    priority_type_code: StrEventSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrEventSeries
    pseudo_patient_pathway_identifier: StrEventSeries
    pseudo_referral_identifier: StrEventSeries
    referral_request_received_date: DateEventSeries
    referral_to_treatment_period_end_date: DateEventSeries
    referral_to_treatment_period_start_date: DateEventSeries
    source_of_referral: StrEventSeries
    waiting_list_type: StrEventSeries
    week_ending_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedWlOpenpathways:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedWlOpenpathways(WlOpenpathways):
    """`wl_openpathways` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> WlOpenpathwaysRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> WlOpenpathwaysRow:
        """Of each patient the last row in the order of `sort_by`."""

wl_openpathways: WlOpenpathways
