"""Damage as real records have it, a few rows in a thousand of each kind.

A run reads over all of it: `check --rows` and `dirt.json` say what was found. What
would end a run, such as words outside the categories of a table, is not among it.
"""

import datetime
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from extractors.late import pc
from extractors.model.schema import Column, TableSchema
from extractors.model.types import is_code
from extractors.trial.dice import Array, Rng, chance

TWICE = 0.01  # rows that are there again
# what systems write where a date is not known
OLD_DATE, OLD = 0.003, datetime.date(1900, 1, 1)
FAR_DATE, FAR = 0.001, datetime.date(2099, 12, 31)  # a mistyped year
SLIPPED = 0.002  # numbers with the decimal point a place too far right
ZERO = 0.003  # numbers that were never measured
BLANKS = 0.002  # codes with a blank behind them


def dirtied(rng: Rng, schema: TableSchema, table: pa.Table) -> pa.Table:
    """The same rows with some damage; a patient has one row still where a table
    promises it.
    """
    for column in schema.columns:
        place = table.schema.get_field_index(column.name)
        damaged = _damaged(rng, column, table.column(place).combine_chunks())
        table = table.set_column(place, table.schema.field(place), damaged)
    if schema.one_row or not table.num_rows:
        return table
    again = np.flatnonzero(chance(rng, TWICE, table.num_rows))
    return table.take(
        pa.array(np.sort(np.concatenate([np.arange(table.num_rows), again])))
    )


def _damaged(rng: Rng, column: Column, values: pa.Array) -> pa.Array:
    n = len(values)
    if column.required:
        return values
    if column.type is datetime.date and not column.first_of_month:
        old = pc.if_else(_some(rng, OLD_DATE, n), pa.scalar(OLD, pa.date32()), values)
        return pc.if_else(_some(rng, FAR_DATE, n), pa.scalar(FAR, pa.date32()), old)
    if column.type is float:
        slipped = pc.if_else(_some(rng, SLIPPED, n), pc.multiply(values, 10.0), values)
        return pc.if_else(
            _some(rng, ZERO, n), pc.if_else(values.is_valid(), 0.0, None), slipped
        )
    if is_code(column.type):
        return _reworded(rng, BLANKS, values, lambda word: f"{word} ")
    return values


def _reworded(
    rng: Rng, share: float, values: pa.Array, change: Callable[[str], str]
) -> pa.Array:
    """Some of the words as they are after a change."""
    kind = values.type
    if not pa.types.is_dictionary(kind):
        return values
    words = values.dictionary.to_pylist()
    pool = list(dict.fromkeys([*words, *(change(word) for word in words if word)]))
    place = {word: position for position, word in enumerate(pool)}
    usual = np.array([place[word] for word in words] or [0])
    odd = np.array(
        [place[change(word)] if word else place[word] for word in words] or [0]
    )
    index = pc.fill_null(values.indices, 0).to_numpy(zero_copy_only=False)
    chosen: Array = np.where(chance(rng, share, len(values)), odd[index], usual[index])
    mask = values.is_null().to_numpy(zero_copy_only=False)
    indices = pa.array(chosen.astype(np.int32), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(pool, kind.value_type))


def _some(rng: Rng, share: float, n: int) -> pa.Array:
    return pa.array(chance(rng, share, n))
