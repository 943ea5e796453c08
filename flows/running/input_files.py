"""Files of patients as cohort-extractor wrote them, for people who go on with scripts
of their own.

They hold one row per patient, so they lie on the highly_sensitive shelf and nowhere
else.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractors.engine import Engine
from extractors.late import Late
from extractors.sql.files import copy_to, read_parquet
from extractors.sql.words import quote
from flows.running.stata import write_stata
from flows.workspace.store import whole_file

feather: Any = Late("pyarrow.feather")
CATEGORIES = pa.dictionary(pa.int32(), pa.string())
# The first and last day that nanoseconds can tell.
FIRST, LAST = "DATE '1677-09-22'", "DATE '2262-04-11'"
ID = "patient_id"


def write_input_file(
    engine: Engine, rows: str, forms: Mapping[str, str], target: Path
) -> None:
    """Write rows in the old values, columns and types; the target's ending says in
    which format.

    `rows` is the name of a table of the engine's: patient_id, and a column for each of
    `forms`.
    """
    with whole_file(target) as beside:
        if ".csv" in target.suffixes:
            _write_csv(
                engine,
                rows,
                forms,
                beside,
                "gzip" if target.suffix == ".gz" else "none",
            )
        elif target.suffix == ".feather":
            feather.write_feather(
                _with_categories(_table(engine, rows, forms), forms), str(beside)
            )
        else:
            compression = "gzip" if target.suffix == ".gz" else None
            write_stata(_table(engine, rows, forms), beside, compression)


def write_dataset_file(
    engine: Engine, dataset: Path, forms: Mapping[str, str], target: Path
) -> None:
    """As `write_input_file`, of the rows of a dataset's file of Parquet."""
    engine.view("dataset", f"SELECT * FROM {read_parquet([dataset])}")
    write_input_file(engine, "dataset", forms, target)


def _query(rows: str, forms: Mapping[str, str], make: Callable[[str, str], str]) -> str:
    """The rows in order of patients; `make` gives the SQL of a column in its form."""
    listed = [
        quote(ID),
        *(
            f"{make(quote(name), form)} AS {quote(name)}"
            for name, form in forms.items()
        ),
    ]
    return f"SELECT {', '.join(listed)} FROM {quote(rows)} ORDER BY {quote(ID)}"


# texts --------------------------------------------------------------------------------


def _write_csv(
    engine: Engine, rows: str, forms: Mapping[str, str], path: Path, compression: str
) -> None:
    query = _query(rows, forms, _text)
    engine.execute(
        copy_to(query, path, f"FORMAT csv, HEADER, COMPRESSION {compression}")
    )


def _text(column: str, form: str) -> str:
    """SQL of a value as a text file has it; NULL is written as nothing."""
    if form.startswith("date"):
        length = int(form.removeprefix("date "))
        return f"left(CAST({column} AS VARCHAR), {length})"
    match form:
        case "flag":
            return f"CAST(coalesce({column}, FALSE) AS INTEGER)"
        case "str":
            return f"nullif({column}, '')"
    return _number(column, form)


def _number(column: str, form: str) -> str:
    missing = {"int": "0", "imd": "-1", "float": "CAST(0 AS DOUBLE)"}
    return f"coalesce({column}, {missing[form]})"


# types --------------------------------------------------------------------------------


def _table(engine: Engine, rows: str, forms: Mapping[str, str]) -> pa.Table:
    return engine.arrow(_query(rows, forms, _typed))


def _typed(column: str, form: str) -> str:
    """SQL of a value in its type; a day that nanoseconds cannot tell is the nearest
    they can.
    """
    if form.startswith("date"):
        length = int(form.removeprefix("date "))
        unit = {4: "year", 7: "month", 10: "day"}[length]
        nearest = (
            f"greatest({FIRST}, least({LAST}, CAST(date_trunc('{unit}', {column}) AS "
            "DATE)))"
        )
        return (
            f"CASE WHEN {column} IS NOT NULL THEN CAST({nearest} AS TIMESTAMP_NS) END"
        )
    match form:
        case "flag":
            return f"coalesce({column}, FALSE)"
        case "str":
            return f"nullif({column}, '')"
        case "imd":
            return f"CAST({_number(column, form)} AS VARCHAR)"
        case "int":
            return f"CAST({_number(column, form)} AS BIGINT)"
    return _number(column, form)


def _with_categories(table: pa.Table, forms: Mapping[str, str]) -> pa.Table:
    """Texts and ranks of deprivation are categories; a missing text is none of them."""
    for place, name in enumerate(table.column_names):
        if forms.get(name) in ("str", "imd"):
            table = table.set_column(
                place, name, table[name].dictionary_encode().cast(CATEGORIES)
            )
    return table
