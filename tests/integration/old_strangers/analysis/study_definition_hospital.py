# ruff: noqa
# mypy: ignore-errors
from cohortextractor import StudyDefinition, patients, codelist, codelist_from_csv
from codelists import *
from variables import admissions, loop_over_procedures, matching

study = StudyDefinition(
    index_date="2020-03-01",
    default_expectations={
        "date": {"earliest": "2018-01-01", "latest": "index_date"},
        "rate": "uniform",
    },
    population=patients.satisfying("hip_1 OR age > 50"),
    age=patients.age_as_of("index_date"),
    hip_1=patients.admitted_to_hospital(
        returning="date_admitted",
        with_these_procedures=hip_opcs4,
        on_or_after="2018-01-01",
        find_first_match_in_period=True,
        date_format="YYYY-MM-DD",
        return_expectations={"date": {"earliest": "2020-02-01"}},
    ),
    hip_1_out=patients.admitted_to_hospital(
        returning="date_discharged",
        with_these_procedures=hip_opcs4,
        on_or_after="hip_1",
        find_first_match_in_period=True,
        date_format="YYYY-MM-DD",
    ),
    hip_1_cause=patients.admitted_to_hospital(
        returning="primary_diagnosis",
        on_or_after="hip_1",
        find_first_match_in_period=True,
    ),
    emergency=patients.admitted_to_hospital(
        returning="binary_flag",
        with_admission_method=["21", "2A", "22", "23", "24", "25", "2D", "28", "2B"],
        with_patient_classification=["1"],
        between=["hip_1_out + 1 day", "hip_1_out + 30 days"],
        with_these_primary_diagnoses=stroke_icd10,
    ),
    icu_days=patients.admitted_to_hospital(
        returning="days_in_critical_care",
        with_at_least_one_day_in_critical_care=True,
        on_or_after="index_date",
        find_first_match_in_period=True,
    ),
    beds=patients.admitted_to_hospital(
        returning="total_bed_days_in_period",
        between=["index_date", "index_date + 1 year"],
    ),
    crit=patients.admitted_to_hospital(
        returning="total_critical_care_days_in_period",
        between=["index_date", "index_date + 1 year"],
        with_these_diagnoses=covid_codelist,
    ),
    ae=patients.attended_emergency_care(
        returning="date_arrived",
        on_or_after="index_date",
        with_these_diagnoses=covid_ae,
        discharged_to=["306706006", "1066331000000109"],
        find_first_match_in_period=True,
        date_format="YYYY-MM-DD",
    ),
    ae_n=patients.attended_emergency_care(
        returning="number_of_matches_in_period", between=["index_date", "today"]
    ),
    out=patients.outpatient_appointment_date(
        returning="number_of_matches_in_period",
        attended=True,
        between=["index_date", "index_date + 6 months"],
        with_these_treatment_function_codes=["110", "108"],
    ),
    out_first=patients.outpatient_appointment_date(
        returning="date",
        is_first_attendance=True,
        on_or_after="index_date",
        find_first_match_in_period=True,
        date_format="YYYY-MM-DD",
    ),
    **admissions,
    **loop_over_procedures(["W371", "W38"]),
    **matching,
)
