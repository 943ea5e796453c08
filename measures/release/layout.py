"""The columns of the tidy form, how the groups of a row are written in it, and where
the rows of a measure are.
"""

import json
import unicodedata
from collections.abc import Collection
from datetime import date

import numpy as np
import pyarrow as pa

from extractors.late import pc
from extractors.ranks import places_of
from measures.counts.columns import PARTS

COLUMNS = (
    "measure",
    "interval_start",
    "interval_end",
    "group_by",
    "group",
    *map(str, PARTS),
    "ratio",
    "ratio_at_least",
    "ratio_at_most",
    "ci_low",
    "ci_high",
    "status",
)
# What JSON may hold unescaped and a spreadsheet hides: marks of direction and without
# width, control characters, breaks of lines and paragraphs, and what is no character.
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})


def names_of(grouping: str) -> tuple[str, ...]:
    """The groups that a grouping names: none for the total, ""."""
    return tuple(grouping.split("+")) if grouping else ()


def places_by_measure(
    measures: Collection[str], table: pa.Table
) -> dict[str, np.ndarray]:
    """Where the rows of each of some measures are, in their order."""
    known = pa.array(list(measures), pa.string())
    names = table["measure"].cast(pa.string())
    numbers = pc.index_in(names, value_set=known)
    places = places_of(numbers.fill_null(-1).to_numpy(), len(known))
    return dict(zip(measures, places, strict=True))


def as_json(values: tuple[object, ...]) -> str:
    """As `["female", null]`; what a spreadsheet hides is one of JSON's own escapes."""
    text = json.dumps([_value(value) for value in values], ensure_ascii=False)
    return "".join(map(_visible, text))


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _visible(character: str) -> str:
    if unicodedata.category(character) in UNSEEN:
        return json.dumps(character)[1:-1]
    return character
