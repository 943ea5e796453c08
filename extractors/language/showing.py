"""Looking at values while a definition is being written.

There are no records while a command reads a file, so what is to be shown is noted, and
`cohortflow try` shows it of made-up people afterwards. In a notebook `show` gives a
`View`, which the notebook shows at the end of a cell.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from extractors.language.base import BaseSeries
from extractors.language.dataset import Dataset
from extractors.language.frames import BaseFrame
from extractors.language.reading import Place, current
from extractors.model import nodes

HEAD = 10  # rows that are shown unless an author says otherwise


@dataclass(frozen=True)
class Shown:
    """One table that is to be shown; all its columns belong to the same rows."""

    # the title of the table; empty for none
    label: str
    # name -> series
    columns: dict[str, nodes.Series]
    # how many rows from the beginning
    head: int
    # how many rows from the end
    tail: int
    # the author's line
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class View:
    """What `show` was asked to show; a notebook shows it at the end of a cell
    (`extractors/notebook.py`).
    """

    # each with its columns
    tables: tuple[Shown, ...] = ()
    # table -> hand-written rows; made-up people where there are none
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None

    # what a notebook calls; set by `extractors/notebook.py`
    _repr_html_: ClassVar[Callable[[Any], str]]


def show(
    *elements: object,
    label: str | None = None,
    head: int | None = None,
    tail: int | None = None,
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> View:
    """Show series, frames or a dataset of made-up people: on `cohortflow try`, and at
    the end of a notebook's cell.

    Series of patients become one table with a column each, and so do series of the same
    rows; of a frame all columns are shown. `head` and `tail` say how many rows; `label`
    is the title. Other values are printed. `records`: in a notebook, rows that you
    write by hand, as for `evaluate`, in the place of made-up people. NULL is shown as
    an empty cell.

        show(patients.sex, patients.age_on("2020-01-01"), label="who")
    """
    tables: list[Shown] = []
    patient: dict[str, nodes.Series] = {}
    for element in elements:
        rows: dict[str, nodes.Series] = {}
        for name, node in columns_of(element).items():
            if node.domain is None:
                patient[_free(name, patient)] = node
            else:
                rows[name] = node
        if rows:
            tables.append(_shown(rows, label, head, tail))
        if not isinstance(element, BaseSeries | BaseFrame | Dataset):
            print(*filter(None, [label]), element)
    if patient:
        tables.append(_shown(patient, label, head, tail))
    current().shown.extend(tables)
    return View(tuple(tables), records)


def stop(*_: object, **__: object) -> None:
    """Accepted for compatibility.

    The whole file is read.

        stop()
    """


def columns_of(element: object) -> dict[str, nodes.Series]:
    """The series of an element by the names that a table gives them; none of what is no
    part of a definition.
    """
    match element:
        case BaseSeries():
            return {_name(element.node): element.node}
        case BaseFrame():
            columns = element._node.table.schema.columns
            return {
                column.name: nodes.Column(element._node, column.name)
                for column in columns
            }
        case Dataset():
            return dict(element._variables)
    return {}


def _name(node: nodes.Series) -> str:
    match node:
        case nodes.Column(name=name):
            return name
        case nodes.Aggregate(operation=operation):
            return f"{operation} of {node.rows.table.schema.name}"
    return "value"


def _free(name: str, taken: Mapping[str, Any]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free


def _shown(
    columns: dict[str, nodes.Series],
    label: str | None,
    head: int | None,
    tail: int | None,
) -> Shown:
    is_unsaid = head is None and tail is None
    beginning = HEAD if is_unsaid else head or 0
    return Shown(str(label or ""), columns, beginning, tail or 0, current().locate())
