"""The tables of the TPP SystmOne database."""

from extractors.tables.tpp import (
    addresses,
    apcs,
    apcs_cost,
    appointments,
    clinical_events,
    clinical_events_ranges,
    covid_therapeutics,
    decision_support_values,
    ec,
    ec_cost,
    emergency_care_attendances,
    ethnicity_from_sus,
    household_memberships_2020,
    medications,
    occupation_on_covid_vaccine_record,
    ons_deaths,
    opa,
    opa_cost,
    opa_diag,
    opa_proc,
    open_prompt,
    parents,
    patients,
    practice_registrations,
    sgss_covid_all_tests,
    ukrr,
    vaccinations,
    wl_clockstops,
    wl_openpathways,
)
from measures.standin.around import *  # noqa: F403

__all__ = [
    "addresses", "apcs", "apcs_cost", "appointments", "clinical_events", "clinical_events_ranges",
    "covid_therapeutics", "decision_support_values", "ec", "ec_cost", "emergency_care_attendances",
    "ethnicity_from_sus", "household_memberships_2020", "medications", "occupation_on_covid_vaccine_record",
    "ons_deaths", "opa", "opa_cost", "opa_diag", "opa_proc", "open_prompt", "parents", "patients",
    "practice_registrations", "sgss_covid_all_tests", "ukrr", "vaccinations", "wl_clockstops",
    "wl_openpathways",
]  # fmt: skip
