"""Tables of EMIS as they are recorded."""

from extractors.tables.raw_emis import (
    ons_deaths,
)
from measures.standin.around import *  # noqa: F403

__all__ = ["ons_deaths"]
