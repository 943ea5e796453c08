"""PostgreSQL as a place of records: read-only, one state for all tables, only the rows and columns that matter."""

from extractors.sources.postgresql.address import Address, is_postgresql, parse_address
from extractors.sources.postgresql.errors import RecordsChanged, RecordsUnreachable
from extractors.sources.postgresql.place import Database
from extractors.sources.postgresql.state import State, forget_all, look
from extractors.sources.postgresql.wanted import Rows, Wanted, merged, of_tables

__all__ = [
    "Address",
    "Database",
    "RecordsChanged",
    "RecordsUnreachable",
    "Rows",
    "State",
    "Wanted",
    "forget_all",
    "is_postgresql",
    "look",
    "merged",
    "of_tables",
    "parse_address",
]
