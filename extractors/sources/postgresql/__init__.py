"""PostgreSQL as a place of records: read-only, one state for all tables, only the rows
and columns that matter.
"""

from extractors.sources.postgresql.address import DatabaseAddress, parse_address
from extractors.sources.postgresql.errors import RecordsChanged, RecordsUnreachable
from extractors.sources.postgresql.place import Database
from extractors.sources.postgresql.pushdown import written
from extractors.sources.postgresql.state import forget_all
from extractors.sources.postgresql.wanted import Rows, Wanted, merged

__all__ = [
    "Database",
    "DatabaseAddress",
    "RecordsChanged",
    "RecordsUnreachable",
    "Rows",
    "Wanted",
    "forget_all",
    "merged",
    "parse_address",
    "written",
]
