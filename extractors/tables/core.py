"""The tables that every kind of health-record system can offer
(extractors/tables/README.md#methods).
"""

import datetime
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from extractors.language.constraints import Categorical, FirstOfMonth, NotNull
from extractors.language.frames import EventFrame, PatientFrame, Series, table
from extractors.model.types import DMDCode, ICD10Code, SNOMEDCTCode

SEXES = ("female", "male", "intersex", "unknown")


class Patients(PatientFrame):
    """One row per patient."""

    date_of_birth = Series(datetime.date, constraints=[FirstOfMonth(), NotNull()])
    sex = Series(str, constraints=[Categorical(SEXES), NotNull()])
    date_of_death = Series(datetime.date)

    def age_on(self, date: Any) -> Any:
        """Completed years on a date; negative before birth."""
        return (date - self.date_of_birth).years

    def is_alive_on(self, date: Any) -> Any:
        """No death up to and including this date; True also before birth."""
        return self.date_of_death.is_after(date) | self.date_of_death.is_null()

    def is_dead_on(self, date: Any) -> Any:
        """Died before this date; on the day of death a patient is neither alive nor
        dead.
        """
        return self.date_of_death.is_not_null() & self.date_of_death.is_before(date)


class PracticeRegistrations(EventFrame):
    """Periods of registration with a general practice; they may overlap."""

    start_date = Series(datetime.date, constraints=[NotNull()])
    end_date = Series(datetime.date)
    practice_pseudo_id = Series(int, constraints=[NotNull()])

    def spanning(self, start: Any, end: Any) -> Any:
        """The registrations that cover the whole time between two dates."""
        return self.where(self.start_date.is_on_or_before(start)).where(
            self.end_date.is_on_or_after(end) | self.end_date.is_null()
        )

    def for_patient_on(self, date: Any) -> Any:
        """The registration on a date; of several the one that began last."""
        spanning = self.spanning(date, date)
        return spanning.sort_by(
            self.start_date, self.end_date, self.practice_pseudo_id
        ).last_for_patient()

    def exists_for_patient_on(self, date: Any) -> Any:
        return self.spanning(date, date).exists_for_patient()

    def days_registered_during(self, interval: Any) -> Any:
        """How many days of an interval the patient was registered; days in several
        registrations count once.

        A denominator in person-days is `days_registered_during(INTERVAL)`, and up to
        the day of death, included, `days_registered_during((INTERVAL.start_date,
        minimum_of(INTERVAL.end_date, patients.date_of_death)))`. An int, never NULL.
        Beyond ehrQL.
        """
        return self.start_date.days_covered_for_patient(self.end_date, interval)


class Causes:
    """What a death certificate says."""

    date = Series(datetime.date)
    underlying_cause_of_death = Series(ICD10Code)
    cause_of_death_01 = Series(ICD10Code)
    cause_of_death_02 = Series(ICD10Code)
    cause_of_death_03 = Series(ICD10Code)
    cause_of_death_04 = Series(ICD10Code)
    cause_of_death_05 = Series(ICD10Code)
    cause_of_death_06 = Series(ICD10Code)
    cause_of_death_07 = Series(ICD10Code)
    cause_of_death_08 = Series(ICD10Code)
    cause_of_death_09 = Series(ICD10Code)
    cause_of_death_10 = Series(ICD10Code)
    cause_of_death_11 = Series(ICD10Code)
    cause_of_death_12 = Series(ICD10Code)
    cause_of_death_13 = Series(ICD10Code)
    cause_of_death_14 = Series(ICD10Code)
    cause_of_death_15 = Series(ICD10Code)

    def cause_of_death_is_in(self, codelist: Iterable[str]) -> Any:
        """Whether any cause on the certificate is in a codelist."""
        causes = (
            "underlying_cause_of_death",
            *(f"cause_of_death_{n:02}" for n in range(1, 16)),
        )
        return reduce(or_, [getattr(self, cause).is_in(codelist) for cause in causes])


class OnsDeaths(Causes, PatientFrame):
    """Registered deaths, from death certificates; of several certificates one."""


class ClinicalEvents(EventFrame):
    """Coded events in primary care."""

    date = Series(datetime.date)
    snomedct_code = Series(SNOMEDCTCode)
    numeric_value = Series(float)


class Medications(EventFrame):
    """Prescriptions issued in primary care."""

    date = Series(datetime.date)
    dmd_code = Series(DMDCode)


@table
class clinical_events(ClinicalEvents):
    pass


@table
class medications(Medications):
    pass


@table
class ons_deaths(OnsDeaths):
    pass


@table
class patients(Patients):
    pass


@table
class practice_registrations(PracticeRegistrations):
    pass
