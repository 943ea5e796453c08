"""SQL Server as a kind of source."""

from collections.abc import Callable
from dataclasses import dataclass

from extractors.sources.adbc.drivers import Driven
from extractors.sources.adbc.kind import Adbc
from extractors.sources.mssql.address import is_mssql
from extractors.sources.mssql.driver import parse_mssql
from extractors.sources.postgresql.wanted import of_tables
from extractors.sources.tables import Tables


@dataclass(frozen=True, kw_only=True)
class SqlServers(Adbc):
    """With addresses of its own."""

    # whether a text is such an address
    is_ours: Callable[[str], bool] = is_mssql
    # the driver and what it gets; raises ArgumentsError for what cannot be used
    parse: Callable[[str], Driven] = parse_mssql


MSSQL = SqlServers(
    name="mssql",
    form="mssql://USER@HOST/DATABASE",
    note="(no password: SQLCMDPASSWORD)",
    choice="mssql://…",
    meaning=Tables,
    wanted=of_tables,
)
