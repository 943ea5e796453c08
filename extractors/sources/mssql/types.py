"""SQL Server's types: how their values arrive, and what has to be cast before they are
compared or sent.
"""

import pyarrow as pa

from extractors.sources.adbc.catalog import TRIMMED

MOMENT = pa.timestamp("us")
LONG = "nvarchar(max)"  # the old long texts cannot be compared as they are
# Name -> the type that arrives, and the cast that makes it so.
TYPES = {
    "bigint": (pa.int64(), ""),
    "int": (pa.int64(), ""),
    "smallint": (pa.int64(), ""),
    "tinyint": (pa.int64(), ""),
    "bit": (pa.bool_(), ""),
    "float": (pa.float64(), ""),
    "real": (pa.float64(), "double"),  # a literal beside it would lose digits
    "money": (pa.decimal128(19, 4), ""),
    "smallmoney": (pa.decimal128(10, 4), ""),
    "date": (pa.date32(), ""),
    "datetime": (MOMENT, ""),
    "datetime2": (MOMENT, ""),
    "smalldatetime": (MOMENT, ""),
    "datetimeoffset": (pa.timestamp("us", "UTC"), ""),
    "varchar": (pa.string(), ""),
    "nvarchar": (pa.string(), ""),
    "char": (pa.string(), TRIMMED),
    "nchar": (pa.string(), TRIMMED),
    "text": (pa.string(), LONG),
    "ntext": (pa.string(), LONG),
    "uniqueidentifier": (pa.string(), "nchar(36)"),
}


def stored_as(
    name: str, precision: int | None, scale: int | None
) -> tuple[pa.DataType, str]:
    """The Arrow type of a column, and its cast; bytes for what no definition can
    read.
    """
    if name.lower() in ("decimal", "numeric"):
        return pa.decimal128(precision or 18, scale or 0), ""
    return TYPES.get(name.lower(), (pa.binary(), ""))
