"""Whose promises are kept: those of the tables that a site knows, not those that an
author makes up.

Whether some row breaks a promise is an answer about records. An author who may choose
both the promise and the table learns it from whether the run is refused: `categories`
of all codes but one say whether anybody has that one. So no promise of an author ends a
run on records or says a word: a value that cannot be read as the author's type, or is
none of the author's categories, is NULL, as if the definition had left it out itself.
Only the site's people read of it (`dirt.py`). README.md has the argument.

The tables of `core` and `tpp` are declared here, so their promises are the site's. What
an author declares under their names counts only if the type is the same.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.tables import core, tpp


class TextId(str):
    """The id of a patient as a text; so is a UUID."""


KEY = Column("patient_id", int)
TEXT_KEY = Column("patient_id", TextId)


@dataclass(frozen=True)
class Promised:
    """A column as it is checked and read."""

    # with the promises that are checked
    column: Column
    # whether a broken promise is said, and may end the run; else the value is NULL
    kept: bool
    # the only values that are read, where not all are; others are NULL
    only: tuple[object, ...] = ()

    @property
    def name(self) -> str:
        return self.column.name


@dataclass(frozen=True)
class Promises:
    """A table as it is checked and read; the first column is the patient."""

    # in the order in which they are read
    columns: tuple[Promised, ...]
    # whether a patient is to have one row at most
    one_row: bool
    # whether a patient with several rows becomes one whose values are NULL
    joined: bool = False

    @property
    def plain(self) -> list[Column]:
        return [each.column for each in self.columns]

    def of(self, names: Container[str]) -> "Promises":
        """Of these columns alone."""
        return replace(
            self, columns=tuple(each for each in self.columns if each.name in names)
        )


def promises_of(
    schema: TableSchema,
    columns: Sequence[str],
    *,
    trusted: bool = False,
    chosen: bool = False,
    text_ids: bool = False,
    site: TableSchema | None = None,
) -> Promises:
    """What is checked of the key and of these columns.

    `trusted`: records of no real people, of which the author may know everything.
    `chosen`: the definition has chosen the rows that are there, so what they have in
    common is its question; no promise is kept then. `text_ids`: patients are known by
    texts. `site`: the table as the site declares it, where that is not one of `core` or
    `tpp`.
    """
    known = () if schema.file else _known().get(schema.name, ())
    if site is not None:
        known = (site,)
    if trusted:
        known = (schema,)
    key = Promised(TEXT_KEY if text_ids else KEY, kept=bool(known) and not chosen)
    own = (_promised(schema.column(name), known, kept=not chosen) for name in columns)
    one_row = any(each.one_row for each in known)
    return Promises(
        columns=(key, *own),
        one_row=one_row,
        joined=schema.one_row and not (key.kept and one_row),
    )


def _promised(column: Column, known: Iterable[TableSchema], *, kept: bool) -> Promised:
    columns = chain.from_iterable(schema.columns for schema in known)
    alike = [each for each in columns if _same(each, column)]
    if not alike:
        return Promised(column, kept=False, only=column.categories)
    site = column if column in alike else alike[0]
    checked = kept and site.categories == column.categories
    return Promised(site, kept=kept, only=() if checked else column.categories)


def _same(one: Column, other: Column) -> bool:
    return one.name == other.name and one.type is other.type


@cache
def _known() -> dict[str, tuple[TableSchema, ...]]:
    """The tables that a site knows, by name; some are declared in two modules."""
    found: dict[str, tuple[TableSchema, ...]] = {}
    for member in (*vars(core).values(), *vars(tpp).values()):
        node = getattr(member, "_node", None)
        if isinstance(node, nodes.Table):
            found[node.schema.name] = (*found.get(node.schema.name, ()), node.schema)
    return found
