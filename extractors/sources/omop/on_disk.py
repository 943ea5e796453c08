"""OMOP records on a disk, whose vocabulary and results may lie apart from them.

`omop:FILE.duckdb?cdm=SCHEMA&vocab=SCHEMA&results=SCHEMA` names schemas of one file,
`omop:FOLDER?vocab=FOLDER&results=FOLDER` folders, in this one or elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qsl, quote

from extractors.engine import Engine
from extractors.errors import ArgumentsError
from extractors.planner.needs import TableNeed
from extractors.sources.base import Place, Source, State, Table
from extractors.sources.duckdb_file import DuckDBFile
from extractors.sources.on_disk import OnDisk, as_path, open_place
from extractors.sources.roles import (
    CDM,
    RESULTS,
    RESULTS_TABLES,
    VOCAB,
    VOCABULARY_TABLES,
    Roles,
    roles_in,
    unknown,
)

FORM = "behind ? may be cdm=, vocab= and results=, joined by &"


@dataclass(frozen=True)
class Joined:
    """A Place whose vocabulary and results lie apart."""

    # where the people are
    cdm: Place
    # a role, and where its tables are
    others: tuple[tuple[str, Place], ...]

    @property
    def label(self) -> str:
        return self.cdm.label

    def files(self) -> tuple[Path, ...]:
        places = (self.cdm, *(place for _, place in self.others))
        return tuple(
            sorted(set(chain.from_iterable(place.files() for place in places)))
        )

    def names(self, engine: Engine) -> list[str]:
        names = set(self.cdm.names(engine))
        for role, place in self.others:
            theirs = {
                name for name in place.names(engine) if name.lower() in TABLES[role]
            }
            lowered = {name.lower() for name in theirs}
            names = {name for name in names if name.lower() not in lowered} | theirs
        return sorted(names)

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        for role, place in self.others:
            if name.lower() in TABLES[role] and name in place.names(engine):
                return place.open(engine, name, columns)
        return self.cdm.open(engine, name, columns)


TABLES = {VOCAB: VOCABULARY_TABLES, RESULTS: RESULTS_TABLES}


@dataclass(frozen=True, kw_only=True)
class OmopOnDisk(OnDisk):
    """A path, and behind a question mark where parts of the records are."""

    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        where, roles = _parsed(place)
        folders = dict(roles)
        opened = open_place(
            _folder(where, folders[CDM])
            if CDM in folders and as_path(where).is_dir()
            else where
        )
        if not roles:
            return self.meaning(opened)
        if isinstance(opened, DuckDBFile) and opened.path == as_path(where):
            return self.meaning(replace(opened, roles=roles))
        others = tuple(
            (role, open_place(_folder(where, path)))
            for role, path in folders.items()
            if role != CDM
        )
        return self.meaning(Joined(opened, others))

    def path(self, place: str) -> Path | None:
        return as_path(_parsed(place)[0])

    def absolute(self, place: str) -> str:
        where, roles = _parsed(place)
        whole = as_path(where)
        if not roles:
            return str(whole)
        apart = whole.is_dir()
        said = []
        for role, each in roles:
            said.append(f"{role}={quote(_folder(where, each) if apart else each)}")
        return f"{whole}?{'&'.join(said)}"


def _folder(where: str, path: str) -> str:
    """The whole path of a folder that is named from a place, or from the current
    folder.
    """
    within = as_path(where) / path
    return str(within if within.exists() else as_path(path))


def _parsed(place: str) -> tuple[str, Roles]:
    """The path, and the roles behind it. Raises ArgumentsError for what is no role."""
    where, asks, rest = place.partition("?")
    if not asks or as_path(place).exists():
        return place, ()
    options = dict(parse_qsl(rest, keep_blank_values=True))
    odd = unknown(options)
    if odd or not options:
        raise ArgumentsError(
            f"Records have no option {', '.join(map(repr, odd)) or repr(rest)}; {FORM}."
        )
    return where, roles_in(options)
