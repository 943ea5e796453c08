"""Files of dummy data, which an author gives in the place of made-up patients."""

import csv
import gzip
import shutil
from collections.abc import Collection, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from extractors.late import Late
from flows.running.without_pandas import with_pandas
from flows.workspace.store import whole_file

feather: Any = Late("pyarrow.feather")
ID = "patient_id"
MOST_NAMED = 5


def put_dummy(file: Path, columns: Collection[str], targets: Iterable[Path]) -> None:
    """Put a file of dummy data where patients' files belong, as it is.

    `columns` are those of the study. Raises ArgumentsError for a file that is not
    there, is of another format than its targets, or has other columns.
    """
    if not file.is_file():
        raise ArgumentsError(
            f"the dummy_data_file {file} is not there; make it, or remove that line "
            "of project.yaml."
        )
    _check_columns(file, columns)
    for target in targets:
        ending = target.name.partition(".")[2]
        if not file.name.endswith(f".{ending}"):
            raise ArgumentsError(
                f"the dummy_data_file {file} must end in .{ending}, as its action's "
                "outputs do."
            )
        with whole_file(target) as beside:
            shutil.copyfile(file, beside)


def _check_columns(file: Path, columns: Collection[str]) -> None:
    """Exactly those of the study, in any order, beside patient_id."""
    found, wanted = _columns_of(file), {ID, *columns}
    missing, more = sorted(wanted - set(found)), sorted(set(found) - wanted)
    said = [f"lacks {_listed(missing)}"] if missing else []
    said += [f"has {_listed(more)}, which the study has not"] if more else []
    if said:
        raise ArgumentsError(
            f"the dummy_data_file {file} {' and '.join(said)}; give it the columns "
            "of the study."
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(map(repr, names[:MOST_NAMED])) + more


def _columns_of(file: Path) -> list[str]:
    try:
        if file.suffix == ".feather":
            return list(feather.read_table(str(file)).column_names)
        if ".dta" in file.suffixes:
            with_pandas()
            stata = import_module("pandas.io.stata")
            with stata.StataReader(str(file)) as reader:
                return list(reader.variable_labels())
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt", encoding="utf-8-sig", newline="") as rows:
            return next(csv.reader(rows), [])
    except Exception as error:
        raise ArgumentsError(
            f"the dummy_data_file {file} cannot be read; is it damaged?", str(error)
        ) from None
