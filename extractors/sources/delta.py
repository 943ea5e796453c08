"""A Delta table: the files of its newest version, as its own log says, not as the
folder does.

Files that an update has replaced stay in the folder, so that older versions can be
read.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import unquote

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.sources.parts import Keys, Part

Answer = TypeVar("Answer")
LOG = "_delta_log"
# What a table may need of a reader that reads its Parquet files as they are. Files of a
# column that was widened hold narrower numbers, which become one type as those of any
# parts do.
HARMLESS = {"timestampNtz", "typeWidening", "v2Checkpoint", "vacuumProtocolCheck"}
DELETIONS = "deletionVectors"
MISSING = (
    "the package deltalake reads Delta tables; it is not here: pip install deltalake "
    "(pinned in infra/requirements-extras.txt)"
)


def is_delta(folder: Path) -> bool:
    return (folder / LOG).is_dir()


def delta_parts(folder: Path, label: str) -> tuple[Part, ...]:
    """The Parquet files of the newest version, with the values of columns that are in
    no file.
    """
    table = _opened(folder, label)
    _refuse_features(table, label)
    actions = _asked(label, lambda: pa.table(table.get_add_actions()).to_pylist())
    parts = [
        Part(_path(folder, action["path"], label), _keys(action)) for action in actions
    ]
    return tuple(sorted(parts, key=lambda part: part.path))


def delta_schema(folder: Path, label: str) -> pa.Schema:
    """Its columns: where there is no row, no file says them."""
    table = _opened(folder, label)
    return _asked(label, lambda: pa.schema(table.schema().to_arrow()))


def delta_log(folder: Path) -> list[Path]:
    """The files that say which version is the newest one."""
    return sorted(
        path
        for path in (folder / LOG).iterdir()
        if path.is_file() and path.name[0] != "."
    )


def _opened(folder: Path, label: str) -> Any:
    deltalake = _package(label)
    return _asked(label, lambda: deltalake.DeltaTable(str(folder.absolute())))


def _package(label: str) -> ModuleType:
    try:
        return import_module("deltalake")
    except ImportError:
        raise RecordsError(f"{label}: it is a Delta table, and {MISSING}.") from None


def _refuse_features(table: Any, label: str) -> None:
    """What a table needs and plain Parquet files do not tell: other names of columns,
    rows that are gone.
    """
    protocol = table.protocol()
    needed = set(protocol.reader_features or ())
    if protocol.min_reader_version == 2:
        needed.add("columnMapping")
    if DELETIONS in needed and not _deletes(table, label):
        needed.discard(DELETIONS)
    unknown = sorted(needed - HARMLESS)
    if unknown:
        raise RecordsError(
            f"{label}: the Delta table uses {', '.join(unknown)}, which is not read; "
            "write it anew without, or as a folder of Parquet files."
        )


def _deletes(table: Any, label: str) -> bool:
    """Whether rows of some file are gone without its being written anew."""
    return bool(_asked(label, lambda: pa.table(table.deletion_vectors()).num_rows))


def _path(folder: Path, written: str, label: str) -> Path:
    if "://" in written and not written.startswith("file://"):
        raise RecordsError(
            f"{label}: the Delta table has files in another place; copy it with all "
            "its files."
        )
    return folder.absolute() / unquote(written.removeprefix("file://"))


def _keys(action: dict[str, Any]) -> Keys:
    given = action.get("partition") or {}
    return tuple(
        (name, None if value is None else _said(value)) for name, value in given.items()
    )


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _asked(label: str, ask: Callable[[], Answer]) -> Answer:
    """What the package says; its errors are of many kinds, and do not survive a pickle
    even behind one of ours.
    """
    try:
        return ask()
    except Exception as error:
        said = str(error)
    reason = (
        "the log of the Delta table cannot be read; is it whole, and of a kind that "
        "deltalake knows?"
    )
    raise RecordsError(f"{label}: {reason}", said)
