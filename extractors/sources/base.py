"""What a source of records owes to the rest: tables by name, in the types they
promise.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from extractors.engine import Engine
from extractors.model.schema import TableSchema
from extractors.sources.dirt import Checked


@dataclass(frozen=True)
class Keys:
    """What a table has for ids of patients."""

    # whether they are stored as whole numbers
    whole: bool = False
    # of texts: how many were looked at, and how many of these are no whole numbers
    texts: int = 0
    # rows whose id is no number; a sample of them is never kept
    others: int = 0

    def with_others(self, more: "Keys") -> "Keys":
        """Of several tables."""
        return Keys(
            self.whole or more.whole, self.texts + more.texts, self.others + more.others
        )

    @property
    def are_texts(self) -> bool:
        """A few texts among whole numbers are damage, which is refused."""
        return not self.whole and self.others * 2 > self.texts


class Source(Protocol):
    """A place records are read from.

    Call `check` before `relation`: what a rule forbids makes a relation fail while it
    runs (EngineError), because only `check` may look at every row.
    """

    @property
    def ids_are_texts(self) -> bool:
        """Whether `relation` gives the ids of patients as VARCHAR, and not as
        BIGINT.
        """
        ...

    def files(self) -> tuple[Path, ...]:
        """Every file that the records come from; their content is the fingerprint of
        the source.

        None for a database, which is looked at instead (`Address.look`).
        """
        ...

    def relation(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        clean: Container[str] = (),
    ) -> str:
        """A SELECT of patient_id (BIGINT) and these columns, in their DuckDB types,
        unordered.

        Columns that the source does not have are NULL. `clean`: those with codes of
        which, as `check` saw, none has to be mended. Raises RecordsError for a missing
        table, a missing patient_id or a column of another type.
        """
        ...

    def keys(self, engine: Engine, schema: TableSchema, *, rows: bool = True) -> Keys:
        """What a table has for ids; without `rows` as far as types tell."""
        ...

    def with_text_ids(self) -> "Source":
        """The same with `ids_are_texts`; itself where ids are always whole numbers."""
        ...

    def check(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        *,
        thorough: bool = False,
    ) -> Checked:
        """Raise RecordsError if the rows break a rule of the table; what else is wrong
        with them.

        With `thorough` every value is read, so a damaged file is found by its name.
        """
        ...


class WholeIds:
    """The ids of a Source that knows patients by whole numbers alone."""

    @property
    def ids_are_texts(self) -> bool:
        return False

    def keys(self, engine: Engine, schema: TableSchema, *, rows: bool = True) -> Keys:
        return Keys(whole=True)

    def with_text_ids(self) -> Self:
        return self


@dataclass(frozen=True)
class Table:
    """A table as it is stored, before any promise: what DuckDB can scan, and the types
    it finds.
    """

    # what messages call it
    label: str
    # what goes behind FROM
    relation: str
    # column -> DuckDB's name of its type
    types: Mapping[str, str]
    # the kind of file, for messages
    form: str
    # whether rows have numbers by which a person finds them: one file, read from the
    # top
    ordered: bool = False
    # whether a definition has chosen the rows: the database has others, never asked for
    chosen: bool = False
    # what a user should know of the place, in the same words for each of its tables
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """Which records a database holds, where they are not read to find out."""

    content: str  # the fingerprint of the rows that are needed
    moment: str  # the name of a transaction that sees them; empty if there is none


class Place(Protocol):
    """Where stored tables lie, whatever their meaning: a folder, a database."""

    @property
    def label(self) -> str:
        """What messages call it."""
        ...

    def files(self) -> tuple[Path, ...]:
        """Every file of the place, sorted."""
        ...

    def names(self, engine: Engine) -> list[str]:
        """The tables that are there, sorted."""
        ...

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        """One of `names`, ready to scan in this engine; at least these columns, where
        they exist.

        Column names in other letters (`Date` for `date`) count as the same. Raises
        RecordsError if it is damaged or not what its name says.
        """
        ...
