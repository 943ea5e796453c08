"""Types of the tables in `omop.py`; tests/lib/table_stubs.py writes them."""

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
    ConceptEventSeries,
    ConceptPatientSeries,
    StrEventSeries,
    StrPatientSeries,
)

class Person(PatientFrame):
    """One row per person.

    `date_of_birth` is not OMOP's: it is made of year, month and day of birth, of which
    a month or a day that is missing counts as 1."""

    gender_concept_id: ConceptPatientSeries
    year_of_birth: IntPatientSeries
    month_of_birth: IntPatientSeries
    day_of_birth: IntPatientSeries
    birth_datetime: DatePatientSeries
    race_concept_id: ConceptPatientSeries
    ethnicity_concept_id: ConceptPatientSeries
    location_id: IntPatientSeries
    provider_id: IntPatientSeries
    care_site_id: IntPatientSeries
    person_source_value: StrPatientSeries
    gender_source_value: StrPatientSeries
    gender_source_concept_id: ConceptPatientSeries
    race_source_value: StrPatientSeries
    race_source_concept_id: ConceptPatientSeries
    ethnicity_source_value: StrPatientSeries
    ethnicity_source_concept_id: ConceptPatientSeries
    date_of_birth: DatePatientSeries
    @overload
    def age_on(self, date: DateOfPatient) -> IntPatientSeries:
        """Completed years on a date; negative before birth.

        NULL where the date of birth or the date is NULL.

            person.age_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    @overload
    def age_on(self, date: DateEventSeries) -> IntEventSeries:
        """Completed years on a date; negative before birth.

        NULL where the date of birth or the date is NULL.

            person.age_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""

person: Person

class ObservationPeriodRow(PatientFrame):
    """One row of `observation_period` for each patient."""

    observation_period_id: IntPatientSeries
    observation_period_start_date: DatePatientSeries
    observation_period_end_date: DatePatientSeries
    period_type_concept_id: ConceptPatientSeries

class ObservationPeriod(EventFrame):
    """Times in which whatever happens to a person is recorded."""

    observation_period_id: IntEventSeries
    observation_period_start_date: DateEventSeries
    observation_period_end_date: DateEventSeries
    period_type_concept_id: ConceptEventSeries
    def spanning(self, start: DateOfPatient, end: DateOfPatient) -> Self:
        """The periods that cover the whole time between two dates.

        One without an end covers nothing, and neither does a time with a NULL.

            observation_period.spanning(INTERVAL.start_date, INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def exists_for_patient_on(self, date: DateOfPatient) -> BoolPatientSeries:
        """Whether a person is observed on a date; never NULL.

            observation_period.exists_for_patient_on(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def for_patient_on(self, date: DateOfPatient) -> ObservationPeriodRow:
        """The period on a date; of several the one that began last.

        Without one every column is NULL.

            observation_period.for_patient_on("2020-03-01").period_type_concept_id

        Raises TypeError for what is no date, ValueError for a text that is none."""
    def has_prior_observation_on(
        self, date: DateOfPatient, days: int
    ) -> BoolPatientSeries:
        """Whether a person is observed on a date, and was without a break so many days
        before it.

        Never NULL.

            observation_period.has_prior_observation_on(INTERVAL.start_date, 365)

        Raises TypeError for what is no date or no whole number of days."""
    def days_at_risk_during(
        self, interval: Span, until: DateOfPatient
    ) -> IntPatientSeries:
        """How many days of an interval a person is observed up to a date, which counts;
        after it, none.

        Where the date is NULL, all that are observed: the example is a denominator of
        person-days in which only the first event counts. An int, never NULL.

            observation_period.days_at_risk_during(INTERVAL, first_event.date)

        Raises TypeError for what is no pair of dates, or no date."""
    def days_observed_during(self, interval: Span) -> IntPatientSeries:
        """How many days of an interval a person is observed; days in several periods
        count once.

        As in OHDSI's tools a period without a last day has no days. An int, never NULL.

            observation_period.days_observed_during(INTERVAL)

        Raises TypeError for what is no pair of dates."""
    def sort_by(self, *series: Sortable) -> SortedObservationPeriod:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedObservationPeriod(ObservationPeriod):
    """`observation_period` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ObservationPeriodRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ObservationPeriodRow:
        """Of each patient the last row in the order of `sort_by`."""

observation_period: ObservationPeriod

class VisitOccurrenceRow(PatientFrame):
    """One row of `visit_occurrence` for each patient."""

    in_observation: BoolPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_concept_id: ConceptPatientSeries
    visit_start_date: DatePatientSeries
    visit_start_datetime: DatePatientSeries
    visit_end_date: DatePatientSeries
    visit_end_datetime: DatePatientSeries
    visit_type_concept_id: ConceptPatientSeries
    provider_id: IntPatientSeries
    care_site_id: IntPatientSeries
    visit_source_value: StrPatientSeries
    visit_source_concept_id: ConceptPatientSeries
    admitted_from_concept_id: ConceptPatientSeries
    admitted_from_source_value: StrPatientSeries
    discharged_to_concept_id: ConceptPatientSeries
    discharged_to_source_value: StrPatientSeries
    preceding_visit_occurrence_id: IntPatientSeries
    admitting_source_concept_id: ConceptPatientSeries
    admitting_source_value: StrPatientSeries
    discharge_to_concept_id: ConceptPatientSeries
    discharge_to_source_value: StrPatientSeries

class VisitOccurrence(EventFrame):
    """Stays and visits."""

    in_observation: BoolEventSeries
    visit_occurrence_id: IntEventSeries
    visit_concept_id: ConceptEventSeries
    visit_start_date: DateEventSeries
    visit_start_datetime: DateEventSeries
    visit_end_date: DateEventSeries
    visit_end_datetime: DateEventSeries
    visit_type_concept_id: ConceptEventSeries
    provider_id: IntEventSeries
    care_site_id: IntEventSeries
    visit_source_value: StrEventSeries
    visit_source_concept_id: ConceptEventSeries
    admitted_from_concept_id: ConceptEventSeries
    admitted_from_source_value: StrEventSeries
    discharged_to_concept_id: ConceptEventSeries
    discharged_to_source_value: StrEventSeries
    preceding_visit_occurrence_id: IntEventSeries
    admitting_source_concept_id: ConceptEventSeries
    admitting_source_value: StrEventSeries
    discharge_to_concept_id: ConceptEventSeries
    discharge_to_source_value: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedVisitOccurrence:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedVisitOccurrence(VisitOccurrence):
    """`visit_occurrence` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> VisitOccurrenceRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> VisitOccurrenceRow:
        """Of each patient the last row in the order of `sort_by`."""

visit_occurrence: VisitOccurrence

class VisitDetailRow(PatientFrame):
    """One row of `visit_detail` for each patient."""

    in_observation: BoolPatientSeries
    visit_detail_id: IntPatientSeries
    visit_detail_concept_id: ConceptPatientSeries
    visit_detail_start_date: DatePatientSeries
    visit_detail_start_datetime: DatePatientSeries
    visit_detail_end_date: DatePatientSeries
    visit_detail_end_datetime: DatePatientSeries
    visit_detail_type_concept_id: ConceptPatientSeries
    provider_id: IntPatientSeries
    care_site_id: IntPatientSeries
    visit_detail_source_value: StrPatientSeries
    visit_detail_source_concept_id: ConceptPatientSeries
    admitted_from_concept_id: ConceptPatientSeries
    admitted_from_source_value: StrPatientSeries
    discharged_to_concept_id: ConceptPatientSeries
    discharged_to_source_value: StrPatientSeries
    preceding_visit_detail_id: IntPatientSeries
    parent_visit_detail_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    admitting_source_concept_id: ConceptPatientSeries
    admitting_source_value: StrPatientSeries
    discharge_to_concept_id: ConceptPatientSeries
    discharge_to_source_value: StrPatientSeries
    visit_detail_parent_id: IntPatientSeries

class VisitDetail(EventFrame):
    """Parts of stays and visits."""

    in_observation: BoolEventSeries
    visit_detail_id: IntEventSeries
    visit_detail_concept_id: ConceptEventSeries
    visit_detail_start_date: DateEventSeries
    visit_detail_start_datetime: DateEventSeries
    visit_detail_end_date: DateEventSeries
    visit_detail_end_datetime: DateEventSeries
    visit_detail_type_concept_id: ConceptEventSeries
    provider_id: IntEventSeries
    care_site_id: IntEventSeries
    visit_detail_source_value: StrEventSeries
    visit_detail_source_concept_id: ConceptEventSeries
    admitted_from_concept_id: ConceptEventSeries
    admitted_from_source_value: StrEventSeries
    discharged_to_concept_id: ConceptEventSeries
    discharged_to_source_value: StrEventSeries
    preceding_visit_detail_id: IntEventSeries
    parent_visit_detail_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    admitting_source_concept_id: ConceptEventSeries
    admitting_source_value: StrEventSeries
    discharge_to_concept_id: ConceptEventSeries
    discharge_to_source_value: StrEventSeries
    visit_detail_parent_id: IntEventSeries
    def sort_by(self, *series: Sortable) -> SortedVisitDetail:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedVisitDetail(VisitDetail):
    """`visit_detail` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> VisitDetailRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> VisitDetailRow:
        """Of each patient the last row in the order of `sort_by`."""

visit_detail: VisitDetail

class ConditionOccurrenceRow(PatientFrame):
    """One row of `condition_occurrence` for each patient."""

    in_observation: BoolPatientSeries
    condition_occurrence_id: IntPatientSeries
    condition_concept_id: ConceptPatientSeries
    condition_start_date: DatePatientSeries
    condition_start_datetime: DatePatientSeries
    condition_end_date: DatePatientSeries
    condition_end_datetime: DatePatientSeries
    condition_type_concept_id: ConceptPatientSeries
    condition_status_concept_id: ConceptPatientSeries
    stop_reason: StrPatientSeries
    provider_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_detail_id: IntPatientSeries
    condition_source_value: StrPatientSeries
    condition_source_concept_id: ConceptPatientSeries
    condition_status_source_value: StrPatientSeries

class ConditionOccurrence(EventFrame):
    """Diagnoses, signs and symptoms."""

    in_observation: BoolEventSeries
    condition_occurrence_id: IntEventSeries
    condition_concept_id: ConceptEventSeries
    condition_start_date: DateEventSeries
    condition_start_datetime: DateEventSeries
    condition_end_date: DateEventSeries
    condition_end_datetime: DateEventSeries
    condition_type_concept_id: ConceptEventSeries
    condition_status_concept_id: ConceptEventSeries
    stop_reason: StrEventSeries
    provider_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    visit_detail_id: IntEventSeries
    condition_source_value: StrEventSeries
    condition_source_concept_id: ConceptEventSeries
    condition_status_source_value: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedConditionOccurrence:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedConditionOccurrence(ConditionOccurrence):
    """`condition_occurrence` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ConditionOccurrenceRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ConditionOccurrenceRow:
        """Of each patient the last row in the order of `sort_by`."""

condition_occurrence: ConditionOccurrence

class DrugExposureRow(PatientFrame):
    """One row of `drug_exposure` for each patient."""

    in_observation: BoolPatientSeries
    drug_exposure_id: IntPatientSeries
    drug_concept_id: ConceptPatientSeries
    drug_exposure_start_date: DatePatientSeries
    drug_exposure_start_datetime: DatePatientSeries
    drug_exposure_end_date: DatePatientSeries
    drug_exposure_end_datetime: DatePatientSeries
    verbatim_end_date: DatePatientSeries
    drug_type_concept_id: ConceptPatientSeries
    stop_reason: StrPatientSeries
    refills: IntPatientSeries
    quantity: FloatPatientSeries
    days_supply: IntPatientSeries
    sig: StrPatientSeries
    route_concept_id: ConceptPatientSeries
    lot_number: StrPatientSeries
    provider_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_detail_id: IntPatientSeries
    drug_source_value: StrPatientSeries
    drug_source_concept_id: ConceptPatientSeries
    route_source_value: StrPatientSeries
    dose_unit_source_value: StrPatientSeries

class DrugExposure(EventFrame):
    """Prescriptions, dispensings, administrations and vaccinations."""

    in_observation: BoolEventSeries
    drug_exposure_id: IntEventSeries
    drug_concept_id: ConceptEventSeries
    drug_exposure_start_date: DateEventSeries
    drug_exposure_start_datetime: DateEventSeries
    drug_exposure_end_date: DateEventSeries
    drug_exposure_end_datetime: DateEventSeries
    verbatim_end_date: DateEventSeries
    drug_type_concept_id: ConceptEventSeries
    stop_reason: StrEventSeries
    refills: IntEventSeries
    quantity: FloatEventSeries
    days_supply: IntEventSeries
    sig: StrEventSeries
    route_concept_id: ConceptEventSeries
    lot_number: StrEventSeries
    provider_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    visit_detail_id: IntEventSeries
    drug_source_value: StrEventSeries
    drug_source_concept_id: ConceptEventSeries
    route_source_value: StrEventSeries
    dose_unit_source_value: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedDrugExposure:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedDrugExposure(DrugExposure):
    """`drug_exposure` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> DrugExposureRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> DrugExposureRow:
        """Of each patient the last row in the order of `sort_by`."""

drug_exposure: DrugExposure

class ProcedureOccurrenceRow(PatientFrame):
    """One row of `procedure_occurrence` for each patient."""

    in_observation: BoolPatientSeries
    procedure_occurrence_id: IntPatientSeries
    procedure_concept_id: ConceptPatientSeries
    procedure_date: DatePatientSeries
    procedure_datetime: DatePatientSeries
    procedure_end_date: DatePatientSeries
    procedure_end_datetime: DatePatientSeries
    procedure_type_concept_id: ConceptPatientSeries
    modifier_concept_id: ConceptPatientSeries
    quantity: IntPatientSeries
    provider_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_detail_id: IntPatientSeries
    procedure_source_value: StrPatientSeries
    procedure_source_concept_id: ConceptPatientSeries
    modifier_source_value: StrPatientSeries

class ProcedureOccurrence(EventFrame):
    """Procedures."""

    in_observation: BoolEventSeries
    procedure_occurrence_id: IntEventSeries
    procedure_concept_id: ConceptEventSeries
    procedure_date: DateEventSeries
    procedure_datetime: DateEventSeries
    procedure_end_date: DateEventSeries
    procedure_end_datetime: DateEventSeries
    procedure_type_concept_id: ConceptEventSeries
    modifier_concept_id: ConceptEventSeries
    quantity: IntEventSeries
    provider_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    visit_detail_id: IntEventSeries
    procedure_source_value: StrEventSeries
    procedure_source_concept_id: ConceptEventSeries
    modifier_source_value: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedProcedureOccurrence:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedProcedureOccurrence(ProcedureOccurrence):
    """`procedure_occurrence` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ProcedureOccurrenceRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ProcedureOccurrenceRow:
        """Of each patient the last row in the order of `sort_by`."""

procedure_occurrence: ProcedureOccurrence

class DeviceExposureRow(PatientFrame):
    """One row of `device_exposure` for each patient."""

    in_observation: BoolPatientSeries
    device_exposure_id: IntPatientSeries
    device_concept_id: ConceptPatientSeries
    device_exposure_start_date: DatePatientSeries
    device_exposure_start_datetime: DatePatientSeries
    device_exposure_end_date: DatePatientSeries
    device_exposure_end_datetime: DatePatientSeries
    device_type_concept_id: ConceptPatientSeries
    unique_device_id: StrPatientSeries
    production_id: StrPatientSeries
    quantity: IntPatientSeries
    provider_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_detail_id: IntPatientSeries
    device_source_value: StrPatientSeries
    device_source_concept_id: ConceptPatientSeries
    unit_concept_id: ConceptPatientSeries
    unit_source_value: StrPatientSeries
    unit_source_concept_id: ConceptPatientSeries

class DeviceExposure(EventFrame):
    """Devices and supplies."""

    in_observation: BoolEventSeries
    device_exposure_id: IntEventSeries
    device_concept_id: ConceptEventSeries
    device_exposure_start_date: DateEventSeries
    device_exposure_start_datetime: DateEventSeries
    device_exposure_end_date: DateEventSeries
    device_exposure_end_datetime: DateEventSeries
    device_type_concept_id: ConceptEventSeries
    unique_device_id: StrEventSeries
    production_id: StrEventSeries
    quantity: IntEventSeries
    provider_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    visit_detail_id: IntEventSeries
    device_source_value: StrEventSeries
    device_source_concept_id: ConceptEventSeries
    unit_concept_id: ConceptEventSeries
    unit_source_value: StrEventSeries
    unit_source_concept_id: ConceptEventSeries
    def sort_by(self, *series: Sortable) -> SortedDeviceExposure:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedDeviceExposure(DeviceExposure):
    """`device_exposure` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> DeviceExposureRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> DeviceExposureRow:
        """Of each patient the last row in the order of `sort_by`."""

device_exposure: DeviceExposure

class MeasurementRow(PatientFrame):
    """One row of `measurement` for each patient."""

    in_observation: BoolPatientSeries
    measurement_id: IntPatientSeries
    measurement_concept_id: ConceptPatientSeries
    measurement_date: DatePatientSeries
    measurement_datetime: DatePatientSeries
    measurement_time: StrPatientSeries
    measurement_type_concept_id: ConceptPatientSeries
    operator_concept_id: ConceptPatientSeries
    value_as_number: FloatPatientSeries
    value_as_concept_id: ConceptPatientSeries
    unit_concept_id: ConceptPatientSeries
    range_low: FloatPatientSeries
    range_high: FloatPatientSeries
    provider_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_detail_id: IntPatientSeries
    measurement_source_value: StrPatientSeries
    measurement_source_concept_id: ConceptPatientSeries
    unit_source_value: StrPatientSeries
    unit_source_concept_id: ConceptPatientSeries
    value_source_value: StrPatientSeries
    measurement_event_id: IntPatientSeries
    meas_event_field_concept_id: ConceptPatientSeries

class Measurement(EventFrame):
    """Tests and examinations with their results."""

    in_observation: BoolEventSeries
    measurement_id: IntEventSeries
    measurement_concept_id: ConceptEventSeries
    measurement_date: DateEventSeries
    measurement_datetime: DateEventSeries
    measurement_time: StrEventSeries
    measurement_type_concept_id: ConceptEventSeries
    operator_concept_id: ConceptEventSeries
    value_as_number: FloatEventSeries
    value_as_concept_id: ConceptEventSeries
    unit_concept_id: ConceptEventSeries
    range_low: FloatEventSeries
    range_high: FloatEventSeries
    provider_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    visit_detail_id: IntEventSeries
    measurement_source_value: StrEventSeries
    measurement_source_concept_id: ConceptEventSeries
    unit_source_value: StrEventSeries
    unit_source_concept_id: ConceptEventSeries
    value_source_value: StrEventSeries
    measurement_event_id: IntEventSeries
    meas_event_field_concept_id: ConceptEventSeries
    def sort_by(self, *series: Sortable) -> SortedMeasurement:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedMeasurement(Measurement):
    """`measurement` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> MeasurementRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> MeasurementRow:
        """Of each patient the last row in the order of `sort_by`."""

measurement: Measurement

class ObservationRow(PatientFrame):
    """One row of `observation` for each patient."""

    in_observation: BoolPatientSeries
    observation_id: IntPatientSeries
    observation_concept_id: ConceptPatientSeries
    observation_date: DatePatientSeries
    observation_datetime: DatePatientSeries
    observation_type_concept_id: ConceptPatientSeries
    value_as_number: FloatPatientSeries
    value_as_string: StrPatientSeries
    value_as_concept_id: ConceptPatientSeries
    qualifier_concept_id: ConceptPatientSeries
    unit_concept_id: ConceptPatientSeries
    provider_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_detail_id: IntPatientSeries
    observation_source_value: StrPatientSeries
    observation_source_concept_id: ConceptPatientSeries
    unit_source_value: StrPatientSeries
    qualifier_source_value: StrPatientSeries
    value_source_value: StrPatientSeries
    observation_event_id: IntPatientSeries
    obs_event_field_concept_id: ConceptPatientSeries

class Observation(EventFrame):
    """Facts that have no table of their own."""

    in_observation: BoolEventSeries
    observation_id: IntEventSeries
    observation_concept_id: ConceptEventSeries
    observation_date: DateEventSeries
    observation_datetime: DateEventSeries
    observation_type_concept_id: ConceptEventSeries
    value_as_number: FloatEventSeries
    value_as_string: StrEventSeries
    value_as_concept_id: ConceptEventSeries
    qualifier_concept_id: ConceptEventSeries
    unit_concept_id: ConceptEventSeries
    provider_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    visit_detail_id: IntEventSeries
    observation_source_value: StrEventSeries
    observation_source_concept_id: ConceptEventSeries
    unit_source_value: StrEventSeries
    qualifier_source_value: StrEventSeries
    value_source_value: StrEventSeries
    observation_event_id: IntEventSeries
    obs_event_field_concept_id: ConceptEventSeries
    def sort_by(self, *series: Sortable) -> SortedObservation:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedObservation(Observation):
    """`observation` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ObservationRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ObservationRow:
        """Of each patient the last row in the order of `sort_by`."""

observation: Observation

class Death(PatientFrame):
    """The death of a person.

    Several rows on one day are one death, which has the cause of the first that names
    one."""

    death_date: DatePatientSeries
    death_datetime: DatePatientSeries
    death_type_concept_id: ConceptPatientSeries
    cause_concept_id: ConceptPatientSeries
    cause_source_value: StrPatientSeries
    cause_source_concept_id: ConceptPatientSeries

death: Death

class NoteRow(PatientFrame):
    """One row of `note` for each patient."""

    in_observation: BoolPatientSeries
    note_id: IntPatientSeries
    note_date: DatePatientSeries
    note_datetime: DatePatientSeries
    note_type_concept_id: ConceptPatientSeries
    note_class_concept_id: ConceptPatientSeries
    note_title: StrPatientSeries
    note_text: StrPatientSeries
    encoding_concept_id: ConceptPatientSeries
    language_concept_id: ConceptPatientSeries
    provider_id: IntPatientSeries
    visit_occurrence_id: IntPatientSeries
    visit_detail_id: IntPatientSeries
    note_source_value: StrPatientSeries
    note_event_id: IntPatientSeries
    note_event_field_concept_id: ConceptPatientSeries

class Note(EventFrame):
    """Written notes."""

    in_observation: BoolEventSeries
    note_id: IntEventSeries
    note_date: DateEventSeries
    note_datetime: DateEventSeries
    note_type_concept_id: ConceptEventSeries
    note_class_concept_id: ConceptEventSeries
    note_title: StrEventSeries
    note_text: StrEventSeries
    encoding_concept_id: ConceptEventSeries
    language_concept_id: ConceptEventSeries
    provider_id: IntEventSeries
    visit_occurrence_id: IntEventSeries
    visit_detail_id: IntEventSeries
    note_source_value: StrEventSeries
    note_event_id: IntEventSeries
    note_event_field_concept_id: ConceptEventSeries
    def sort_by(self, *series: Sortable) -> SortedNote:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedNote(Note):
    """`note` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> NoteRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> NoteRow:
        """Of each patient the last row in the order of `sort_by`."""

note: Note

class SpecimenRow(PatientFrame):
    """One row of `specimen` for each patient."""

    in_observation: BoolPatientSeries
    specimen_id: IntPatientSeries
    specimen_concept_id: ConceptPatientSeries
    specimen_type_concept_id: ConceptPatientSeries
    specimen_date: DatePatientSeries
    specimen_datetime: DatePatientSeries
    quantity: FloatPatientSeries
    unit_concept_id: ConceptPatientSeries
    anatomic_site_concept_id: ConceptPatientSeries
    disease_status_concept_id: ConceptPatientSeries
    specimen_source_id: StrPatientSeries
    specimen_source_value: StrPatientSeries
    unit_source_value: StrPatientSeries
    anatomic_site_source_value: StrPatientSeries
    disease_status_source_value: StrPatientSeries

class Specimen(EventFrame):
    """Samples."""

    in_observation: BoolEventSeries
    specimen_id: IntEventSeries
    specimen_concept_id: ConceptEventSeries
    specimen_type_concept_id: ConceptEventSeries
    specimen_date: DateEventSeries
    specimen_datetime: DateEventSeries
    quantity: FloatEventSeries
    unit_concept_id: ConceptEventSeries
    anatomic_site_concept_id: ConceptEventSeries
    disease_status_concept_id: ConceptEventSeries
    specimen_source_id: StrEventSeries
    specimen_source_value: StrEventSeries
    unit_source_value: StrEventSeries
    anatomic_site_source_value: StrEventSeries
    disease_status_source_value: StrEventSeries
    def sort_by(self, *series: Sortable) -> SortedSpecimen:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedSpecimen(Specimen):
    """`specimen` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> SpecimenRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> SpecimenRow:
        """Of each patient the last row in the order of `sort_by`."""

specimen: Specimen

class PayerPlanPeriodRow(PatientFrame):
    """One row of `payer_plan_period` for each patient."""

    payer_plan_period_id: IntPatientSeries
    payer_plan_period_start_date: DatePatientSeries
    payer_plan_period_end_date: DatePatientSeries
    payer_concept_id: ConceptPatientSeries
    payer_source_value: StrPatientSeries
    payer_source_concept_id: ConceptPatientSeries
    plan_concept_id: ConceptPatientSeries
    plan_source_value: StrPatientSeries
    plan_source_concept_id: ConceptPatientSeries
    sponsor_concept_id: ConceptPatientSeries
    sponsor_source_value: StrPatientSeries
    sponsor_source_concept_id: ConceptPatientSeries
    family_source_value: StrPatientSeries
    stop_reason_concept_id: ConceptPatientSeries
    stop_reason_source_value: StrPatientSeries
    stop_reason_source_concept_id: ConceptPatientSeries

class PayerPlanPeriod(EventFrame):
    """Times under a plan of an insurer."""

    payer_plan_period_id: IntEventSeries
    payer_plan_period_start_date: DateEventSeries
    payer_plan_period_end_date: DateEventSeries
    payer_concept_id: ConceptEventSeries
    payer_source_value: StrEventSeries
    payer_source_concept_id: ConceptEventSeries
    plan_concept_id: ConceptEventSeries
    plan_source_value: StrEventSeries
    plan_source_concept_id: ConceptEventSeries
    sponsor_concept_id: ConceptEventSeries
    sponsor_source_value: StrEventSeries
    sponsor_source_concept_id: ConceptEventSeries
    family_source_value: StrEventSeries
    stop_reason_concept_id: ConceptEventSeries
    stop_reason_source_value: StrEventSeries
    stop_reason_source_concept_id: ConceptEventSeries
    def sort_by(self, *series: Sortable) -> SortedPayerPlanPeriod:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedPayerPlanPeriod(PayerPlanPeriod):
    """`payer_plan_period` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> PayerPlanPeriodRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> PayerPlanPeriodRow:
        """Of each patient the last row in the order of `sort_by`."""

payer_plan_period: PayerPlanPeriod

class ConditionEraRow(PatientFrame):
    """One row of `condition_era` for each patient."""

    in_observation: BoolPatientSeries
    condition_era_id: IntPatientSeries
    condition_concept_id: ConceptPatientSeries
    condition_era_start_date: DatePatientSeries
    condition_era_end_date: DatePatientSeries
    condition_occurrence_count: IntPatientSeries

class ConditionEra(EventFrame):
    """Times in which a condition is taken to last."""

    in_observation: BoolEventSeries
    condition_era_id: IntEventSeries
    condition_concept_id: ConceptEventSeries
    condition_era_start_date: DateEventSeries
    condition_era_end_date: DateEventSeries
    condition_occurrence_count: IntEventSeries
    def sort_by(self, *series: Sortable) -> SortedConditionEra:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedConditionEra(ConditionEra):
    """`condition_era` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> ConditionEraRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> ConditionEraRow:
        """Of each patient the last row in the order of `sort_by`."""

condition_era: ConditionEra

class DrugEraRow(PatientFrame):
    """One row of `drug_era` for each patient."""

    in_observation: BoolPatientSeries
    drug_era_id: IntPatientSeries
    drug_concept_id: ConceptPatientSeries
    drug_era_start_date: DatePatientSeries
    drug_era_end_date: DatePatientSeries
    drug_exposure_count: IntPatientSeries
    gap_days: IntPatientSeries

class DrugEra(EventFrame):
    """Times in which a person is taken to be exposed to an ingredient."""

    in_observation: BoolEventSeries
    drug_era_id: IntEventSeries
    drug_concept_id: ConceptEventSeries
    drug_era_start_date: DateEventSeries
    drug_era_end_date: DateEventSeries
    drug_exposure_count: IntEventSeries
    gap_days: IntEventSeries
    def sort_by(self, *series: Sortable) -> SortedDrugEra:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedDrugEra(DrugEra):
    """`drug_era` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> DrugEraRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> DrugEraRow:
        """Of each patient the last row in the order of `sort_by`."""

drug_era: DrugEra

class DoseEraRow(PatientFrame):
    """One row of `dose_era` for each patient."""

    in_observation: BoolPatientSeries
    dose_era_id: IntPatientSeries
    drug_concept_id: ConceptPatientSeries
    unit_concept_id: ConceptPatientSeries
    dose_value: FloatPatientSeries
    dose_era_start_date: DatePatientSeries
    dose_era_end_date: DatePatientSeries

class DoseEra(EventFrame):
    """Times with a constant dose of an ingredient."""

    in_observation: BoolEventSeries
    dose_era_id: IntEventSeries
    drug_concept_id: ConceptEventSeries
    unit_concept_id: ConceptEventSeries
    dose_value: FloatEventSeries
    dose_era_start_date: DateEventSeries
    dose_era_end_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedDoseEra:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedDoseEra(DoseEra):
    """`dose_era` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> DoseEraRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> DoseEraRow:
        """Of each patient the last row in the order of `sort_by`."""

dose_era: DoseEra

class EpisodeRow(PatientFrame):
    """One row of `episode` for each patient."""

    in_observation: BoolPatientSeries
    episode_id: IntPatientSeries
    episode_concept_id: ConceptPatientSeries
    episode_start_date: DatePatientSeries
    episode_start_datetime: DatePatientSeries
    episode_end_date: DatePatientSeries
    episode_end_datetime: DatePatientSeries
    episode_parent_id: IntPatientSeries
    episode_number: IntPatientSeries
    episode_object_concept_id: ConceptPatientSeries
    episode_type_concept_id: ConceptPatientSeries
    episode_source_value: StrPatientSeries
    episode_source_concept_id: ConceptPatientSeries

class Episode(EventFrame):
    """Phases of a disease or a treatment (CDM 5.4)."""

    in_observation: BoolEventSeries
    episode_id: IntEventSeries
    episode_concept_id: ConceptEventSeries
    episode_start_date: DateEventSeries
    episode_start_datetime: DateEventSeries
    episode_end_date: DateEventSeries
    episode_end_datetime: DateEventSeries
    episode_parent_id: IntEventSeries
    episode_number: IntEventSeries
    episode_object_concept_id: ConceptEventSeries
    episode_type_concept_id: ConceptEventSeries
    episode_source_value: StrEventSeries
    episode_source_concept_id: ConceptEventSeries
    def sort_by(self, *series: Sortable) -> SortedEpisode:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedEpisode(Episode):
    """`episode` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> EpisodeRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> EpisodeRow:
        """Of each patient the last row in the order of `sort_by`."""

episode: Episode

class CohortRow(PatientFrame):
    """One row of `cohort` for each patient."""

    in_observation: BoolPatientSeries
    cohort_definition_id: IntPatientSeries
    cohort_start_date: DatePatientSeries
    cohort_end_date: DatePatientSeries

class Cohort(EventFrame):
    """Cohorts that another tool has made; `subject_id` is the patient.

    Take one of them with `cohort.where(cohort.cohort_definition_id == 1)`."""

    in_observation: BoolEventSeries
    cohort_definition_id: IntEventSeries
    cohort_start_date: DateEventSeries
    cohort_end_date: DateEventSeries
    def sort_by(self, *series: Sortable) -> SortedCohort:  # type: ignore[override]
        """Order the rows of each patient, the first series being the most important."""

class SortedCohort(Cohort):
    """`cohort` in an order, of which the first or last row is picked."""
    def first_for_patient(self) -> CohortRow:
        """Of each patient the first row in the order of `sort_by`."""
    def last_for_patient(self) -> CohortRow:
        """Of each patient the last row in the order of `sort_by`."""

cohort: Cohort

class Location(PatientFrame):
    """Where a person lives."""

    location_id: IntPatientSeries
    address_1: StrPatientSeries
    address_2: StrPatientSeries
    city: StrPatientSeries
    state: StrPatientSeries
    zip: StrPatientSeries
    county: StrPatientSeries
    location_source_value: StrPatientSeries
    country_concept_id: ConceptPatientSeries
    country_source_value: StrPatientSeries
    latitude: FloatPatientSeries
    longitude: FloatPatientSeries

location: Location

class CareSite(PatientFrame):
    """A person's care site, or else that of the person's provider."""

    care_site_id: IntPatientSeries
    care_site_name: StrPatientSeries
    place_of_service_concept_id: ConceptPatientSeries
    location_id: IntPatientSeries
    care_site_source_value: StrPatientSeries
    place_of_service_source_value: StrPatientSeries

care_site: CareSite

class Provider(PatientFrame):
    """A person's provider."""

    provider_id: IntPatientSeries
    provider_name: StrPatientSeries
    npi: StrPatientSeries
    dea: StrPatientSeries
    specialty_concept_id: ConceptPatientSeries
    care_site_id: IntPatientSeries
    year_of_birth: IntPatientSeries
    gender_concept_id: ConceptPatientSeries
    provider_source_value: StrPatientSeries
    specialty_source_value: StrPatientSeries
    specialty_source_concept_id: ConceptPatientSeries
    gender_source_value: StrPatientSeries
    gender_source_concept_id: ConceptPatientSeries

provider: Provider
