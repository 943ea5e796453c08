"""An Iceberg table in a folder: its current snapshot, read by pyiceberg.

It knows which rows are deleted and what columns were called when a file was written. A
table without a catalogue is found by its newest file of metadata.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.sources.copies import Arriving

METADATA, HINT = "metadata", "version-hint.text"
NUMBER = re.compile(r"v?([0-9]+)")
MISSING = (
    "the package pyiceberg reads Iceberg tables; it is not here: pip install pyiceberg "
    "(pinned in infra/requirements-extras.txt)"
)


def is_iceberg(folder: Path) -> bool:
    return any((folder / METADATA).glob("*.metadata.json"))


@dataclass
class IcebergRows(Arriving):
    """Some columns of the current snapshot, a file at a time."""

    # of the table, with `metadata` and `data`
    folder: Path
    # of the table, as messages name it
    label: str
    # names of those that are read
    columns: Sequence[str]

    @cached_property
    def table(self) -> Any:
        """pyiceberg's. Raises RecordsError where a file of it lies elsewhere, which is
        not looked for.
        """
        tables = self._module("pyiceberg.table")
        with _described(self.label):
            table = tables.StaticTable.from_metadata(str(current_metadata(self.folder)))
        snapshot = table.current_snapshot()
        _local(
            [table.metadata.location, *([snapshot.manifest_list] if snapshot else [])],
            self.label,
        )
        return table

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.table.schema().fields]

    @cached_property
    def schema(self) -> pa.Schema:
        arrow = self._module("pyiceberg.io.pyarrow")
        return arrow.schema_to_pyarrow(self._scan.projection(), include_field_ids=False)

    def files(self) -> list[Path]:
        """All that determines the rows."""
        found = {current_metadata(self.folder)}
        for task in self._tasks():
            found |= set(map(_path, _locations(task)))
        return sorted(found)

    def batches(self) -> Iterator[pa.RecordBatch]:
        arrow = self._module("pyiceberg.io.pyarrow")
        scan = arrow.ArrowScan(
            self.table.metadata,
            self.table.io,
            self._scan.projection(),
            self._scan.row_filter,
        )
        for task in self._tasks():
            # given all tasks at once it would hold all files
            with _described(self.label):
                for batch in scan.to_record_batches([task]):
                    yield batch.select(self.schema.names).cast(self.schema)

    @cached_property
    def _scan(self) -> Any:
        wanted = {column.lower() for column in self.columns}
        names = self.names
        return self.table.scan(
            selected_fields=tuple(name for name in names if name.lower() in wanted)
            or (names[0],)
        )

    def _tasks(self) -> list[Any]:
        with _described(self.label):
            tasks = list(self._scan.plan_files())
        for task in tasks:
            _local(_locations(task), self.label)
        return tasks

    def _module(self, name: str) -> Any:
        try:
            return import_module(name)
        except ImportError:
            raise RecordsError(
                f"{self.label}: it is an Iceberg table, and {MISSING}."
            ) from None


def current_metadata(folder: Path) -> Path:
    """The file that says what the table is now: the hinted one, or else that of the
    highest number.
    """
    files = {}
    for path in sorted((folder / METADATA).glob("*.metadata.json")):
        files[_number(path)] = path
    hint = folder / METADATA / HINT
    hinted = (
        _number(hint.with_name(hint.read_text(encoding="utf-8").strip()))
        if hint.exists()
        else -1
    )
    return files.get(hinted) or files[max(files)]


def _number(path: Path) -> int:
    found = NUMBER.match(path.name)
    return int(found[1]) if found else -1


def _locations(task: Any) -> list[str]:
    """Where the files lie that a task reads: one with rows, and those that delete
    some.
    """
    return [each.file_path for each in (task.file, *task.delete_files)]


def _path(location: str) -> Path:
    parsed = urlparse(location)
    return Path(unquote(parsed.path) if parsed.scheme else location)


def _local(locations: Sequence[str], label: str) -> None:
    for location in locations:
        if urlparse(location).scheme not in ("", "file"):
            raise RecordsError(
                f"{label}: the Iceberg table has files in another place; copy it "
                "with all its files."
            )


@contextmanager
def _described(label: str) -> Iterator[None]:
    try:
        yield
    except RecordsError:
        raise
    except FileNotFoundError as error:
        reason = (
            "the Iceberg table names files that are not there; was it moved? Its "
            "metadata holds whole paths"
        )
        raise RecordsError(f"{label}: {reason}.", str(error)) from None
    except (
        Exception
    ) as error:  # pyiceberg's own kinds are many, and Arrow's come through
        reason = (
            "the Iceberg table cannot be read; is it whole, and of a version that "
            "pyiceberg knows?"
        )
        raise RecordsError(f"{label}: {reason}", str(error)) from None
