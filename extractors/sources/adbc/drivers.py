"""The address of a database behind an ADBC driver, and what is known of drivers.

`adbc+NAME://…`: a driver is a package `adbc_driver_NAME`, or one that ADBC's own driver
manager finds under this name. No address may hold a secret; a driver finds it in its
own environment, or in a connection profile: `adbc+profile://NAME`.
"""

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pyarrow as pa
from adbc_driver_manager import Error

from extractors.errors import ArgumentsError, RecordsError
from extractors.sources.roles import Roles, without_roles

if TYPE_CHECKING:
    from sqlglot import exp

ADDRESS = re.compile(
    r"adbc\+(?P<driver>[a-z0-9_]+)://(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
SECRET = re.compile(
    r"passw|secret|token|pwd|credential|private.?key|[?&;]sig=", re.IGNORECASE
)
FORM = "write it as adbc+DRIVER://PLACE"
INSTEAD = (
    "leave it out, and give it by the database's own environment or as "
    "adbc+profile://NAME"
)
FILES = ("sqlite", "duckdb")  # whose place is a file
# Driver -> sqlglot's name of its SQL; others get plain SQL.
DIALECTS = {
    "sqlite": "sqlite",
    "duckdb": "duckdb",
    "postgresql": "postgres",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "mssql": "tsql",
    "mysql": "mysql",
    "trino": "trino",
    "databricks": "databricks",
    "redshift": "redshift",
}


@dataclass(frozen=True)
class Driven:
    """What a driver needs to open a database, and what messages say."""

    # its name in the address, in small letters
    driver: str
    # the rest of the address, as the driver wants it
    place: str
    # of OMOP's tables, in which schemas they are
    roles: Roles = ()

    @property
    def label(self) -> str:
        """A file's name; of a server the driver alone, as an address may say too
        much.
        """
        if self.path is None:
            return f"{self.driver} database"
        return f"{self.path.name} ({self.driver})"

    @property
    def dialect(self) -> str:
        return DIALECTS.get(self.driver, "")

    @property
    def path(self) -> Path | None:
        """Of a file; None for a server."""
        return Path(self.place) if self.driver in FILES else None

    @property
    def public_name(self) -> str:
        """What a manifest calls it."""
        return f"adbc+{self.driver}"

    def connected(self) -> Any:
        """A connection, read-only where the driver can say so. Raises `errors()`."""
        return _connected(self)

    def errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises, and those that read what it sends."""
        return (Error, pa.ArrowException, OSError)

    def said(self, query: "exp.Expression") -> str:
        """A query in the database's own SQL."""
        return query.sql(dialect=self.dialect or None)

    def reader(self, cursor: Any) -> Any:
        """A context with the schema and the batches of what a cursor was asked."""
        return cursor.fetch_record_batch()

    def tables(self, connection: Any) -> list[tuple[str, str]]:
        """(schema, name) of every table and view."""
        found = connection.adbc_get_objects(depth="tables").read_all().to_pylist()
        tables = []
        for catalog in found:
            for schema in catalog["catalog_db_schemas"] or ():
                tables += _tables_of(schema)
        return tables

    def columns(
        self, connection: Any, schema: str, table: str
    ) -> list[tuple[str, pa.DataType, str]] | None:
        """Name, type and cast of each, where the database's own types say more than the
        driver's.
        """
        return None

    def warnings(self, connection: Any) -> tuple[str, ...]:
        """What a user should know of an open connection."""
        return ()


def is_driven(where: str) -> bool:
    return bool(ADDRESS.fullmatch(where))


def parse_driven(where: str) -> Driven:
    """Raises ArgumentsError if the address may hold a secret or makes no sense.

    The error repeats no word of it.
    """
    found = ADDRESS.fullmatch(where)
    if not found or not found["rest"].strip("/"):
        raise ArgumentsError(
            f"The address of the records cannot be understood; {FORM}."
        )
    driver = found["driver"].lower()
    rest, roles = without_roles(found["rest"])
    user = rest.partition("/")[0].rpartition("@")[0]
    if driver not in FILES and (":" in user or SECRET.search(rest)):
        raise ArgumentsError(
            "The address of the records seems to hold a secret, which others could "
            f"see; {INSTEAD}."
        )
    return Driven(driver, str(_file(rest)) if driver in FILES else rest, roles)


def _tables_of(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """As ADBC describes a schema."""
    name = schema["db_schema_name"] or ""
    return [(name, table["table_name"]) for table in schema["db_schema_tables"] or ()]


def _connected(driven: Driven) -> Any:
    dbapi = import_module("adbc_driver_manager.dbapi")
    if driven.driver == "profile":
        return dbapi.connect(profile=driven.place)
    package = _package(driven.driver)
    if driven.driver == "sqlite":
        return dbapi.connect(
            package._driver_path(), db_kwargs={"uri": _read_only(Path(driven.place))}
        )
    if driven.driver == "duckdb":
        kwargs = {"path": driven.place, "access_mode": "READ_ONLY"}
        return dbapi.connect(
            package.driver_path(), entrypoint="duckdb_adbc_init", db_kwargs=kwargs
        )
    named = package._driver_path() if package else driven.driver
    return dbapi.connect(named, db_kwargs={"uri": f"{driven.driver}://{driven.place}"})


def _package(driver: str) -> Any:
    """The Python package of a driver; None for one that only the driver manager may
    know.
    """
    try:
        return import_module(f"adbc_driver_{driver}")
    except ImportError:
        if driver not in FILES:
            return None
        said = (
            f"the package adbc-driver-{driver} is not here: pip install "
            f"adbc-driver-{driver}"
        )
        raise RecordsError(
            f"{driver}: {said} (pinned in infra/requirements-extras.txt)."
        ) from None


def _file(rest: str) -> Path:
    """`adbc+sqlite:///whole/path` or `adbc+sqlite://relative/path`."""
    return Path(unquote(rest)).expanduser().absolute()


def _read_only(path: Path) -> str:
    return f"{path.as_uri()}?mode=ro"
