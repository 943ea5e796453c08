"""Trying an old study (cohort-extractor's) on a few hand-written rows, without files of
records.
"""

import csv
import datetime
import gzip
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import extractors
from extractors.evaluation import Records
from extractors.language.base import wrap
from extractors.language.dataset import create_dataset
from extractors.model import nodes
from extractors.sources.with_files import find_file
from measures.closed.places import study_root
from measures.loading import load_study
from measures.study import Study

Value = int | float | str
# What stands in the place of NULL, and how a value is written; a date is cut to its
# characters.
WRITTEN: Mapping[str, tuple[Value, Callable[[Any], Value]]] = {
    "flag": (0, int),
    "int": (0, int),
    "imd": (-1, int),
    "float": (0.0, float),
    "str": ("", str),
}


def evaluate(
    path: Path | str,
    records: Records,
    *,
    index_date: str | datetime.date | None = None,
    params: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The columns of an old study for each patient of its population, in order of
    patient_id.

    `path` is a file with a global `study = StudyDefinition(…)`. `records` as for
    `extractors.evaluate`: name of a table of TPP's -> rows as dicts. `index_date` is
    used in the place of the study's own one; `params` are what `--param` gives. Each
    row has `patient_id` and every output column with the old values: 0, "" and -1 where
    there is none, flags as 0 and 1, dates as text at their precision. A file of which
    `records` have no rows under its name (`cases` for `output/cases.csv`) is read.

        evaluate("analysis/study_definition.py", {"patients": [{"patient_id": 1, "sex": "female"}]})

    Raises DefinitionError with file, line and reason for what is refused, RecordsError
    for rows that fit no table.
    """
    study = load_study(path, arguments=arguments(index_date, params), results=True)
    rows = {**_rows_of_files(study), **records}
    return written_rows(extractors.evaluate(_dataset(study), rows), study.forms)


def arguments(
    index_date: str | datetime.date | None, params: Mapping[str, str] | None
) -> list[str]:
    """The words behind `--`."""
    words = [] if index_date is None else ["--index-date", str(index_date)]
    if params:
        words += ["--param", *(f"{name}={value}" for name, value in params.items())]
    return words


def _rows_of_files(study: Study) -> dict[str, list[dict[str, Any]]]:
    """The rows of each file that the study brings along, under its table's name. Raises
    RecordsError.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for node in nodes.walk(study.dataset.values()):
        if isinstance(node, nodes.Table) and node.schema.file:
            columns = {column.name: column.type for column in node.schema.columns}
            path = find_file(
                node.schema.file, (Path.cwd(), study_root(study.path.resolve()))
            )
            rows = _read(path, columns)
            before = found.get(node.schema.name, [{} for _ in rows])
            found[node.schema.name] = [
                {**known, **row} for known, row in zip(before, rows, strict=True)
            ]
    return found


def _read(path: Path, columns: Mapping[str, type]) -> list[dict[str, Any]]:
    """The wanted columns of a file of CSV that has them."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return [_row(row, columns) for row in csv.DictReader(file)]


def _row(row: Mapping[str, str], columns: Mapping[str, type]) -> dict[str, Any]:
    cells = {name: _cell(row[name], of) for name, of in columns.items() if name in row}
    return {"patient_id": int(row["patient_id"]), **cells}


def _cell(text: str, of: type) -> Any:
    if text == "":
        return None
    if of is bool:
        return text.lower() in ("1", "t", "true")
    return of(text) if of in (int, float) else text


def _dataset(study: Study) -> Any:
    dataset = create_dataset()
    for name, node in study.dataset.items():
        if name:
            dataset.add_column(name, wrap(node))
        else:
            dataset.define_population(wrap(node))
    return dataset


def written_rows(
    rows: Iterable[Mapping[str, Any]], forms: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Rows of the model as the old program writes them."""
    return [
        {
            name: written(value, forms[name]) if name in forms else value
            for name, value in row.items()
        }
        for row in rows
    ]


def written(value: Any, form: str) -> Value:
    """One value in the form of its column."""
    if form in WRITTEN:
        missing, write = WRITTEN[form]
        return missing if value is None else write(value)
    length = int(form.removeprefix("date "))
    return "" if value is None else value.isoformat()[:length]
