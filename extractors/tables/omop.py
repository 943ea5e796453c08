"""The tables of the OMOP CDM, 5.3 and 5.4, under their own names
(extractors/tables/README.md#omop).

`person_id` is the patient, so no table lists it. Moments (`*_datetime`) are read as
their days. Where both versions of the CDM have a column under different names, both
names are here, and either finds what is stored.
"""

import datetime
from typing import Any, Self, overload

from extractors.language.cases import minimum_of
from extractors.language.dates import DateEventSeries, DateOfPatient, Span
from extractors.language.dates import days as a_number_of
from extractors.language.frames import (
    AnyRow,
    EventFrame,
    PatientFrame,
    Series,
    table,
)
from extractors.language.numbers import IntEventSeries, IntPatientSeries
from extractors.language.promises import NotNull
from extractors.language.series import BoolPatientSeries
from extractors.model.types import ConceptId


@table
class person(PatientFrame):
    """One row per person.

    `date_of_birth` is not OMOP's: it is made of year, month and day of birth, of which
    a month or a day that is missing counts as 1.
    """

    gender_concept_id = Series(ConceptId)
    year_of_birth = Series(int, constraints=[NotNull()])
    month_of_birth = Series(int)
    day_of_birth = Series(int)
    birth_datetime = Series(datetime.date)
    race_concept_id = Series(ConceptId)
    ethnicity_concept_id = Series(ConceptId)
    location_id = Series(int)
    provider_id = Series(int)
    care_site_id = Series(int)
    person_source_value = Series(str)
    gender_source_value = Series(str)
    gender_source_concept_id = Series(ConceptId)
    race_source_value = Series(str)
    race_source_concept_id = Series(ConceptId)
    ethnicity_source_value = Series(str)
    ethnicity_source_concept_id = Series(ConceptId)
    date_of_birth = Series(datetime.date)

    @overload
    def age_on(self, date: DateOfPatient) -> IntPatientSeries: ...
    @overload
    def age_on(self, date: DateEventSeries) -> IntEventSeries: ...
    def age_on(self, date: Any) -> Any:
        """Completed years on a date; negative before birth.

        NULL where the date of birth or the date is NULL.

            person.age_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return (date - self.date_of_birth).years


@table
class observation_period(EventFrame):
    """Times in which whatever happens to a person is recorded."""

    observation_period_id = Series(int)
    observation_period_start_date = Series(datetime.date)
    observation_period_end_date = Series(datetime.date)
    period_type_concept_id = Series(ConceptId)

    def spanning(self, start: DateOfPatient, end: DateOfPatient) -> Self:
        """The periods that cover the whole time between two dates.

        One without an end covers nothing, and neither does a time with a NULL.

            observation_period.spanning(INTERVAL.start_date, INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        began = self.where(self.observation_period_start_date.is_on_or_before(start))
        return began.where(began.observation_period_end_date.is_on_or_after(end))

    def exists_for_patient_on(self, date: DateOfPatient) -> BoolPatientSeries:
        """Whether a person is observed on a date; never NULL.

            observation_period.exists_for_patient_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self.spanning(date, date).exists_for_patient()

    def for_patient_on(self, date: DateOfPatient) -> AnyRow:
        """The period on a date; of several the one that began last.

        Without one every column is NULL.

            observation_period.for_patient_on("2020-03-01").period_type_concept_id

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        spanning = self.spanning(date, date)
        return spanning.sort_by(
            spanning.observation_period_start_date,
            spanning.observation_period_end_date,
            spanning.observation_period_id,
        ).last_for_patient()

    def has_prior_observation_on(
        self, date: DateOfPatient, days: int
    ) -> BoolPatientSeries:
        """Whether a person is observed on a date, and was without a break so many days
        before it.

        Never NULL.

            observation_period.has_prior_observation_on(INTERVAL.start_date, 365)

        Raises TypeError for what is no date or no whole number of days.
        """
        begin: Any = date
        before = begin - a_number_of(days)
        return self.spanning(before, date).exists_for_patient()

    def days_at_risk_during(
        self, interval: Span, until: DateOfPatient
    ) -> IntPatientSeries:
        """How many days of an interval a person is observed up to a date, which counts;
        after it, none.

        Where the date is NULL, all that are observed: the example is a denominator of
        person-days in which only the first event counts. An int, never NULL.

            observation_period.days_at_risk_during(INTERVAL, first_event.date)

        Raises TypeError for what is no pair of dates, or no date.
        """
        start, end = interval
        return self.days_observed_during((start, minimum_of(end, until)))

    def days_observed_during(self, interval: Span) -> IntPatientSeries:
        """How many days of an interval a person is observed; days in several periods
        count once.

        As in OHDSI's tools a period without a last day has no days. An int, never NULL.

            observation_period.days_observed_during(INTERVAL)

        Raises TypeError for what is no pair of dates.
        """
        whole = self.where(self.observation_period_end_date.is_not_null())
        first = whole.observation_period_start_date
        return first.days_covered_for_patient(
            whole.observation_period_end_date, interval
        )


class Dated(EventFrame):
    """Events with a first day.

    `in_observation` is not OMOP's: whether that day lies in an observation period of
    the person.
    """

    in_observation = Series(bool)


@table
class visit_occurrence(Dated):
    """Stays and visits."""

    visit_occurrence_id = Series(int)
    visit_concept_id = Series(ConceptId)
    visit_start_date = Series(datetime.date)
    visit_start_datetime = Series(datetime.date)
    visit_end_date = Series(datetime.date)
    visit_end_datetime = Series(datetime.date)
    visit_type_concept_id = Series(ConceptId)
    provider_id = Series(int)
    care_site_id = Series(int)
    visit_source_value = Series(str)
    visit_source_concept_id = Series(ConceptId)
    admitted_from_concept_id = Series(ConceptId)
    admitted_from_source_value = Series(str)
    discharged_to_concept_id = Series(ConceptId)
    discharged_to_source_value = Series(str)
    preceding_visit_occurrence_id = Series(int)
    admitting_source_concept_id = Series(ConceptId)
    admitting_source_value = Series(str)
    discharge_to_concept_id = Series(ConceptId)
    discharge_to_source_value = Series(str)


@table
class visit_detail(Dated):
    """Parts of stays and visits."""

    visit_detail_id = Series(int)
    visit_detail_concept_id = Series(ConceptId)
    visit_detail_start_date = Series(datetime.date)
    visit_detail_start_datetime = Series(datetime.date)
    visit_detail_end_date = Series(datetime.date)
    visit_detail_end_datetime = Series(datetime.date)
    visit_detail_type_concept_id = Series(ConceptId)
    provider_id = Series(int)
    care_site_id = Series(int)
    visit_detail_source_value = Series(str)
    visit_detail_source_concept_id = Series(ConceptId)
    admitted_from_concept_id = Series(ConceptId)
    admitted_from_source_value = Series(str)
    discharged_to_concept_id = Series(ConceptId)
    discharged_to_source_value = Series(str)
    preceding_visit_detail_id = Series(int)
    parent_visit_detail_id = Series(int)
    visit_occurrence_id = Series(int)
    admitting_source_concept_id = Series(ConceptId)
    admitting_source_value = Series(str)
    discharge_to_concept_id = Series(ConceptId)
    discharge_to_source_value = Series(str)
    visit_detail_parent_id = Series(int)


@table
class condition_occurrence(Dated):
    """Diagnoses, signs and symptoms."""

    condition_occurrence_id = Series(int)
    condition_concept_id = Series(ConceptId)
    condition_start_date = Series(datetime.date)
    condition_start_datetime = Series(datetime.date)
    condition_end_date = Series(datetime.date)
    condition_end_datetime = Series(datetime.date)
    condition_type_concept_id = Series(ConceptId)
    condition_status_concept_id = Series(ConceptId)
    stop_reason = Series(str)
    provider_id = Series(int)
    visit_occurrence_id = Series(int)
    visit_detail_id = Series(int)
    condition_source_value = Series(str)
    condition_source_concept_id = Series(ConceptId)
    condition_status_source_value = Series(str)


@table
class drug_exposure(Dated):
    """Prescriptions, dispensings, administrations and vaccinations."""

    drug_exposure_id = Series(int)
    drug_concept_id = Series(ConceptId)
    drug_exposure_start_date = Series(datetime.date)
    drug_exposure_start_datetime = Series(datetime.date)
    drug_exposure_end_date = Series(datetime.date)
    drug_exposure_end_datetime = Series(datetime.date)
    verbatim_end_date = Series(datetime.date)
    drug_type_concept_id = Series(ConceptId)
    stop_reason = Series(str)
    refills = Series(int)
    quantity = Series(float)
    days_supply = Series(int)
    sig = Series(str)
    route_concept_id = Series(ConceptId)
    lot_number = Series(str)
    provider_id = Series(int)
    visit_occurrence_id = Series(int)
    visit_detail_id = Series(int)
    drug_source_value = Series(str)
    drug_source_concept_id = Series(ConceptId)
    route_source_value = Series(str)
    dose_unit_source_value = Series(str)


@table
class procedure_occurrence(Dated):
    """Procedures."""

    procedure_occurrence_id = Series(int)
    procedure_concept_id = Series(ConceptId)
    procedure_date = Series(datetime.date)
    procedure_datetime = Series(datetime.date)
    procedure_end_date = Series(datetime.date)
    procedure_end_datetime = Series(datetime.date)
    procedure_type_concept_id = Series(ConceptId)
    modifier_concept_id = Series(ConceptId)
    quantity = Series(int)
    provider_id = Series(int)
    visit_occurrence_id = Series(int)
    visit_detail_id = Series(int)
    procedure_source_value = Series(str)
    procedure_source_concept_id = Series(ConceptId)
    modifier_source_value = Series(str)


@table
class device_exposure(Dated):
    """Devices and supplies."""

    device_exposure_id = Series(int)
    device_concept_id = Series(ConceptId)
    device_exposure_start_date = Series(datetime.date)
    device_exposure_start_datetime = Series(datetime.date)
    device_exposure_end_date = Series(datetime.date)
    device_exposure_end_datetime = Series(datetime.date)
    device_type_concept_id = Series(ConceptId)
    unique_device_id = Series(str)
    production_id = Series(str)
    quantity = Series(int)
    provider_id = Series(int)
    visit_occurrence_id = Series(int)
    visit_detail_id = Series(int)
    device_source_value = Series(str)
    device_source_concept_id = Series(ConceptId)
    unit_concept_id = Series(ConceptId)
    unit_source_value = Series(str)
    unit_source_concept_id = Series(ConceptId)


@table
class measurement(Dated):
    """Tests and examinations with their results."""

    measurement_id = Series(int)
    measurement_concept_id = Series(ConceptId)
    measurement_date = Series(datetime.date)
    measurement_datetime = Series(datetime.date)
    measurement_time = Series(str)
    measurement_type_concept_id = Series(ConceptId)
    operator_concept_id = Series(ConceptId)
    value_as_number = Series(float)
    value_as_concept_id = Series(ConceptId)
    unit_concept_id = Series(ConceptId)
    range_low = Series(float)
    range_high = Series(float)
    provider_id = Series(int)
    visit_occurrence_id = Series(int)
    visit_detail_id = Series(int)
    measurement_source_value = Series(str)
    measurement_source_concept_id = Series(ConceptId)
    unit_source_value = Series(str)
    unit_source_concept_id = Series(ConceptId)
    value_source_value = Series(str)
    measurement_event_id = Series(int)
    meas_event_field_concept_id = Series(ConceptId)


@table
class observation(Dated):
    """Facts that have no table of their own."""

    observation_id = Series(int)
    observation_concept_id = Series(ConceptId)
    observation_date = Series(datetime.date)
    observation_datetime = Series(datetime.date)
    observation_type_concept_id = Series(ConceptId)
    value_as_number = Series(float)
    value_as_string = Series(str)
    value_as_concept_id = Series(ConceptId)
    qualifier_concept_id = Series(ConceptId)
    unit_concept_id = Series(ConceptId)
    provider_id = Series(int)
    visit_occurrence_id = Series(int)
    visit_detail_id = Series(int)
    observation_source_value = Series(str)
    observation_source_concept_id = Series(ConceptId)
    unit_source_value = Series(str)
    qualifier_source_value = Series(str)
    value_source_value = Series(str)
    observation_event_id = Series(int)
    obs_event_field_concept_id = Series(ConceptId)


@table
class death(PatientFrame):
    """The death of a person.

    Several rows on one day are one death, which has the cause of the first that names
    one.
    """

    death_date = Series(datetime.date)
    death_datetime = Series(datetime.date)
    death_type_concept_id = Series(ConceptId)
    cause_concept_id = Series(ConceptId)
    cause_source_value = Series(str)
    cause_source_concept_id = Series(ConceptId)


@table
class note(Dated):
    """Written notes."""

    note_id = Series(int)
    note_date = Series(datetime.date)
    note_datetime = Series(datetime.date)
    note_type_concept_id = Series(ConceptId)
    note_class_concept_id = Series(ConceptId)
    note_title = Series(str)
    note_text = Series(str)
    encoding_concept_id = Series(ConceptId)
    language_concept_id = Series(ConceptId)
    provider_id = Series(int)
    visit_occurrence_id = Series(int)
    visit_detail_id = Series(int)
    note_source_value = Series(str)
    note_event_id = Series(int)
    note_event_field_concept_id = Series(ConceptId)


@table
class specimen(Dated):
    """Samples."""

    specimen_id = Series(int)
    specimen_concept_id = Series(ConceptId)
    specimen_type_concept_id = Series(ConceptId)
    specimen_date = Series(datetime.date)
    specimen_datetime = Series(datetime.date)
    quantity = Series(float)
    unit_concept_id = Series(ConceptId)
    anatomic_site_concept_id = Series(ConceptId)
    disease_status_concept_id = Series(ConceptId)
    specimen_source_id = Series(str)
    specimen_source_value = Series(str)
    unit_source_value = Series(str)
    anatomic_site_source_value = Series(str)
    disease_status_source_value = Series(str)


@table
class payer_plan_period(EventFrame):
    """Times under a plan of an insurer."""

    payer_plan_period_id = Series(int)
    payer_plan_period_start_date = Series(datetime.date)
    payer_plan_period_end_date = Series(datetime.date)
    payer_concept_id = Series(ConceptId)
    payer_source_value = Series(str)
    payer_source_concept_id = Series(ConceptId)
    plan_concept_id = Series(ConceptId)
    plan_source_value = Series(str)
    plan_source_concept_id = Series(ConceptId)
    sponsor_concept_id = Series(ConceptId)
    sponsor_source_value = Series(str)
    sponsor_source_concept_id = Series(ConceptId)
    family_source_value = Series(str)
    stop_reason_concept_id = Series(ConceptId)
    stop_reason_source_value = Series(str)
    stop_reason_source_concept_id = Series(ConceptId)


@table
class condition_era(Dated):
    """Times in which a condition is taken to last."""

    condition_era_id = Series(int)
    condition_concept_id = Series(ConceptId)
    condition_era_start_date = Series(datetime.date)
    condition_era_end_date = Series(datetime.date)
    condition_occurrence_count = Series(int)


@table
class drug_era(Dated):
    """Times in which a person is taken to be exposed to an ingredient."""

    drug_era_id = Series(int)
    drug_concept_id = Series(ConceptId)
    drug_era_start_date = Series(datetime.date)
    drug_era_end_date = Series(datetime.date)
    drug_exposure_count = Series(int)
    gap_days = Series(int)


@table
class dose_era(Dated):
    """Times with a constant dose of an ingredient."""

    dose_era_id = Series(int)
    drug_concept_id = Series(ConceptId)
    unit_concept_id = Series(ConceptId)
    dose_value = Series(float)
    dose_era_start_date = Series(datetime.date)
    dose_era_end_date = Series(datetime.date)


@table
class episode(Dated):
    """Phases of a disease or a treatment (CDM 5.4)."""

    episode_id = Series(int)
    episode_concept_id = Series(ConceptId)
    episode_start_date = Series(datetime.date)
    episode_start_datetime = Series(datetime.date)
    episode_end_date = Series(datetime.date)
    episode_end_datetime = Series(datetime.date)
    episode_parent_id = Series(int)
    episode_number = Series(int)
    episode_object_concept_id = Series(ConceptId)
    episode_type_concept_id = Series(ConceptId)
    episode_source_value = Series(str)
    episode_source_concept_id = Series(ConceptId)


@table
class cohort(Dated):
    """Cohorts that another tool has made; `subject_id` is the patient.

    Take one of them with `cohort.where(cohort.cohort_definition_id == 1)`.
    """

    cohort_definition_id = Series(int)
    cohort_start_date = Series(datetime.date)
    cohort_end_date = Series(datetime.date)


@table
class location(PatientFrame):
    """Where a person lives."""

    location_id = Series(int)
    address_1 = Series(str)
    address_2 = Series(str)
    city = Series(str)
    state = Series(str)
    zip = Series(str)
    county = Series(str)
    location_source_value = Series(str)
    country_concept_id = Series(ConceptId)
    country_source_value = Series(str)
    latitude = Series(float)
    longitude = Series(float)


@table
class care_site(PatientFrame):
    """A person's care site, or else that of the person's provider."""

    care_site_id = Series(int)
    care_site_name = Series(str)
    place_of_service_concept_id = Series(ConceptId)
    location_id = Series(int)
    care_site_source_value = Series(str)
    place_of_service_source_value = Series(str)


@table
class provider(PatientFrame):
    """A person's provider."""

    provider_id = Series(int)
    provider_name = Series(str)
    npi = Series(str)
    dea = Series(str)
    specialty_concept_id = Series(ConceptId)
    care_site_id = Series(int)
    year_of_birth = Series(int)
    gender_concept_id = Series(ConceptId)
    provider_source_value = Series(str)
    specialty_source_value = Series(str)
    specialty_source_concept_id = Series(ConceptId)
    gender_source_value = Series(str)
    gender_source_concept_id = Series(ConceptId)
