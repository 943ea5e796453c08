"""Types of the tables in `raw_core.py`; tests/lib/table_stubs.py writes them."""

from collections.abc import Collection

from extractors.language.dates import DateEventSeries, DatePatientSeries
from extractors.language.frames import EventFrame, PatientFrame, Sortable
from extractors.language.series import BoolEventSeries
from extractors.language.texts import CodeEventSeries, CodePatientSeries

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
