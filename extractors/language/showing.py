"""Looking at values while a definition is being written.

There are no records while a file is read, so what is to be shown is noted, and `cohortflow try` shows it of
made-up people afterwards. Elsewhere nothing happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from extractors.language.base import BaseSeries
from extractors.language.dataset import Dataset
from extractors.language.frames import BaseFrame
from extractors.language.reading import Place, current
from extractors.model import nodes

HEAD = 10  # rows that are shown unless an author says otherwise


@dataclass(frozen=True)
class Shown:
    """One table that is to be shown; all its columns belong to the same rows."""

    label: str
    # name -> series
    columns: dict[str, nodes.Series]
    # how many rows from the beginning, and from the end
    head: int
    tail: int
    # the author's line
    place: Place = field(default_factory=Place)


def show(*elements: Any, label: str | None = None, head: int | None = None, tail: int | None = None) -> None:
    """Show series, frames or a dataset of made-up people on `cohortflow try`; elsewhere nothing happens.

    Series of patients become one table with a column each, and so do series of the same rows; of a frame all columns
    are shown. `head` and `tail` say how many rows; `label` is the title. Other values are printed.

        show(patients.sex, patients.age_on("2020-01-01"), label="who")
    """
    patient: dict[str, nodes.Series] = {}
    for element in elements:
        for name, node in _columns(element).items():
            if node.domain is None:
                patient[_free(name, patient)] = node
        if rows := {name: node for name, node in _columns(element).items() if node.domain is not None}:
            _note(rows, label, head, tail)
        if not isinstance(element, BaseSeries | BaseFrame | Dataset):
            print(*filter(None, [label]), element)
    if patient:
        _note(patient, label, head, tail)


def stop(*_: Any, **__: Any) -> None:
    """Accepted for compatibility: the whole file is read."""


def _columns(element: Any) -> dict[str, nodes.Series]:
    match element:
        case BaseSeries():
            return {_name(element.node): element.node}
        case BaseFrame():
            columns = element._node.table.schema.columns
            return {column.name: nodes.Column(element._node, column.name) for column in columns}
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


def _note(columns: dict[str, nodes.Series], label: str | None, head: int | None, tail: int | None) -> None:
    beginning = HEAD if head is None and tail is None else head or 0
    asked = current()
    asked.shown.append(Shown(str(label or ""), columns, beginning, tail or 0, asked.locate()))
