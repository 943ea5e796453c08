"""Tables of TPP SystmOne as they are recorded."""

from extractors.tables.raw_tpp import (
    apcs_cost_historical,
    apcs_historical,
    covid_therapeutics_raw,
    isaric,
    medications,
    ons_deaths,
    repeat_medications,
    wl_clockstops_raw,
    wl_openpathways_raw,
)
from measures.standin.around import *  # noqa: F403

__all__ = [
    "apcs_cost_historical",
    "apcs_historical",
    "covid_therapeutics_raw",
    "isaric",
    "medications",
    "ons_deaths",
    "repeat_medications",
    "wl_clockstops_raw",
    "wl_openpathways_raw",
]
