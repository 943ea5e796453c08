"""The address of a SQL Server database, as a user may write it: without a password.

As with PostgreSQL, an address that may hold a password is refused, and neither it nor
one that cannot be understood is repeated.
"""

import os
import re
from urllib.parse import parse_qsl, unquote

from extractors.errors import ArgumentsError, RecordsError
from extractors.sources.adbc.drivers import SECRET

SCHEME = re.compile(r"mssql(?P<driver>\+\w*)?://", re.IGNORECASE)
DRIVER = "+mssqlpython"  # as others call it; it may be left out
REST = re.compile(
    r"((?P<user>[^:@/?#]*)@)?(?P<host>[^:@/?#,;]+)(:(?P<port>[0-9]+))?"
    r"/(?P<database>[^:@/?#]+)(\?(?P<settings>[^@#]*))?"
)
# What may be written behind the question mark; the driver knows more, which is no
# user's to set.
SETTINGS = (
    "ApplicationIntent",
    "Authentication",
    "Encrypt",
    "HostnameInCertificate",
    "MultiSubnetFailover",
    "TrustServerCertificate",
)
FORM = "write it as mssql://USER@HOST:PORT/DATABASE, or omop:mssql://… for an OMOP CDM"
PASSWORD = "SQLCMDPASSWORD"  # where SQL Server's own tools look for it
INSTEAD = f"leave it out, and give it as {PASSWORD}"


def is_mssql(where: str) -> bool:
    return bool(SCHEME.match(where))


def keywords(where: str) -> dict[str, str]:
    """What the driver needs of an address, but for the password. Raises
    ArgumentsError.
    """
    scheme = SCHEME.match(where)
    rest = where[scheme.end() :] if scheme else ""
    first, _, given = rest.partition("?")
    user, _, behind = first.rpartition("@")
    if (
        ":" in user
        or "/" in user
        or "@" in user
        or "@" in given
        or SECRET.search(unquote(rest))
    ):
        raise ArgumentsError(
            "The address of the records seems to hold a password, which others "
            f"could see; {INSTEAD}."
        )
    found = REST.fullmatch(rest)
    if (
        not scheme
        or not found
        or (scheme["driver"] or DRIVER).lower() != DRIVER
        or not behind
    ):
        raise ArgumentsError(
            f"The address of the records cannot be understood; {FORM}."
        )
    port = f",{found['port']}" if found["port"] else ""
    named = {
        "Server": f"{unquote(found['host'])}{port}",
        "Database": unquote(found["database"]),
    }
    if found["user"]:
        named["UID"] = unquote(found["user"])
    return named | _settings(found["settings"] or "")


def with_password(named: dict[str, str], label: str) -> dict[str, str]:
    """The same with the password of the environment, or with what is in its place.

    Raises RecordsError where a user has neither.
    """
    if "Authentication" in named and PASSWORD not in os.environ:
        return named
    if "UID" not in named:
        return (
            named
            if "Authentication" in named
            else named | {"Trusted_Connection": "yes"}
        )
    if PASSWORD not in os.environ:
        raise RecordsError(
            f"{label}: there is no password for this user; give it as {PASSWORD}."
        )
    return named | {"PWD": os.environ[PASSWORD]}


def _settings(given: str) -> dict[str, str]:
    known = {name.lower(): name for name in SETTINGS}
    pairs = parse_qsl(given, keep_blank_values=True)
    if not {key.lower() for key, _ in pairs} <= known.keys():
        raise ArgumentsError(
            "The address of the records has a setting that may not be in it; known "
            f"are {', '.join(SETTINGS)}, and where OMOP's tables are: cdm_schema, "
            "vocab_schema, results_schema."
        )
    return {known[key.lower()]: value for key, value in pairs}
