"""Tables as they are recorded."""

from extractors.tables.raw_core import (
    ons_deaths,
)
from measures.ehrql.tables.around import *  # noqa: F403

__all__ = ["ons_deaths"]
