"""Damage to one slice of a Parquet file, such as a bad sector does; everything else stays as it is."""

import datetime
from pathlib import Path

import pyarrow.parquet as pq

Interval = tuple[datetime.date, datetime.date]


def damage_slice(path: Path, column: str, interval: Interval) -> None:
    """Overwrite one column of a row group whose dates all fall in the interval."""
    metadata = pq.read_metadata(path)
    names = metadata.schema.names
    for number in range(1, metadata.num_row_groups - 1):
        group = metadata.row_group(number)
        ends = group.column(names.index(column)).statistics
        if interval[0] <= ends.min and ends.max <= interval[1]:
            return overwrite(path, group.column(0))
    raise AssertionError(f"no slice of {path.name} lies within {interval}")


def damage_column(path: Path, column: str) -> None:
    """Overwrite one column in the first row group."""
    metadata = pq.read_metadata(path)
    overwrite(path, metadata.row_group(0).column(metadata.schema.names.index(column)))


def overwrite(path: Path, chunk: pq.ColumnChunkMetaData) -> None:
    offsets = (chunk.dictionary_page_offset, chunk.data_page_offset)
    start = min(offset for offset in offsets if offset)
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xff" * chunk.total_compressed_size)
