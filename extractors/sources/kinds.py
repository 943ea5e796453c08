"""The table of sources. A new one has a folder of its own and a line here, nothing
else.
"""

from collections.abc import Callable

from extractors.sources.adbc.kind import ADBC
from extractors.sources.elsewhere.kind import ELSEWHERE
from extractors.sources.kind import Kind
from extractors.sources.made_up import MADE_UP
from extractors.sources.mssql.kind import MSSQL
from extractors.sources.omop.kinds import (
    OMOP,
    OMOP_ADBC,
    OMOP_ELSEWHERE,
    OMOP_MSSQL,
    OMOP_POSTGRESQL,
)
from extractors.sources.on_disk import TABLES
from extractors.sources.postgresql.kind import POSTGRESQL

SOURCES: tuple[Kind, ...] = (
    MADE_UP,
    TABLES,
    ELSEWHERE,
    OMOP_ELSEWHERE,  # before the one whose prefix it has
    OMOP_ADBC,
    OMOP_MSSQL,
    OMOP,
    POSTGRESQL,
    OMOP_POSTGRESQL,
    MSSQL,
    ADBC,
)


def kind_of(where: str) -> Kind:
    """The kind that a user means by an address."""
    for kind in SOURCES:
        if kind.recognises(where):
            return kind
    return TABLES


def forms() -> str:
    """How addresses are written."""
    return _listed(lambda kind: kind.form)


def explained_forms() -> str:
    """How addresses are written, with what a user should know of them."""
    return _listed(lambda kind: f"{kind.form} {kind.note}".strip(), "a database as ")


def choices() -> str:
    """What an error message offers in place of an address."""
    return _listed(lambda kind: kind.choice)


def _listed(words: Callable[[Kind], str], of_databases: str = "") -> str:
    """Words of every kind that has some, databases last."""
    places = [words(kind) for kind in SOURCES if not kind.is_database]
    databases = [words(kind) for kind in SOURCES if kind.is_database]
    listed = ", ".join(filter(None, places))
    return f"{listed}, or {of_databases}{' or '.join(filter(None, databases))}"
