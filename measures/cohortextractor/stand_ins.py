"""What `import pandas` and `import numpy` give in an old study, which the closed
process has not.

Many old studies import them and use nothing, or read the codes of a file for what
made-up data should look like. That much there is; whatever else is asked for is refused
where it is used.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from extractors.errors import DefinitionError

WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
OLD = "study_definition"  # how the old program knows a definition, by its name
READS = (
    "of pandas there is read_csv, which gives a file with its columns as lists, and "
    "nothing else"
)


class StandIn(ModuleType):
    """A module that has nothing but what it is given."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise DefinitionError(
            f"there is no {self.__name__}.{name} in a definition; {READS}, and none "
            "of numpy"
        )


class Column(list[Any]):
    """The values of a file's column, in their order."""

    def unique(self) -> "Column":
        """Each once."""
        return Column(dict.fromkeys(self))

    def tolist(self) -> list[Any]:
        return list(self)

    to_list = tolist

    @property
    def values(self) -> "Column":
        return self

    def astype(self, of: Any) -> "Column":
        """As texts or numbers."""
        make = {"str": str, "string": str, "int": int, "float": float}.get(of, of)
        return Column(make(value) for value in self)

    def dropna(self) -> "Column":
        return Column(value for value in self if value is not None)


class Frame:
    """The columns of a file."""

    def __init__(self, columns: dict[str, Column]):
        self._columns = columns

    @property
    def columns(self) -> list[str]:
        return list(self._columns)

    def __getitem__(self, name: str) -> Column:
        if name not in self._columns:
            known = ", ".join(self._columns)
            raise DefinitionError(f"the file has no column {name!r}; it has {known}")
        return self._columns[name]

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_") or name not in self._columns:
            raise AttributeError(name)
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))


def read_csv(
    filepath_or_buffer: Any,
    usecols: Sequence[str] | None = None,
    dtype: Any = None,
    **ignored: Any,
) -> Frame:
    """The columns of a file: whole numbers where all cells are such, else texts; None
    for an empty cell.
    """
    with Path(filepath_or_buffer).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0]) if rows else []
    as_text = dtype in (str, "str", object)
    columns = {
        name: _column([row[name] or None for row in rows], as_text) for name in names
    }
    return Frame(
        {
            name: column
            for name, column in columns.items()
            if usecols is None or name in usecols
        }
    )


def _column(cells: Sequence[str | None], as_text: bool) -> Column:
    whole = bool(cells) and all(
        cell is not None and WHOLE.fullmatch(cell) for cell in cells
    )
    if whole and not as_text:
        return Column(int(str(cell)) for cell in cells)
    return Column(cells)


def stand_ins(definition: str) -> dict[str, ModuleType]:
    """By name; none for a definition of another language."""
    if not Path(definition).name.startswith(OLD):
        return {}
    pandas, numpy = StandIn("pandas"), StandIn("numpy")
    vars(pandas)["read_csv"] = read_csv
    return {"pandas": pandas, "numpy": numpy}
