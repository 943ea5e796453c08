"""Files of Stata, written by pandas: whole numbers and flags as narrow as
cohort-extractor had them.
"""

import warnings
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.types as types

from extractors.late import pc
from flows.running.without_pandas import with_pandas

VERSION = 118  # texts of UTF-8, 2045 bytes of them in a row, longer ones apart
LONGEST = 2045
# of Stata's long; what is beyond means missing
GREATEST, LEAST = 2_147_483_620, -2_147_483_647


def write_stata(table: pa.Table, path: Path, compression: str | None) -> None:
    """One row per patient: flags as int8, whole numbers as int32, dates as days, a
    missing text as an empty one.
    """
    with_pandas()
    import_module("pandas")
    frame = pa.table(
        {name: _column(table[name]) for name in table.column_names}
    ).to_pandas()
    days = {
        name: "td"
        for name in table.column_names
        if types.is_timestamp(table[name].type)
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that Stata shortens
        frame.to_stata(
            path,
            write_index=False,
            convert_dates=days,
            version=VERSION,
            convert_strl=[name for name in table.column_names if _is_long(table[name])],
            compression={"method": compression} if compression else None,
        )


def _column(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """In the type that Stata has for it."""
    if types.is_boolean(values.type):
        return values.cast(pa.int8())
    if types.is_integer(values.type):
        return values.cast(pa.int32() if _fits(values) else pa.float64())
    if types.is_string(values.type):
        return values.fill_null("")
    return values


def _fits(values: pa.ChunkedArray) -> bool:
    ends = pc.min_max(values).as_py()
    return ends["min"] is None or (ends["min"] >= LEAST and ends["max"] <= GREATEST)


def _is_long(values: pa.ChunkedArray) -> bool:
    """Whether a text of the column is too long for a place in the rows."""
    if not types.is_string(values.type):
        return False
    return (pc.max(pc.binary_length(values)).as_py() or 0) > LONGEST
