"""What a table promises: its columns, their types and the rules that hold for them."""

from dataclasses import dataclass, replace

from extractors.errors import DefinitionError
from extractors.model.nearest import nearest
from extractors.model.types import name_of

# A table -> the plainer one that has its rows where a place keeps no table of its own
# for them.
PLAINER = {"ons_deaths_raw": "ons_deaths"}
FILE_ENDINGS = (".arrow", ".parquet", ".csv", ".csv.gz")


@dataclass(frozen=True)
class Column:
    """One column of a table, with promises about its values."""

    # as the definition calls it
    name: str
    # one of `model.types`
    type: type
    # whether it never holds NULL
    required: bool = False
    # whether every date is the first of its month, as dates of birth are
    first_of_month: bool = False
    # the only values that it may hold; empty: any
    categories: tuple = ()
    # a regular expression that strings match as a whole; empty: any
    pattern: str = ""
    # of integers; None: no bound
    minimum: int | None = None
    # of integers; None: no bound
    maximum: int | None = None
    # between two integers that it may hold, counted from the minimum; `imd_rounded` is
    # of hundreds
    step: int = 1


@dataclass(frozen=True)
class TableSchema:
    """A table by name. Every table also has an integer `patient_id`, which is not
    listed.
    """

    # as the records and the definition call it
    name: str
    # without `patient_id`
    columns: tuple[Column, ...]
    # whether it has at most one row per patient
    one_row: bool = False
    # where a table that is not among the records comes from: a path below the working
    # directory, with `/`
    file: str = ""

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise AttributeError(
            f"table {self.name!r} has no column {name!r}{self._nearest(name)}"
        )

    def _nearest(self, name: str) -> str:
        names = [column.name for column in self.columns]
        close = nearest(name, names)
        if close:
            return f"; did you mean {close!r}?"
        return f"; its columns are {', '.join(names)}."

    def describe(self) -> tuple:
        """Name, shape, column types and file: what a definition's meaning depends
        on.
        """
        columns = tuple((c.name, name_of(c.type)) for c in self.columns)
        return (self.name, self.one_row, columns, *filter(None, [self.file]))


def stored_names(name: str) -> tuple[str, ...]:
    """The names under which a place may have the rows of a table, the best first."""
    return (name, PLAINER[name]) if name in PLAINER else (name,)


def joined(one: TableSchema, other: TableSchema) -> TableSchema:
    """One table that is declared twice, as `clinical_events` is in core and tpp, with
    the columns of both.

    Of a column it promises the categories that both do: a plan relies on those of
    either.

    Raises DefinitionError if the declarations contradict each other.
    """
    known = {column.name: column for column in one.columns}
    both = [column for column in other.columns if column.name in known]
    if one.file != other.file:
        raise DefinitionError(
            f"two tables are called {one.name!r}, {_place(one)} and {_place(other)}; "
            "rename the file"
        )
    if one.one_row != other.one_row or any(
        column.type is not known[column.name].type for column in both
    ):
        raise DefinitionError(
            f"the table {one.name!r} is declared twice, with different types; "
            "declare it once"
        )
    again = {
        column.name: _both(known[column.name], column, one.name) for column in both
    }
    more = [column for column in other.columns if column.name not in known]
    return replace(
        one,
        columns=(*(again.get(column.name, column) for column in one.columns), *more),
    )


def _both(one: Column, other: Column, table: str) -> Column:
    if not (one.categories and other.categories):
        return replace(one, categories=one.categories or other.categories)
    common = tuple(
        category for category in one.categories if category in other.categories
    )
    if not common:
        raise DefinitionError(
            f"{table}.{one.name} is declared twice, with no category in common; "
            "declare it once"
        )
    return replace(one, categories=common)


def _place(schema: TableSchema) -> str:
    return f"the one of {schema.file}" if schema.file else "one of the records"
