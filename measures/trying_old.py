"""Trying an old study (cohort-extractor's) on a few hand-written rows, without files of records."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import extractors
from extractors.language.base import wrap
from extractors.language.dataset import create_dataset
from extractors.trying import Records
from measures.loading import load_study
from measures.study import Study

Value = int | float | str
# What stands in the place of NULL, and how a value is written; a date is cut to its characters.
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
    """The columns of an old study for each patient of its population, in order of patient_id.

    `path` is a file with a global `study = StudyDefinition(…)`. `records` as for `extractors.evaluate`:
    name of a table of TPP's -> rows as dicts. `index_date` is used in the place of the study's own one;
    `params` are what `--param` gives. Each row has `patient_id` and every output column with the old
    values: 0, "" and -1 where there is none, flags as 0 and 1, dates as text at their precision.

        evaluate("analysis/study_definition.py", {"patients": [{"patient_id": 1, "sex": "female"}]})

    Raises DefinitionError with file, line and reason for what is refused, RecordsError for rows that fit
    no table.
    """
    study = load_study(path, arguments=arguments(index_date, params), results=True)
    return written_rows(extractors.evaluate(_dataset(study), records), study.forms)


def arguments(index_date: str | datetime.date | None, params: Mapping[str, str] | None) -> list[str]:
    """The words behind `--`."""
    words = [] if index_date is None else ["--index-date", str(index_date)]
    if params:
        words += ["--param", *(f"{name}={value}" for name, value in params.items())]
    return words


def _dataset(study: Study) -> Any:
    dataset = create_dataset()
    for name, node in study.dataset.items():
        if name:
            dataset.add_column(name, wrap(node))
        else:
            dataset.define_population(wrap(node))
    return dataset


def written_rows(rows: Iterable[Mapping[str, Any]], forms: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the model as the old program writes them."""
    return [
        {name: written(value, forms[name]) if name in forms else value for name, value in row.items()} for row in rows
    ]


def written(value: Any, form: str) -> Value:
    """One value in the form of its column."""
    if form in WRITTEN:
        missing, write = WRITTEN[form]
        return missing if value is None else write(value)
    length = int(form.removeprefix("date "))
    return "" if value is None else value.isoformat()[:length]
