"""Files of patients side by side, as cohort-joiner leaves them: pandas reads, joins and
writes, as it did there.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from flows.running.without_pandas import with_pandas
from flows.workspace.store import whole_file

ID = "patient_id"
STATA = 118


def join_files(left: Path, others: Sequence[Path], target: Path) -> None:
    """Every row of the left file, with the columns of the same patient in the others.

    A name that both have gets _x on the left and _y on the right. Who is in no file on
    the right has blanks there, and whole numbers become floats. Raises ArgumentsError
    for files of another kind, or without patient_id.
    """
    with_pandas()
    joined = _read(left)
    for each in others:
        joined = joined.merge(_read(each), on=ID, how="left")
    with whole_file(target) as beside:
        _write(joined, beside, target.name)


def _read(path: Path) -> Any:
    pandas = import_module("pandas")
    if path.name.endswith((".csv", ".csv.gz")):
        frame = pandas.read_csv(path)
    elif path.name.endswith(".feather"):
        frame = pandas.read_feather(path)
    else:
        frame = pandas.read_stata(
            path, preserve_dtypes=True, convert_categoricals=False
        )
    if ID not in frame.columns:
        raise ArgumentsError(
            f"{path.name} has no column {ID}, by which files of patients are joined."
        )
    return frame


def _write(frame: Any, path: Path, name: str) -> None:
    compression = {"method": "gzip", "mtime": 0} if name.endswith(".gz") else None
    if name.endswith((".csv", ".csv.gz")):
        frame.to_csv(path, index=False, compression=compression)
    elif name.endswith(".feather"):
        frame.to_feather(path)
    else:
        days = {
            name: "td"
            for name in frame.columns
            if str(frame[name].dtype).startswith("datetime")
        }
        frame.to_stata(
            path,
            write_index=False,
            version=STATA,
            convert_dates=days,
            compression=compression,
        )
