"""Damage to a part of a file, such as a bad sector does; everything else stays as it
is.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def damage_batch(path: Path, place: int) -> None:
    """Overwrite one record batch of an Arrow file, the one of the period at this
    place.
    """
    with path.open("rb") as file:
        file.seek(len(b"ARROW1\0\0"))
        reader, batches = pa.ipc.MessageReader.open_stream(pa.PythonFile(file)), -1
        while batches < place:
            message = reader.read_next_message()
            batches += message.type == "record batch"
        end = file.tell()
    with path.open("r+b") as file:
        file.seek(end - message.body.size)
        file.write(b"\xff" * message.body.size)


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
