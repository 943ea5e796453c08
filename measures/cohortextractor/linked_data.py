"""What an author may ask of records that are linked to the practice's.

Each function only remembers what it is asked for; `study` translates all of a study
together. Names and defaults of arguments are those of the old language.
"""

from typing import Any

from measures.cohortextractor.asked import Asked


def died_from_any_cause(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    match_only_underlying_cause: Any = False,
    returning: Any = "binary_flag",
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """Deaths as certificates record them."""
    return Asked("died_from_any_cause", locals())


def with_these_codes_on_death_certificate(
    codelist: Any,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    match_only_underlying_cause: Any = False,
    returning: Any = "binary_flag",
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """Causes on death certificates."""
    return Asked("with_these_codes_on_death_certificate", locals())


def with_death_recorded_in_cpns(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    returning: Any = "binary_flag",
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """Deaths in hospital."""
    return Asked("with_death_recorded_in_cpns", locals())


def admitted_to_hospital(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    returning: Any = "binary_flag",
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
    with_admission_method: Any = None,
    with_source_of_admission: Any = None,
    with_discharge_destination: Any = None,
    with_patient_classification: Any = None,
    with_admission_treatment_function_code: Any = None,
    with_administrative_category: Any = None,
    with_these_diagnoses: Any = None,
    with_these_primary_diagnoses: Any = None,
    with_these_procedures: Any = None,
    with_at_least_one_day_in_critical_care: Any = False,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Stays in hospital."""
    return Asked("admitted_to_hospital", locals())


def attended_emergency_care(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    returning: Any = "binary_flag",
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
    with_these_diagnoses: Any = None,
    discharged_to: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Emergency care."""
    return Asked("attended_emergency_care", locals())


def outpatient_appointment_date(
    on_or_after: Any = None,
    between: Any = None,
    attended: Any = None,
    is_first_attendance: Any = None,
    with_these_treatment_function_codes: Any = None,
    with_these_procedures: Any = None,
    return_expectations: Any = None,
    find_first_match_in_period: Any = None,
    date_format: Any = "YYYY-MM-DD",
    returning: Any = "binary_flag",
    include_month: Any = False,
    include_day: Any = False,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Outpatient appointments."""
    return Asked("outpatient_appointment_date", locals())


def with_test_result_in_sgss(
    pathogen: Any = "SARS-CoV-2",
    test_result: Any = "any",
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    restrict_to_earliest_specimen_date: Any = True,
    returning: Any = "binary_flag",
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Tests for SARS-CoV-2."""
    return Asked("with_test_result_in_sgss", locals())


def with_ethnicity_from_sus(
    returning: Any = "code",
    use_most_frequent_code: Any = None,
    return_expectations: Any = None,
) -> Asked:
    """Ethnicity as hospitals record it."""
    return Asked("with_ethnicity_from_sus", locals())


def household_as_of(
    reference_date: Any,
    returning: Any = None,
    return_expectations: Any = None,
) -> Asked:
    """Facts of the household in February 2020."""
    return Asked("household_as_of", locals())


def with_record_in_ukrr(
    from_dataset: Any = None,
    returning: Any = "binary_flag",
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """The renal registry."""
    return Asked("with_record_in_ukrr", locals())


def with_covid_therapeutics(
    with_these_statuses: Any = None,
    with_these_therapeutics: Any = None,
    with_these_indications: Any = None,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    returning: Any = "binary_flag",
    include_date_of_match: Any = False,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Treatments of COVID-19."""
    return Asked("with_covid_therapeutics", locals())


def admitted_to_icu(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    returning: Any = "binary_flag",
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Intensive care."""
    return Asked("admitted_to_icu", locals())


def with_high_cost_drugs(
    drug_name_matches: Any = None,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    returning: Any = "binary_flag",
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Drugs of high cost."""
    return Asked("with_high_cost_drugs", locals())


def with_an_isaric_record(
    returning: Any = None,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """ISARIC's records."""
    return Asked("with_an_isaric_record", locals())
