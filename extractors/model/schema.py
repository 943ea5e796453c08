"""What a table promises: its columns, their types and the rules that hold for them."""

from dataclasses import dataclass
from difflib import get_close_matches

from extractors.model.types import name_of


@dataclass(frozen=True)
class Column:
    """One column: a name, a type of `model.types`, and promises about its values.

    `categories` are the only values it may hold; `pattern` is a regular expression for strings;
    `minimum`/`maximum`/`step` bound integers. `required` is only about NULL.
    """

    name: str
    type: type
    required: bool = False
    first_of_month: bool = False
    categories: tuple = ()
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    step: int = 1


@dataclass(frozen=True)
class TableSchema:
    """A table by name; `one_row` tables have at most one row per patient.

    Every table also has an integer `patient_id`, which is not listed among the columns.
    """

    name: str
    columns: tuple[Column, ...]
    one_row: bool = False

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise AttributeError(f"table {self.name!r} has no column {name!r}{self._nearest(name)}")

    def _nearest(self, name: str) -> str:
        names = [column.name for column in self.columns]
        close = get_close_matches(name, names, n=1)
        if close:
            return f"; did you mean {close[0]!r}?"
        return f"; its columns are {', '.join(names)}."

    def describe(self) -> tuple:
        """Name, shape and column types: what a definition's meaning depends on."""
        return self.name, self.one_row, tuple((c.name, name_of(c.type)) for c in self.columns)
