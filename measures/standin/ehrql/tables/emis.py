"""The tables of the EMIS database."""

from extractors.tables.emis import (
    clinical_events,
    medications,
    ons_deaths,
    patients,
    practice_registrations,
    vaccinations,
)
from measures.standin.around import *  # noqa: F403

__all__ = [
    "clinical_events",
    "medications",
    "ons_deaths",
    "patients",
    "practice_registrations",
    "vaccinations",
]
