"""SQL Server as a kind of source."""

from extractors.sources.adbc.kind import Adbc
from extractors.sources.mssql.address import is_mssql
from extractors.sources.mssql.driver import parse_mssql
from extractors.sources.postgresql.wanted import of_tables
from extractors.sources.tables import Tables

MSSQL = Adbc(
    name="mssql",
    form="mssql://USER@HOST/DATABASE",
    note="(no password: SQLCMDPASSWORD)",
    choice="mssql://…",
    meaning=Tables,
    wanted=of_tables,
    is_ours=is_mssql,
    parse=parse_mssql,
)
