"""The one table by which a new place of records is tried."""

from extractors.tables.smoketest import (
    patients,
)
from measures.standin.around import *  # noqa: F403

__all__ = ["patients"]
