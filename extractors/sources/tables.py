"""Stored tables that are called and shaped as ehrQL calls and shapes them."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import TableSchema, stored_names
from extractors.model.types import Code, MultiCode
from extractors.sources.base import Keys, Place, Table
from extractors.sources.checking import check_rows
from extractors.sources.dirt import Checked, together
from extractors.sources.ids import keys_of
from extractors.sources.promises import KEY, Promises, promises_of
from extractors.sources.reading import read_columns, select_rows

MOST_NAMED = 10  # columns in a warning
OMOP_KEY = "person_id"
ALIKE = 0.4  # of two names, to put one first: a list is shown anyway


@dataclass(frozen=True)
class Tables:
    """A Source whose place holds the tables themselves, under the names of the
    definition.
    """

    # where they lie
    place: Place
    # whether they are records of no real people: then every promise of an author is
    # kept and said
    made_up: bool = False
    # whether patients are known by texts, as UUIDs are
    ids_are_texts: bool = False

    def files(self) -> tuple[Path, ...]:
        return self.place.files()

    def relation(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        clean: Container[str] = (),
    ) -> str:
        table = self._open(engine, schema.name, columns)
        _refuse_without_codes(table, schema, columns)
        promises = self._promises(table, schema, columns)
        return select_rows(table, read_columns(table, promises.plain, clean), promises)

    def check(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        *,
        thorough: bool = False,
    ) -> Checked:
        table = self._open(engine, schema.name, columns)
        _refuse_without_codes(table, schema, columns)
        promises = self._promises(table, schema, columns).of(table.types)
        readings = read_columns(table, promises.plain)
        found = check_rows(
            engine, table, readings, promises, name=schema.name, thorough=thorough
        )
        return together([Checked(tuple(_absent(table, schema, columns))), found])

    def keys(self, engine: Engine, schema: TableSchema, *, rows: bool = True) -> Keys:
        return keys_of(engine, self._open(engine, schema.name, ()), rows=rows)

    def with_text_ids(self) -> "Tables":
        return replace(self, ids_are_texts=True)

    def _promises(
        self, table: Table, schema: TableSchema, columns: Sequence[str]
    ) -> Promises:
        return promises_of(
            schema,
            columns,
            trusted=self.made_up,
            chosen=table.chosen,
            text_ids=self.ids_are_texts,
        )

    def _open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        names = self.place.names(engine)
        there = next((each for each in stored_names(name) if each in names), "")
        if not there:
            raise RecordsError(
                f"There is no table {name} in {self.place.label}{nearest(name, names)}"
            )
        table = self.place.open(engine, there, [KEY.name, *columns])
        _check_names(table, [KEY.name, *columns])
        return table


def nearest(name: str, names: Sequence[str]) -> str:
    """How a message about a missing table ends: the likeliest one, then all that are
    there.
    """
    close = get_close_matches(name.lower(), names, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"; it has {', '.join(names) or 'none'}.{hint}"


def _refuse_without_codes(
    table: Table, schema: TableSchema, columns: Sequence[str]
) -> None:
    """A definition that looks for codes would find no patient."""
    unknown = _unknown(table, schema)
    missing = [
        f"{table.label}: it has no column {name}, in which the definition looks for "
        f"codes{_instead(name, unknown)}"
        for name in columns
        if name not in table.types
        and issubclass(schema.column(name).type, Code | MultiCode)
    ]
    if missing:
        raise RecordsError("\n".join(missing))


def _absent(table: Table, schema: TableSchema, columns: Sequence[str]) -> list[str]:
    """A warning for each column that the table lacks, with those of its own that no
    definition knows, the likeliest first.
    """
    unknown = _unknown(table, schema)
    return [
        f"{table.label}: it has no column {name}, which counts as missing in every "
        f"row{_instead(name, unknown)}"
        for name in columns
        if name not in table.types
    ]


def _unknown(table: Table, schema: TableSchema) -> list[str]:
    known = {KEY.name, *(column.name for column in schema.columns)}
    return sorted(set(table.types) - known)


def _instead(name: str, unknown: Sequence[str]) -> str:
    listed = list(
        dict.fromkeys(
            [*get_close_matches(name, unknown, n=MOST_NAMED, cutoff=ALIKE), *unknown]
        )
    )
    more = ", …" if len(listed) > MOST_NAMED else ""
    return (
        f"; columns of it that are not known: {', '.join(listed[:MOST_NAMED])}{more}"
        if listed
        else ""
    )


def _check_names(table: Table, columns: Sequence[str]) -> None:
    """A column in other letters would be read as absent, hence NULL, and no user would
    notice.
    """
    spelled = {name.strip().lower(): name for name in table.types}
    wrong = [c for c in columns if c not in table.types and c.lower() in spelled]
    if wrong:
        raise RecordsError(
            f"{table.label}: the names of these columns must be written exactly so: "
            f"{', '.join(wrong)}."
        )
    if KEY.name not in table.types:
        instead = (
            " If these are OMOP's tables, write omop: in front of the place."
            if OMOP_KEY in spelled
            else ""
        )
        raise RecordsError(
            f"{table.label}: it has no column patient_id; the first row of a table "
            f"must name its columns.{instead}"
        )
