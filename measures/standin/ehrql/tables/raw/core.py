"""Tables as they are recorded."""

from extractors.tables.raw_core import (
    ons_deaths,
)
from measures.standin.around import *  # noqa: F403

__all__ = ["ons_deaths"]
