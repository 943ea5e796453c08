"""The tables that every kind of health-record system can offer."""

from extractors.tables.core import (
    clinical_events,
    medications,
    ons_deaths,
    patients,
    practice_registrations,
)
from measures.standin.around import *  # noqa: F403

__all__ = [
    "clinical_events", "medications", "ons_deaths", "patients", "practice_registrations",
]  # fmt: skip
