"""How tables are declared."""

from extractors.language.constraints import Constraint
from extractors.language.files import table_from_file, table_from_rows
from extractors.language.frames import EventFrame, PatientFrame, Series, table

__all__ = [
    "Constraint",
    "EventFrame",
    "PatientFrame",
    "Series",
    "table",
    "table_from_file",
    "table_from_rows",
]
