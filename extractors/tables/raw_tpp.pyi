"""Types of the tables in `raw_tpp.py`; tests/lib/table_stubs.py writes them."""

from collections.abc import Collection

from extractors.language.dates import DateEventSeries, DatePatientSeries
from extractors.language.frames import EventFrame, PatientFrame, Sortable
from extractors.language.numbers import (
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
)
from extractors.language.series import BoolEventSeries
from extractors.language.texts import (
    CodeEventSeries,
    CodePatientSeries,
    StrEventSeries,
    StrPatientSeries,
)

class ApcsCostHistoricalRow(PatientFrame):
    """One row of `apcs_cost_historical` for each patient."""

    apcs_ident: IntPatientSeries
    grand_total_payment_mff: FloatPatientSeries
    tariff_initial_amount: FloatPatientSeries
    tariff_total_payment: FloatPatientSeries
    admission_date: DatePatientSeries
    discharge_date: DatePatientSeries

class ApcsCostHistorical(EventFrame):
    """What spells in hospital cost."""

    apcs_ident: IntEventSeries
    grand_total_payment_mff: FloatEventSeries
    tariff_initial_amount: FloatEventSeries
    tariff_total_payment: FloatEventSeries
    admission_date: DateEventSeries
    discharge_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedApcsCostHistorical:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedApcsCostHistorical(ApcsCostHistorical):
    """`apcs_cost_historical` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ApcsCostHistoricalRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ApcsCostHistoricalRow:
        """Of each patient the last row in the order of `sort_by`."""

apcs_cost_historical: ApcsCostHistorical

class ApcsHistoricalRow(PatientFrame):
    """One row of `apcs_historical` for each patient."""

    apcs_ident: IntPatientSeries
    admission_date: DatePatientSeries
    discharge_date: DatePatientSeries
    spell_core_hrg_sus: StrPatientSeries

class ApcsHistorical(EventFrame):
    """The table `apcs_historical`."""

    apcs_ident: IntEventSeries
    admission_date: DateEventSeries
    discharge_date: DateEventSeries
    spell_core_hrg_sus: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedApcsHistorical:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedApcsHistorical(ApcsHistorical):
    """`apcs_historical` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ApcsHistoricalRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ApcsHistoricalRow:
        """Of each patient the last row in the order of `sort_by`."""

apcs_historical: ApcsHistorical

class CovidTherapeuticsRawRow(PatientFrame):
    """One row of `covid_therapeutics_raw` for each patient."""

    covid_indication: StrPatientSeries
    current_status: StrPatientSeries
    diagnosis: StrPatientSeries
    form_name: StrPatientSeries
    intervention: StrPatientSeries
    received: DatePatientSeries
    region: StrPatientSeries
    treatment_start_date: DatePatientSeries
    casim05_date_of_symptom_onset: StrPatientSeries
    casim05_risk_cohort: StrPatientSeries
    mol1_onset_of_symptoms: StrPatientSeries
    mol1_high_risk_cohort: StrPatientSeries
    sot02_onset_of_symptoms: StrPatientSeries
    sot02_risk_cohorts: StrPatientSeries
    load_date: DatePatientSeries

class CovidTherapeuticsRaw(EventFrame):
    """The table `covid_therapeutics_raw`."""

    covid_indication: StrEventSeries
    current_status: StrEventSeries
    diagnosis: StrEventSeries
    form_name: StrEventSeries
    intervention: StrEventSeries
    received: DateEventSeries
    region: StrEventSeries
    treatment_start_date: DateEventSeries
    casim05_date_of_symptom_onset: StrEventSeries
    casim05_risk_cohort: StrEventSeries
    mol1_onset_of_symptoms: StrEventSeries
    mol1_high_risk_cohort: StrEventSeries
    sot02_onset_of_symptoms: StrEventSeries
    sot02_risk_cohorts: StrEventSeries
    load_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedCovidTherapeuticsRaw:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedCovidTherapeuticsRaw(CovidTherapeuticsRaw):
    """`covid_therapeutics_raw` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> CovidTherapeuticsRawRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> CovidTherapeuticsRawRow:
        """Of each patient the last row in the order of `sort_by`."""

covid_therapeutics_raw: CovidTherapeuticsRaw

class IsaricRow(PatientFrame):
    """One row of `isaric` for each patient."""

    age: StrPatientSeries
    age_factor: StrPatientSeries
    calc_age: StrPatientSeries
    sex: StrPatientSeries
    ethnic___1: StrPatientSeries
    ethnic___2: StrPatientSeries
    ethnic___3: StrPatientSeries
    ethnic___4: StrPatientSeries
    ethnic___5: StrPatientSeries
    ethnic___6: StrPatientSeries
    ethnic___7: StrPatientSeries
    ethnic___8: StrPatientSeries
    ethnic___9: StrPatientSeries
    ethnic___10: StrPatientSeries
    covid19_vaccine: StrPatientSeries
    covid19_vaccined: DatePatientSeries
    covid19_vaccined_nk: StrPatientSeries
    corona_ieorres: StrPatientSeries
    coriona_ieorres2: StrPatientSeries
    coriona_ieorres3: StrPatientSeries
    inflammatory_mss: StrPatientSeries
    cestdat: DatePatientSeries
    chrincard: StrPatientSeries
    modliv: StrPatientSeries
    hypertension_mhyn: StrPatientSeries
    chronicpul_mhyn: StrPatientSeries
    asthma_mhyn: StrPatientSeries
    renal_mhyn: StrPatientSeries
    mildliver: StrPatientSeries
    chronicneu_mhyn: StrPatientSeries
    malignantneo_mhyn: StrPatientSeries
    chronichaemo_mhyn: StrPatientSeries
    aidshiv_mhyn: StrPatientSeries
    obesity_mhyn: StrPatientSeries
    diabetes_type_mhyn: StrPatientSeries
    diabetescom_mhyn: StrPatientSeries
    diabetes_mhyn: StrPatientSeries
    rheumatologic_mhyn: StrPatientSeries
    dementia_mhyn: StrPatientSeries
    malnutrition_mhyn: StrPatientSeries
    smoking_mhyn: StrPatientSeries
    hostdat: DatePatientSeries
    hooccur: StrPatientSeries
    hostdat_transfer: DatePatientSeries
    hostdat_transfernk: StrPatientSeries
    readm_cov19: StrPatientSeries
    dsstdat: DatePatientSeries
    dsstdtc: DatePatientSeries

class Isaric(EventFrame):
    """Forms of the ISARIC study of patients in hospital, mostly as they were filled
    in."""

    age: StrEventSeries
    age_factor: StrEventSeries
    calc_age: StrEventSeries
    sex: StrEventSeries
    ethnic___1: StrEventSeries
    ethnic___2: StrEventSeries
    ethnic___3: StrEventSeries
    ethnic___4: StrEventSeries
    ethnic___5: StrEventSeries
    ethnic___6: StrEventSeries
    ethnic___7: StrEventSeries
    ethnic___8: StrEventSeries
    ethnic___9: StrEventSeries
    ethnic___10: StrEventSeries
    covid19_vaccine: StrEventSeries
    covid19_vaccined: DateEventSeries
    covid19_vaccined_nk: StrEventSeries
    corona_ieorres: StrEventSeries
    coriona_ieorres2: StrEventSeries
    coriona_ieorres3: StrEventSeries
    inflammatory_mss: StrEventSeries
    cestdat: DateEventSeries
    chrincard: StrEventSeries
    modliv: StrEventSeries
    hypertension_mhyn: StrEventSeries
    chronicpul_mhyn: StrEventSeries
    asthma_mhyn: StrEventSeries
    renal_mhyn: StrEventSeries
    mildliver: StrEventSeries
    chronicneu_mhyn: StrEventSeries
    malignantneo_mhyn: StrEventSeries
    chronichaemo_mhyn: StrEventSeries
    aidshiv_mhyn: StrEventSeries
    obesity_mhyn: StrEventSeries
    diabetes_type_mhyn: StrEventSeries
    diabetescom_mhyn: StrEventSeries
    diabetes_mhyn: StrEventSeries
    rheumatologic_mhyn: StrEventSeries
    dementia_mhyn: StrEventSeries
    malnutrition_mhyn: StrEventSeries
    smoking_mhyn: StrEventSeries
    hostdat: DateEventSeries
    hooccur: StrEventSeries
    hostdat_transfer: DateEventSeries
    hostdat_transfernk: StrEventSeries
    readm_cov19: StrEventSeries
    dsstdat: DateEventSeries
    dsstdtc: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedIsaric:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedIsaric(Isaric):
    """`isaric` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> IsaricRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> IsaricRow:
        """Of each patient the last row in the order of `sort_by`."""

isaric: Isaric

class MedicationsRow(PatientFrame):
    """One row of `medications` for each patient."""

    date: DatePatientSeries
    dmd_code: CodePatientSeries
    consultation_id: IntPatientSeries
    medication_status: IntPatientSeries

class Medications(EventFrame):
    """Prescriptions of every status; 0 is a normal one, others are, say, historical or
    from a hospital."""

    date: DateEventSeries
    dmd_code: CodeEventSeries
    consultation_id: IntEventSeries
    medication_status: IntEventSeries
    def sort_by(self, *series: Sortable) -> SortedMedications:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedMedications(Medications):
    """`medications` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> MedicationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> MedicationsRow:
        """Of each patient the last row in the order of `sort_by`."""

medications: Medications

class OnsDeathsRow(PatientFrame):
    """One row of `ons_deaths` for each patient."""

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

class OnsDeaths(EventFrame):
    """Every death certificate; a patient may have several."""

    date: DateEventSeries
    underlying_cause_of_death: CodeEventSeries
    cause_of_death_01: CodeEventSeries
    cause_of_death_02: CodeEventSeries
    cause_of_death_03: CodeEventSeries
    cause_of_death_04: CodeEventSeries
    cause_of_death_05: CodeEventSeries
    cause_of_death_06: CodeEventSeries
    cause_of_death_07: CodeEventSeries
    cause_of_death_08: CodeEventSeries
    cause_of_death_09: CodeEventSeries
    cause_of_death_10: CodeEventSeries
    cause_of_death_11: CodeEventSeries
    cause_of_death_12: CodeEventSeries
    cause_of_death_13: CodeEventSeries
    cause_of_death_14: CodeEventSeries
    cause_of_death_15: CodeEventSeries
    place: StrEventSeries
    def cause_of_death_is_in(self, codelist: Collection[str]) -> BoolEventSeries:
        """Whether any cause on the certificate is in a codelist.

        NULL where no cause is in it and one is NULL.

            ons_deaths.cause_of_death_is_in(covid_codes)

        Raises TypeError for what is no list, ValueError for what is no code of ICD-10."""
    def sort_by(self, *series: Sortable) -> SortedOnsDeaths:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedOnsDeaths(OnsDeaths):
    """`ons_deaths` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> OnsDeathsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> OnsDeathsRow:
        """Of each patient the last row in the order of `sort_by`."""

ons_deaths: OnsDeaths

class RepeatMedicationsRow(PatientFrame):
    """One row of `repeat_medications` for each patient."""

    date: DatePatientSeries
    dmd_code: CodePatientSeries
    consultation_id: IntPatientSeries
    medication_status: IntPatientSeries
    start_date: DatePatientSeries
    end_date: DatePatientSeries

class RepeatMedications(EventFrame):
    """Prescriptions that are issued again and again, from a first to a last day."""

    date: DateEventSeries
    dmd_code: CodeEventSeries
    consultation_id: IntEventSeries
    medication_status: IntEventSeries
    start_date: DateEventSeries
    end_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedRepeatMedications:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedRepeatMedications(RepeatMedications):
    """`repeat_medications` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> RepeatMedicationsRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> RepeatMedicationsRow:
        """Of each patient the last row in the order of `sort_by`."""

repeat_medications: RepeatMedications

class WlClockstopsRawRow(PatientFrame):
    """One row of `wl_clockstops_raw` for each patient."""

    activity_treatment_function_code: StrPatientSeries
    priority_type_code: StrPatientSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrPatientSeries
    pseudo_patient_pathway_identifier: StrPatientSeries
    pseudo_referral_identifier: StrPatientSeries
    referral_request_received_date: StrPatientSeries
    referral_to_treatment_period_end_date: StrPatientSeries
    referral_to_treatment_period_start_date: StrPatientSeries
    waiting_list_type: StrPatientSeries
    week_ending_date: StrPatientSeries
    source_of_referral_for_outpatients: StrPatientSeries

class WlClockstopsRaw(EventFrame):
    """What both waiting lists have; all of it text, as it was sent."""

    activity_treatment_function_code: StrEventSeries
    priority_type_code: StrEventSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrEventSeries
    pseudo_patient_pathway_identifier: StrEventSeries
    pseudo_referral_identifier: StrEventSeries
    referral_request_received_date: StrEventSeries
    referral_to_treatment_period_end_date: StrEventSeries
    referral_to_treatment_period_start_date: StrEventSeries
    waiting_list_type: StrEventSeries
    week_ending_date: StrEventSeries
    source_of_referral_for_outpatients: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedWlClockstopsRaw:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedWlClockstopsRaw(WlClockstopsRaw):
    """`wl_clockstops_raw` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> WlClockstopsRawRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> WlClockstopsRawRow:
        """Of each patient the last row in the order of `sort_by`."""

wl_clockstops_raw: WlClockstopsRaw

class WlOpenpathwaysRawRow(PatientFrame):
    """One row of `wl_openpathways_raw` for each patient."""

    activity_treatment_function_code: StrPatientSeries
    priority_type_code: StrPatientSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrPatientSeries
    pseudo_patient_pathway_identifier: StrPatientSeries
    pseudo_referral_identifier: StrPatientSeries
    referral_request_received_date: StrPatientSeries
    referral_to_treatment_period_end_date: StrPatientSeries
    referral_to_treatment_period_start_date: StrPatientSeries
    waiting_list_type: StrPatientSeries
    week_ending_date: StrPatientSeries
    current_pathway_period_start_date: StrPatientSeries
    source_of_referral: StrPatientSeries

class WlOpenpathwaysRaw(EventFrame):
    """What both waiting lists have; all of it text, as it was sent."""

    activity_treatment_function_code: StrEventSeries
    priority_type_code: StrEventSeries
    pseudo_organisation_code_patient_pathway_identifier_issuer: StrEventSeries
    pseudo_patient_pathway_identifier: StrEventSeries
    pseudo_referral_identifier: StrEventSeries
    referral_request_received_date: StrEventSeries
    referral_to_treatment_period_end_date: StrEventSeries
    referral_to_treatment_period_start_date: StrEventSeries
    waiting_list_type: StrEventSeries
    week_ending_date: StrEventSeries
    current_pathway_period_start_date: StrEventSeries
    source_of_referral: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedWlOpenpathwaysRaw:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedWlOpenpathwaysRaw(WlOpenpathwaysRaw):
    """`wl_openpathways_raw` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> WlOpenpathwaysRawRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> WlOpenpathwaysRawRow:
        """Of each patient the last row in the order of `sort_by`."""

wl_openpathways_raw: WlOpenpathwaysRaw
