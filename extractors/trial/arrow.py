"""Numbers and looked-up words as Arrow columns; strings are always
dictionary-encoded.
"""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from extractors.model.schema import Column, TableSchema
from extractors.model.types import ConceptId
from extractors.trial.days import NEVER
from extractors.trial.dice import Array

WORDS = pa.dictionary(pa.int32(), pa.string())
TYPES = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime.date: pa.date32(),
    ConceptId: pa.int64(),
}


class Rows(NamedTuple):
    """Rows of a table: positions in a range of patients, ascending, and columns by
    name.
    """

    patient: Array
    columns: dict[str, pa.Array]


def type_of(column: Column) -> pa.DataType:
    return TYPES.get(column.type, WORDS)


def schema_of(table: TableSchema) -> pa.Schema:
    fields = [(column.name, type_of(column)) for column in table.columns]
    return pa.schema([("patient_id", pa.int64()), *fields])


def dates(days: Array) -> pa.Array:
    """NEVER becomes NULL."""
    return pa.array(days.astype(np.int32), mask=days >= NEVER).view(pa.date32())


def words(positions: Array, among: Sequence[str] | pa.Array) -> pa.Array:
    """Strings by their position among some; a negative position becomes NULL."""
    pool = among if isinstance(among, pa.Array) else pa.array(among, pa.string())
    return pa.DictionaryArray.from_arrays(
        pa.array(positions.astype(np.int32), mask=positions < 0), pool
    )


def integers(values: Array, missing: Array | None = None) -> pa.Array:
    return pa.array(values.astype(np.int64), mask=missing)


def booleans(values: Array, missing: Array | None = None) -> pa.Array:
    return pa.array(values, pa.bool_(), mask=missing)


def floats(values: Array) -> pa.Array:
    """NaN becomes NULL."""
    return pa.array(values, pa.float64(), from_pandas=True)


def ordinals(patient: Array) -> Array:
    """The place of each row among its patient's rows, from 0; `patient` must be
    ascending.
    """
    rows = np.arange(len(patient))
    starts = np.ones(len(patient), bool)
    starts[1:] = patient[1:] != patient[:-1]
    return rows - np.maximum.accumulate(np.where(starts, rows, 0))
