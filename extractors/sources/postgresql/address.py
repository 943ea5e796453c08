"""The address of a PostgreSQL database, as a user may write it: without a password.

What is written behind `--records` is shown to anybody and stored with every run. A
password therefore comes from where libpq looks for it (PGPASSWORD, a password file, a
service file), and an address that holds one is refused. Such an address is never
repeated, nor is one that cannot be understood.
"""

import os
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode

from extractors.errors import ArgumentsError
from extractors.sources.roles import Roles, without_roles

SCHEME = re.compile(r"(?P<omop>omop\+)?postgres(ql)?://", re.IGNORECASE)
HOST = r"(\[[^\]@/?#,]*\]|[^\[\]:@/?#,]*)(:[0-9]*)?"
REST = re.compile(
    rf"((?P<user>[^:@/?#]*)@)?(?P<hosts>{HOST}(,{HOST})*)(/(?P<database>[^@/?#]*))?(\?(?P<query>[^@#]*))?"
)
SECRET = re.compile("passw|secret|token|pwd|credential", re.IGNORECASE)
ASSIGNED = re.compile(r"(passw|secret|token|pwd)\w*\s*=", re.IGNORECASE)
# A server that has vanished without a word is noticed within two minutes; what the user
# writes goes first.
DEFAULTS = {
    "connect_timeout": "10",
    "keepalives_idle": "60",
    "keepalives_interval": "15",
    "keepalives_count": "4",
    "fallback_application_name": "cohortflow",
}
INSTEAD = (
    "leave the password out and give it as PGPASSWORD, in a password file (.pgpass, "
    "PGPASSFILE) or in a service file (PGSERVICEFILE)"
)
FORM = (
    "write it as postgresql://USER@HOST:PORT/DATABASE, or omop+postgresql://… for an "
    "OMOP CDM"
)


@dataclass(frozen=True)
class DatabaseAddress:
    """What libpq and messages need of an address."""

    uri: str  # for libpq, with our own settings where the user has none
    hosts: str  # as the user named them; empty where libpq's settings name the server
    database: str  # its name; empty where libpq's settings name it
    roles: Roles = ()  # of OMOP's tables, in which schemas they are

    @property
    def label(self) -> str:
        """What messages call it; names a host only if the user did."""
        named = f" {self.database}" if self.database else ""
        return f"PostgreSQL database{named}{f' at {self.hosts}' if self.hosts else ''}"


def is_postgresql(where: str) -> bool:
    return bool(SCHEME.match(where))


def holds_omop(where: str) -> bool:
    """Whether the tables at a PostgreSQL address are those of the OMOP CDM."""
    scheme = SCHEME.match(where)
    return bool(scheme and scheme["omop"])


def parse_address(where: str) -> DatabaseAddress:
    """Raises ArgumentsError, without a word of the address, if it holds a password or
    makes no sense.
    """
    scheme = SCHEME.match(where)
    assert scheme
    rest = where[scheme.end() :]
    found = REST.fullmatch(rest)
    if _holds_password(rest):
        raise ArgumentsError(
            "The address of the records seems to hold a password, which others "
            f"could see; {INSTEAD}."
        )
    if not found:
        raise ArgumentsError(
            f"The address of the records cannot be understood; {FORM}."
        )
    uri, roles = without_roles(rest)
    return DatabaseAddress(
        _uri(uri), unquote(found["hosts"]), unquote(found["database"] or ""), roles
    )


def _holds_password(rest: str) -> bool:
    """Whether it does or, written without the necessary quoting, may: an @ where none
    can be.
    """
    first, _, query = rest.partition("?")
    user, at, behind = first.partition("@")
    if (at and ":" in user) or "@" in behind or "@" in query or (at and "/" in user):
        return True
    given = parse_qsl(query, keep_blank_values=True)
    return any(
        SECRET.search(key) or ASSIGNED.search(value) for key, value in given
    ) or bool(ASSIGNED.search(unquote(first)))


def _uri(rest: str) -> str:
    given = {
        key for key, _ in parse_qsl(rest.partition("?")[2], keep_blank_values=True)
    }
    if "PGCONNECT_TIMEOUT" in os.environ:
        given.add("connect_timeout")
    added = urlencode(
        {key: value for key, value in DEFAULTS.items() if key not in given}
    )
    if not rest.endswith(("?", "&")):
        rest += "&" if "?" in rest else "?"
    return f"postgresql://{rest}{added}"
