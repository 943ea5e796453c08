"""Text that DuckDB cannot read: UTF-16, and lines that end in several ways.

Python's own reader knows both, keeps the rules of CSV as strictly, and takes ten times
as long. So its rows are read once and kept in the engine, which spills what does not
fit.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from extractors.sources.copies import Arriving
from extractors.sources.damage import described, unread_row
from extractors.sources.dialect import Dialect, opened

ROWS = 20_000  # in a batch
# as DuckDB says it; damage.py knows its words
FEW_FIELDS = "Expected Number of Columns"
OPEN_QUOTE = "unterminated quote"
LONG_FIELD = "Maximum line size"
BAD_TEXT = "Invalid unicode"


@dataclass
class RowByRow(Arriving):
    """The rows of some columns of a file, all as text and an empty field as NULL."""

    # of the file
    path: Path
    # of the table, as messages name it
    label: str
    # how its cells are written
    dialect: Dialect
    # names of those that are read
    columns: Sequence[str]

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(name, pa.string()) for name in self.columns])

    def batches(self) -> Iterator[pa.RecordBatch]:
        places = [self.dialect.names.index(name) for name in self.columns]
        with described(self.label, "CSV"), opened(self.path) as binary:
            text = io.TextIOWrapper(binary, encoding=self.dialect.encoding, newline="")
            rows = self._rows(text)
            while batch := list(islice(rows, ROWS)):
                arrays = [
                    pa.array([row[place] or None for row in batch], pa.string())
                    for place in places
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _rows(self, text: io.TextIOWrapper) -> Iterator[list[str]]:
        reader = csv.reader(
            text,
            delimiter=self.dialect.delimiter,
            quotechar=self.dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.dialect.quote else csv.QUOTE_NONE,
            strict=True,
        )
        for _ in range(self.dialect.above):
            text.readline()
        count = len(self.dialect.names)
        above = self.dialect.above
        try:
            for row in reader:
                if len(row) == count + 1 and not row[-1]:
                    row.pop()  # a separator at the end of each line
                if row and len(row) != count:
                    unread_row(self.label, reader.line_num + above, FEW_FIELDS)
                if row:
                    yield row
        except csv.Error as error:
            what = LONG_FIELD if "limit" in str(error) else OPEN_QUOTE
            unread_row(self.label, reader.line_num + above, what)
        except UnicodeDecodeError:
            unread_row(self.label, reader.line_num + above, BAD_TEXT)
