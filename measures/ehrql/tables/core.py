"""The tables that every kind of health-record system can offer."""

from extractors.tables.core import (
    clinical_events,
    medications,
    ons_deaths,
    patients,
    practice_registrations,
)

__all__ = [
    "clinical_events", "medications", "ons_deaths", "patients", "practice_registrations",
]  # fmt: skip
