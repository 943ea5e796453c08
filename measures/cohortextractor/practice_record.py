"""What an author may ask of the practice's record.

Each function only remembers what it is asked for; `study` translates all of a study
together. Names and defaults of arguments are those of the old language.
"""

from typing import Any

from measures.cohortextractor.asked import Asked


def all() -> Asked:
    """Everybody."""
    return Asked("all", locals())


def random_sample(
    percent: Any,
    return_expectations: Any = None,
) -> Asked:
    """A share of the patients."""
    return Asked("random_sample", locals())


def sex(
    return_expectations: Any = None,
) -> Asked:
    """M, F, I or U."""
    return Asked("sex", locals())


def age_as_of(
    reference_date: Any,
    return_expectations: Any = None,
) -> Asked:
    """Completed years on a date."""
    return Asked("age_as_of", locals())


def date_of_birth(
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """The month or year of birth."""
    return Asked("date_of_birth", locals())


def registered_as_of(
    reference_date: Any,
    return_expectations: Any = None,
) -> Asked:
    """Whether a registration covers a date."""
    return Asked("registered_as_of", locals())


def registered_with_one_practice_between(
    start_date: Any,
    end_date: Any,
    return_expectations: Any = None,
) -> Asked:
    """Whether one registration covers a time."""
    return Asked("registered_with_one_practice_between", locals())


def with_complete_gp_consultation_history_between(
    start_date: Any,
    end_date: Any,
    return_expectations: Any = None,
) -> Asked:
    """The same, with a practice that used SystmOne from the start."""
    return Asked("with_complete_gp_consultation_history_between", locals())


def with_complete_history_between(
    start_date: Any,
    end_date: Any,
    return_expectations: Any = None,
) -> Asked:
    """Never was implemented."""
    return Asked("with_complete_history_between", locals())


def registered_practice_as_of(
    date: Any,
    returning: Any = None,
    return_expectations: Any = None,
) -> Asked:
    """A fact of the practice on a date."""
    return Asked("registered_practice_as_of", locals())


def date_deregistered_from_all_supported_practices(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """The end of the last registration."""
    return Asked("date_deregistered_from_all_supported_practices", locals())


def address_as_of(
    date: Any,
    returning: Any = None,
    round_to_nearest: Any = None,
    return_expectations: Any = None,
) -> Asked:
    """A fact of the address on a date."""
    return Asked("address_as_of", locals())


def care_home_status_as_of(
    date: Any,
    categorised_as: Any = None,
    return_expectations: Any = None,
) -> Asked:
    """Of which kind the address on a date is."""
    return Asked("care_home_status_as_of", locals())


def with_these_clinical_events(
    codelist: Any,
    return_expectations: Any = None,
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
    ignore_missing_values: Any = False,
    ignore_days_where_these_codes_occur: Any = None,
    episode_defined_as: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Coded events of primary care."""
    return Asked("with_these_clinical_events", locals())


def with_these_medications(
    codelist: Any,
    return_expectations: Any = None,
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
    ignore_days_where_these_clinical_codes_occur: Any = None,
    episode_defined_as: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Prescriptions of primary care."""
    return Asked("with_these_medications", locals())


def most_recent_bmi(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    minimum_age_at_measurement: Any = 16,
    return_expectations: Any = None,
    include_measurement_date: Any = False,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
) -> Asked:
    """The body-mass index, computed or recorded."""
    return Asked("most_recent_bmi", locals())


def mean_recorded_value(
    codelist: Any,
    on_most_recent_day_of_measurement: Any = None,
    return_expectations: Any = None,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    include_measurement_date: Any = False,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
) -> Asked:
    """The mean of recorded numbers."""
    return Asked("mean_recorded_value", locals())


def min_recorded_value(
    codelist: Any,
    on_most_recent_day_of_measurement: Any = None,
    return_expectations: Any = None,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    include_measurement_date: Any = False,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
) -> Asked:
    """The least of recorded numbers."""
    return Asked("min_recorded_value", locals())


def max_recorded_value(
    codelist: Any,
    on_most_recent_day_of_measurement: Any = None,
    return_expectations: Any = None,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    include_measurement_date: Any = False,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
) -> Asked:
    """The greatest of recorded numbers."""
    return Asked("max_recorded_value", locals())


def comparator_from(
    source: Any,
    return_expectations: Any = None,
) -> Asked:
    """What stood before a number: ~ = >= > < or <=."""
    return Asked("comparator_from", locals())


def reference_range_lower_bound_from(
    source: Any,
    return_expectations: Any = None,
) -> Asked:
    """The lower bound of what is usual."""
    return Asked("reference_range_lower_bound_from", locals())


def reference_range_upper_bound_from(
    source: Any,
    return_expectations: Any = None,
) -> Asked:
    """The upper bound of what is usual."""
    return Asked("reference_range_upper_bound_from", locals())


def with_these_decision_support_values(
    algorithm: Any,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    returning: Any = "numeric_value",
    include_date_of_match: Any = False,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    ignore_missing_values: Any = False,
    return_expectations: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Scores of decision support."""
    return Asked("with_these_decision_support_values", locals())


def with_gp_consultations(
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
    """Appointments that were kept."""
    return Asked("with_gp_consultations", locals())


def with_tpp_vaccination_record(
    target_disease_matches: Any = None,
    product_name_matches: Any = None,
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
    """Vaccinations."""
    return Asked("with_tpp_vaccination_record", locals())


def with_vaccination_record(
    returning: Any = "binary_flag",
    tpp: Any = None,
    emis: Any = None,
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    find_first_match_in_period: Any = None,
    find_last_match_in_period: Any = None,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
    return_binary_flag: Any = None,
    return_number_of_matches_in_period: Any = None,
    return_first_date_in_period: Any = None,
    return_last_date_in_period: Any = None,
) -> Asked:
    """Vaccinations, in TPP's words."""
    return Asked("with_vaccination_record", locals())


def with_healthcare_worker_flag_on_covid_vaccine_record(
    returning: Any = "binary_flag",
    return_expectations: Any = None,
) -> Asked:
    """Whether a health care worker was vaccinated."""
    return Asked("with_healthcare_worker_flag_on_covid_vaccine_record", locals())


def with_death_recorded_in_primary_care(
    on_or_before: Any = None,
    on_or_after: Any = None,
    between: Any = None,
    returning: Any = "binary_flag",
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """Deaths as practices record them."""
    return Asked("with_death_recorded_in_primary_care", locals())
