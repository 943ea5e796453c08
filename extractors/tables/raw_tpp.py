"""Tables of TPP SystmOne as they are recorded, without the choices that `tpp` makes."""

import datetime

from extractors.language.frames import EventFrame, Series, table
from extractors.language.promises import ClosedRange, NotNull
from extractors.tables.raw_core import RawOnsDeaths
from extractors.tables.tpp import PLACES_OF_DEATH, ApcsCost, Medications


@table
class apcs_cost_historical(ApcsCost):
    pass


@table
class apcs_historical(EventFrame):
    apcs_ident = Series(int, constraints=[NotNull()])
    admission_date = Series(datetime.date)
    discharge_date = Series(datetime.date)
    spell_core_hrg_sus = Series(str)


@table
class covid_therapeutics_raw(EventFrame):
    class _meta:
        required_permission = "covid_therapeutics"

    covid_indication = Series(str)
    current_status = Series(str)
    diagnosis = Series(str)
    form_name = Series(str)
    intervention = Series(str)
    received = Series(datetime.date)
    region = Series(str)
    treatment_start_date = Series(datetime.date)
    casim05_date_of_symptom_onset = Series(str)
    casim05_risk_cohort = Series(str)
    mol1_onset_of_symptoms = Series(str)
    mol1_high_risk_cohort = Series(str)
    sot02_onset_of_symptoms = Series(str)
    sot02_risk_cohorts = Series(str)
    load_date = Series(datetime.date)


@table
class isaric(EventFrame):
    """Forms of the ISARIC study of patients in hospital, mostly as they were filled
    in.
    """

    class _meta:
        required_permission = "isaric"

    age = Series(str)
    age_factor = Series(str)
    calc_age = Series(str)
    sex = Series(str)
    ethnic___1 = Series(str)
    ethnic___2 = Series(str)
    ethnic___3 = Series(str)
    ethnic___4 = Series(str)
    ethnic___5 = Series(str)
    ethnic___6 = Series(str)
    ethnic___7 = Series(str)
    ethnic___8 = Series(str)
    ethnic___9 = Series(str)
    ethnic___10 = Series(str)
    covid19_vaccine = Series(str)
    covid19_vaccined = Series(datetime.date)
    covid19_vaccined_nk = Series(str)
    corona_ieorres = Series(str)
    coriona_ieorres2 = Series(str)
    coriona_ieorres3 = Series(str)
    inflammatory_mss = Series(str)
    cestdat = Series(datetime.date)
    chrincard = Series(str)
    modliv = Series(str)
    hypertension_mhyn = Series(str)
    chronicpul_mhyn = Series(str)
    asthma_mhyn = Series(str)
    renal_mhyn = Series(str)
    mildliver = Series(str)
    chronicneu_mhyn = Series(str)
    malignantneo_mhyn = Series(str)
    chronichaemo_mhyn = Series(str)
    aidshiv_mhyn = Series(str)
    obesity_mhyn = Series(str)
    diabetes_type_mhyn = Series(str)
    diabetescom_mhyn = Series(str)
    diabetes_mhyn = Series(str)
    rheumatologic_mhyn = Series(str)
    dementia_mhyn = Series(str)
    malnutrition_mhyn = Series(str)
    smoking_mhyn = Series(str)
    hostdat = Series(datetime.date)
    hooccur = Series(str)
    hostdat_transfer = Series(datetime.date)
    hostdat_transfernk = Series(str)
    readm_cov19 = Series(str)
    dsstdat = Series(datetime.date)
    dsstdtc = Series(datetime.date)


class RawMedications(Medications):
    """Prescriptions of every status; 0 is a normal one, others are, say, historical or
    from a hospital.
    """

    medication_status = Series(int, constraints=[ClosedRange(0, 29)])


@table
class medications(RawMedications):
    class _meta:
        table_name = "medications_raw"


@table
class ons_deaths(RawOnsDeaths):
    class _meta:
        table_name = "ons_deaths_raw"

    place = Series(str, constraints=[PLACES_OF_DEATH])


@table
class repeat_medications(RawMedications):
    """Prescriptions that are issued again and again, from a first to a last day."""

    class _meta:
        table_name = "repeat_medications_raw"

    start_date = Series(datetime.date)
    end_date = Series(datetime.date)


class WaitingList(EventFrame):
    """What both waiting lists have; all of it text, as it was sent."""

    activity_treatment_function_code = Series(str)
    priority_type_code = Series(str)
    pseudo_organisation_code_patient_pathway_identifier_issuer = Series(str)
    pseudo_patient_pathway_identifier = Series(str)
    pseudo_referral_identifier = Series(str)
    referral_request_received_date = Series(str)
    referral_to_treatment_period_end_date = Series(str)
    referral_to_treatment_period_start_date = Series(str)
    waiting_list_type = Series(str)
    week_ending_date = Series(str)


@table
class wl_clockstops_raw(WaitingList):
    class _meta:
        required_permission = "waiting_list"

    source_of_referral_for_outpatients = Series(str)


@table
class wl_openpathways_raw(WaitingList):
    class _meta:
        required_permission = "waiting_list"

    current_pathway_period_start_date = Series(str)
    source_of_referral = Series(str)
