"""Tables that a definition brings along as files.

The file is not opened here, because a definition is read where no records can be seen;
only its path becomes part of the table. It is read, and checked like any table,
together with the records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, overload

from extractors.errors import DefinitionError
from extractors.language.frames import AnyRow, PatientFrame, Series, make_table
from extractors.language.reading import current
from extractors.model.schema import FILE_ENDINGS

Row = TypeVar("Row", bound=PatientFrame)
ENDINGS = f"{', '.join(FILE_ENDINGS[:-1])} or {FILE_ENDINGS[-1]}"


@overload
def table_from_file(path: str | Path) -> FromFile: ...
@overload
def table_from_file(path: str | Path, columns: Mapping[str, type]) -> AnyRow: ...
def table_from_file(path: str | Path, columns: Mapping[str, type] | None = None) -> Any:
    """A frame with the rows of a file that has a `patient_id` column and at most one
    row per patient.

    `path` lies below the working directory or the study's root and ends in .arrow,
    .parquet, .csv or .csv.gz; `columns` maps names to types. Without columns it
    decorates a PatientFrame class that has them. The table's name is the file's without
    ending, or the class's. An empty cell is NULL, and so is every column of a patient
    without a row.

        table_from_file("output/controls.csv", columns={"matched": bool})

    Raises DefinitionError if there is no such file, ValueError if it lies elsewhere or
    is of another kind, TypeError for columns that are no dict from names to types.
    """
    file = _relative(path)
    if columns is None:
        return FromFile(file)
    if not isinstance(columns, Mapping):
        raise TypeError(
            f"columns needs a dict from names to types, got {type(columns).__name__}"
        )
    return make_table(_class(_name(file), columns), file)


def table_from_rows(rows: object) -> NoReturn:
    """Refused with a TypeError: a definition holds no rows."""
    raise TypeError(
        "a definition cannot hold the rows of a table; write them to a CSV file with "
        "a patient_id and read it with table_from_file(…), or try the definition on "
        "rows with evaluate(…)"
    )


class FromFile:
    """Class decorator: the table of this file.

    The class has a `Series` for each column.

        @table_from_file("output/controls.csv")
        class controls(PatientFrame):
            matched = Series(bool)
    """

    def __init__(self, file: str):
        self._file = file

    def __call__(self, cls: type[Row]) -> Row:
        if not (isinstance(cls, type) and issubclass(cls, PatientFrame)):
            raise TypeError(
                "a table from a file is a class derived from PatientFrame: it has "
                "one row per patient"
            )
        return make_table(cls, self._file)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(
                f"the columns are not known; write table_from_file({self._file!r}, "
                "columns={name: type})"
            )


def _relative(path: str | Path) -> str:
    """Below the working directory, with symbolic links followed, so that it stays
    there.
    """
    here, there = Path.cwd().resolve(), Path(path).resolve()
    if not there.is_relative_to(here):
        raise ValueError(
            f"{path} is not below the working directory; move the file there, and "
            "name it from there"
        )
    if not there.name.endswith(FILE_ENDINGS):
        raise ValueError(
            f"{path} is no kind of table that can be read; its name must end in "
            f"{ENDINGS}"
        )
    file = there.relative_to(here)
    places = [here, *current().folders]
    if not any(_may_be_there(place / file) for place in places):
        raise DefinitionError(
            f"there is no file {path} in the working directory; is it made by an "
            "earlier step?"
        )
    return file.as_posix()


def _may_be_there(path: Path) -> bool:
    """Whether the file is there, or lies in a private folder that the closed process
    cannot enter.

    The run reads the file with the operator's rights, and refuses it if it is missing.
    """
    try:
        return path.is_file()
    except PermissionError:
        return True


def _name(file: str) -> str:
    """The part before the first dot, in letters that can name a table."""
    stem = re.sub(r"[^A-Za-z0-9_]", "_", Path(file).name.partition(".")[0])
    return stem if re.match("[A-Za-z_]", stem) else f"_{stem}"


def _class(name: str, columns: Mapping[str, type]) -> type:
    if not columns:
        raise TypeError("columns needs at least one column beside patient_id")
    for column in columns:
        if not isinstance(column, str):
            raise TypeError(
                f"names of columns must be strings, got {type(column).__name__}"
            )
    return type(
        name,
        (PatientFrame,),
        {column: Series(type_) for column, type_ in columns.items()},
    )
