"""The tables of the TPP SystmOne database (extractors/tables/README.md#methods)."""

import datetime
from typing import Any, Self

from extractors.language.cases import case, when
from extractors.language.dates import DateOfPatient
from extractors.language.frames import (
    AnyRow,
    EventFrame,
    PatientFrame,
    Series,
    table,
)
from extractors.language.promises import Categorical, ClosedRange, NotNull, Regex
from extractors.language.texts import StrEventSeries, StrPatientSeries
from extractors.model.types import (
    CTV3Code,
    ICD10Code,
    ICD10MultiCode,
    OPCS4Code,
    OPCS4MultiCode,
    SNOMEDCTCode,
)
from extractors.tables import core
from extractors.tables.core import OnsDeaths, Patients, PracticeRegistrations

IMD_AREAS = 32_844  # small areas of England ranked by deprivation, 1 the most deprived

PLACES_OF_DEATH = Categorical(
    (
        "Care Home",
        "Elsewhere",
        "Home",
        "Hospice",
        "Hospital",
        "Other communal establishment",
    )
)


def _imd_groups(rank: Any, groups: int) -> Any:
    """Equal groups of the ranks; upper bounds are whole numbers, cut off."""
    ends = {1: "1 (most deprived)", groups: f"{groups} (least deprived)"}
    cases = [when(rank < 0).then("unknown")]
    for number in range(1, groups + 1):
        bound = int(IMD_AREAS * number / groups)
        label = ends.get(number, str(number))
        cases.append(when(rank <= bound).then(label))
    return case(*cases, otherwise="unknown")


class Deprivation:
    """What follows from a rank of deprivation."""

    imd_rounded: Any

    @property
    def imd_quintile(self) -> StrPatientSeries | StrEventSeries:
        """Fifths of the ranks of deprivation, as the labels that are printed.

        "1 (most deprived)", "2", "3", "4", "5 (least deprived)"; a rank that is NULL
        gives "unknown".

            addresses.for_patient_on("2020-03-01").imd_quintile
        """
        fifth: StrPatientSeries | StrEventSeries = _imd_groups(self.imd_rounded, 5)
        return fifth

    @property
    def imd_decile(self) -> StrPatientSeries | StrEventSeries:
        """Tenths of the ranks of deprivation, as the labels that are printed.

        "1 (most deprived)", "2" to "9", "10 (least deprived)"; a rank that is NULL
        gives "unknown".

            addresses.for_patient_on("2020-03-01").imd_decile
        """
        tenth: StrPatientSeries | StrEventSeries = _imd_groups(self.imd_rounded, 10)
        return tenth


@table
class addresses(Deprivation, EventFrame):
    address_id = Series(int)
    start_date = Series(datetime.date)
    end_date = Series(datetime.date)
    address_type = Series(int, constraints=[Categorical((0, 1, 3))])
    rural_urban_classification = Series(int, constraints=[ClosedRange(1, 8)])
    imd_rounded = Series(int, constraints=[ClosedRange(0, 32800, 100)])
    msoa_code = Series(str, constraints=[Regex(r"E020[0-9]{5}")])
    has_postcode = Series(bool)
    care_home_is_potential_match = Series(bool)
    care_home_requires_nursing = Series(bool)
    care_home_does_not_require_nursing = Series(bool)

    def for_patient_on(self, date: DateOfPatient) -> AnyRow:
        """The address on a date; one with a postcode before one without, then the one
        that began last.

        Without one every column is NULL.

            addresses.for_patient_on("2020-03-01").msoa_code

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        spanning = self.where(self.start_date.is_on_or_before(date)).except_where(
            self.end_date.is_before(date)
        )
        return spanning.sort_by(
            self.has_postcode.as_int(), self.start_date, self.end_date, self.address_id
        ).last_for_patient()


@table
class apcs(EventFrame):
    apcs_ident = Series(int, constraints=[NotNull()])
    admission_date = Series(datetime.date)
    discharge_date = Series(datetime.date)
    discharge_destination = Series(str)
    discharge_method = Series(str)
    spell_core_hrg_sus = Series(str)
    admission_method = Series(str)
    primary_diagnosis = Series(ICD10Code)
    secondary_diagnosis = Series(ICD10Code)
    all_diagnoses = Series(ICD10MultiCode)
    all_procedures = Series(OPCS4MultiCode)
    days_in_critical_care = Series(int)
    patient_classification = Series(str)


class ApcsCost(EventFrame):
    """What spells in hospital cost."""

    apcs_ident = Series(int, constraints=[NotNull()])
    grand_total_payment_mff = Series(float)
    tariff_initial_amount = Series(float)
    tariff_total_payment = Series(float)
    admission_date = Series(datetime.date)
    discharge_date = Series(datetime.date)


@table
class apcs_cost(ApcsCost):
    pass


@table
class appointments(EventFrame):
    class _meta:
        required_permission = "appointments"

    booked_date = Series(datetime.date)
    start_date = Series(datetime.date)
    seen_date = Series(datetime.date)
    status = Series(
        str,
        constraints=[
            Categorical(
                (
                    "Booked",
                    "Arrived",
                    "Did Not Attend",
                    "In Progress",
                    "Finished",
                    "Requested",
                    "Blocked",
                    "Visit",
                    "Waiting",
                    "Cancelled by Patient",
                    "Cancelled by Unit",
                    "Cancelled by Other Service",
                    "No Access Visit",
                    "Cancelled Due To Death",
                    "Patient Walked Out",
                )
            )
        ],
    )


@table
class clinical_events(EventFrame):
    date = Series(datetime.date)
    snomedct_code = Series(SNOMEDCTCode)
    ctv3_code = Series(CTV3Code)
    numeric_value = Series(float)
    consultation_id = Series(int)


@table
class clinical_events_ranges(EventFrame):
    date = Series(datetime.date)
    snomedct_code = Series(SNOMEDCTCode)
    ctv3_code = Series(CTV3Code)
    numeric_value = Series(float)
    lower_bound = Series(float)
    upper_bound = Series(float)
    comparator = Series(
        str, constraints=[Categorical(("~", "=", ">=", ">", "<", "<="))]
    )
    consultation_id = Series(int)


@table
class covid_therapeutics(EventFrame):
    class _meta:
        required_permission = "covid_therapeutics"

    covid_indication = Series(
        str,
        constraints=[
            Categorical(("non_hospitalised", "hospitalised_with", "hospital_onset"))
        ],
    )
    current_status = Series(
        str,
        constraints=[
            Categorical(
                (
                    "Approved",
                    "Treatment Complete",
                    "Treatment Not Started",
                    "Treatment Stopped",
                )
            )
        ],
    )
    intervention = Series(str)
    received = Series(datetime.date)
    region = Series(str)
    risk_cohort = Series(str)
    treatment_start_date = Series(datetime.date)


@table
class decision_support_values(EventFrame):
    calculation_date = Series(datetime.date)
    numeric_value = Series(float)
    algorithm_description = Series(str)
    algorithm_version = Series(str)

    def electronic_frailty_index(self) -> Self:
        """The rows of the UK electronic Frailty Index.

        Of version 1.0; a NULL in the name of the algorithm is none of it.

            decision_support_values.electronic_frailty_index().numeric_value
        """
        return self.where(
            (self.algorithm_description == "UK Electronic Frailty Index (eFI)")
            & (self.algorithm_version == "1.0")
        )


@table
class ec(EventFrame):
    ec_ident = Series(int, constraints=[NotNull()])
    arrival_date = Series(datetime.date)
    sus_hrg_code = Series(str, constraints=[Regex(r"[a-zA-Z]{2}[0-9]{2}[a-zA-Z]")])


@table
class ec_cost(EventFrame):
    ec_ident = Series(int, constraints=[NotNull()])
    grand_total_payment_mff = Series(float)
    tariff_total_payment = Series(float)
    arrival_date = Series(datetime.date)
    ec_decision_to_admit_date = Series(datetime.date)
    ec_injury_date = Series(datetime.date)


@table
class emergency_care_attendances(EventFrame):
    id = Series(int, constraints=[NotNull()])
    arrival_date = Series(datetime.date)
    discharge_destination = Series(SNOMEDCTCode)
    diagnosis_01 = Series(SNOMEDCTCode)
    diagnosis_02 = Series(SNOMEDCTCode)
    diagnosis_03 = Series(SNOMEDCTCode)
    diagnosis_04 = Series(SNOMEDCTCode)
    diagnosis_05 = Series(SNOMEDCTCode)
    diagnosis_06 = Series(SNOMEDCTCode)
    diagnosis_07 = Series(SNOMEDCTCode)
    diagnosis_08 = Series(SNOMEDCTCode)
    diagnosis_09 = Series(SNOMEDCTCode)
    diagnosis_10 = Series(SNOMEDCTCode)
    diagnosis_11 = Series(SNOMEDCTCode)
    diagnosis_12 = Series(SNOMEDCTCode)
    diagnosis_13 = Series(SNOMEDCTCode)
    diagnosis_14 = Series(SNOMEDCTCode)
    diagnosis_15 = Series(SNOMEDCTCode)
    diagnosis_16 = Series(SNOMEDCTCode)
    diagnosis_17 = Series(SNOMEDCTCode)
    diagnosis_18 = Series(SNOMEDCTCode)
    diagnosis_19 = Series(SNOMEDCTCode)
    diagnosis_20 = Series(SNOMEDCTCode)
    diagnosis_21 = Series(SNOMEDCTCode)
    diagnosis_22 = Series(SNOMEDCTCode)
    diagnosis_23 = Series(SNOMEDCTCode)
    diagnosis_24 = Series(SNOMEDCTCode)


@table
class ethnicity_from_sus(PatientFrame):
    code = Series(
        str,
        constraints=[
            Categorical(
                (
                    "A",
                    "B",
                    "C",
                    "D",
                    "E",
                    "F",
                    "G",
                    "H",
                    "J",
                    "K",
                    "L",
                    "M",
                    "N",
                    "P",
                    "R",
                    "S",
                )
            )
        ],
    )


@table
class household_memberships_2020(PatientFrame):
    household_pseudo_id = Series(int)
    household_size = Series(int)


class Medications(core.Medications):
    """With the consultation in which they were issued."""

    consultation_id = Series(int)


@table
class medications(Medications):
    pass


@table
class occupation_on_covid_vaccine_record(EventFrame):
    class _meta:
        required_permission = "occupation_on_covid_vaccine_record"

    is_healthcare_worker = Series(bool)


@table
class ons_deaths(OnsDeaths):
    place = Series(str, constraints=[PLACES_OF_DEATH])


@table
class opa(EventFrame):
    opa_ident = Series(int, constraints=[NotNull()])
    appointment_date = Series(datetime.date)
    attendance_status = Series(
        str, constraints=[Categorical(("5", "6", "7", "2", "3", "4", "0"))]
    )
    consultation_medium_used = Series(
        str,
        constraints=[
            Categorical(("01", "02", "03", "04", "05", "09", "10", "11", "98"))
        ],
    )
    first_attendance = Series(
        str, constraints=[Categorical(("1", "2", "3", "4", "5", "9"))]
    )
    hrg_code = Series(str, constraints=[Regex(r"[a-zA-Z]{2}[0-9]{2}[a-zA-Z]")])
    outcome_of_attendance = Series(
        str, constraints=[Categorical(("1", "2", "3", "4", "5"))]
    )
    referral_request_received_date = Series(datetime.date)
    treatment_function_code = Series(str)


@table
class opa_cost(EventFrame):
    opa_ident = Series(int, constraints=[NotNull()])
    tariff_opp = Series(float)
    grand_total_payment_mff = Series(float)
    tariff_total_payment = Series(float)
    appointment_date = Series(datetime.date)
    referral_request_received_date = Series(datetime.date)


@table
class opa_diag(EventFrame):
    opa_ident = Series(int, constraints=[NotNull()])
    primary_diagnosis_code = Series(ICD10Code)
    primary_diagnosis_code_read = Series(CTV3Code)
    secondary_diagnosis_code_1 = Series(ICD10Code)
    secondary_diagnosis_code_1_read = Series(CTV3Code)
    appointment_date = Series(datetime.date)
    referral_request_received_date = Series(datetime.date)


@table
class opa_proc(EventFrame):
    opa_ident = Series(int, constraints=[NotNull()])
    primary_procedure_code = Series(OPCS4Code)
    primary_procedure_code_read = Series(CTV3Code)
    procedure_code_2 = Series(OPCS4Code)
    procedure_code_2_read = Series(CTV3Code)
    appointment_date = Series(datetime.date)
    referral_request_received_date = Series(datetime.date)


@table
class open_prompt(EventFrame):
    class _meta:
        required_permission = "open_prompt"

    ctv3_code = Series(CTV3Code, constraints=[NotNull()])
    snomedct_code = Series(SNOMEDCTCode)
    creation_date = Series(datetime.date, constraints=[NotNull()])
    consultation_date = Series(datetime.date, constraints=[NotNull()])
    consultation_id = Series(int, constraints=[NotNull()])
    numeric_value = Series(float)


@table
class parents(PatientFrame):
    mother_id = Series(int)


@table
class patients(Patients):
    pass


@table
class practice_registrations(PracticeRegistrations):
    practice_stp = Series(str, constraints=[Regex(r"E540000[0-9]{2}")])
    practice_nuts1_region_name = Series(
        str,
        constraints=[
            Categorical(
                (
                    "North East",
                    "North West",
                    "Yorkshire and The Humber",
                    "East Midlands",
                    "West Midlands",
                    "East",
                    "London",
                    "South East",
                    "South West",
                )
            )
        ],
    )
    practice_systmone_go_live_date = Series(datetime.date)

    def spanning_with_systmone(self, start: DateOfPatient, end: DateOfPatient) -> Self:
        """The registrations that cover the time and whose practice used SystmOne from
        its start.

        A practice of which that day is NULL is left out.

            practice_registrations.spanning_with_systmone("2020-01-01", "2020-12-31")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self.spanning(start, end).where(
            self.practice_systmone_go_live_date.is_on_or_before(start)
        )


@table
class sgss_covid_all_tests(EventFrame):
    class _meta:
        required_permission = "sgss_covid_all_tests"

    specimen_taken_date = Series(datetime.date, constraints=[NotNull()])
    is_positive = Series(bool, constraints=[NotNull()])
    lab_report_date = Series(datetime.date, constraints=[NotNull()])
    was_symptomatic = Series(bool)
    sgtf_status = Series(int, constraints=[ClosedRange(0, 9)])
    variant = Series(str)
    variant_detection_method = Series(
        str,
        constraints=[
            Categorical(
                ("Private Lab Sequencing", "Reflex Assay", "Sanger Provisional Result")
            )
        ],
    )


@table
class ukrr(EventFrame):
    class _meta:
        required_permission = "ukrr"

    dataset = Series(
        str,
        constraints=[
            Categorical(
                (
                    "2019_prevalence",
                    "2020_prevalence",
                    "2021_prevalence",
                    "2020_incidence",
                    "2020_ckd",
                )
            )
        ],
    )
    renal_centre = Series(str)
    rrt_start_date = Series(datetime.date)
    latest_creatinine = Series(float)
    latest_egfr = Series(float)
    treatment_modality_start = Series(str)
    treatment_modality_prevalence = Series(str)


@table
class vaccinations(EventFrame):
    vaccination_id = Series(int)
    date = Series(datetime.date)
    target_disease = Series(str)
    product_name = Series(str)


@table
class wl_clockstops(EventFrame):
    class _meta:
        required_permission = "waiting_list"

    activity_treatment_function_code = Series(
        str, constraints=[Regex(r"[a-zA-Z0-9]{3}")]
    )
    priority_type_code = Series(
        str, constraints=[Categorical(("routine", "urgent", "two week wait"))]
    )
    pseudo_organisation_code_patient_pathway_identifier_issuer = Series(str)
    pseudo_patient_pathway_identifier = Series(str)
    pseudo_referral_identifier = Series(str)
    referral_request_received_date = Series(datetime.date)
    referral_to_treatment_period_end_date = Series(datetime.date)
    referral_to_treatment_period_start_date = Series(datetime.date)
    source_of_referral_for_outpatients = Series(str)
    waiting_list_type = Series(
        str, constraints=[Categorical(("ORTT", "IRTT", "PTLO", "PTLI", "RTTO", "RTTI"))]
    )
    week_ending_date = Series(datetime.date)


@table
class wl_openpathways(EventFrame):
    class _meta:
        required_permission = "waiting_list"

    activity_treatment_function_code = Series(
        str, constraints=[Regex(r"[a-zA-Z0-9]{3}")]
    )
    current_pathway_period_start_date = Series(datetime.date)
    priority_type_code = Series(
        str, constraints=[Categorical(("routine", "urgent", "two week wait"))]
    )
    pseudo_organisation_code_patient_pathway_identifier_issuer = Series(str)
    pseudo_patient_pathway_identifier = Series(str)
    pseudo_referral_identifier = Series(str)
    referral_request_received_date = Series(datetime.date)
    referral_to_treatment_period_end_date = Series(datetime.date)
    referral_to_treatment_period_start_date = Series(datetime.date)
    source_of_referral = Series(str, constraints=[Regex(r"[a-zA-Z0-9]{2}")])
    waiting_list_type = Series(
        str,
        constraints=[
            Categorical(
                ("ORTT", "IRTT", "ONON", "INON", "PTLO", "PTLI", "RTTO", "RTTI")
            )
        ],
    )
    week_ending_date = Series(datetime.date)
