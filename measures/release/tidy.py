"""The tidy form: the same thirteen columns for every study, one row per cell, for programs."""

import json
import unicodedata
from datetime import date

import pyarrow as pa

from measures.counts.columns import PARTS
from measures.release.wide import Wide

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
# What JSON may hold unescaped and a spreadsheet hides: marks of direction and without width,
# control characters, breaks of lines and paragraphs, and what is no character.
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})


def tidy(wide: Wide) -> pa.Table:
    """The rows with their groups in one column, `group`.

    It holds a JSON array with the value of each column that `group_by` names, in their order:
    `null` for a missing value, `[]` for the total.
    """
    group = pa.array(_groups(wide), pa.string())
    place = wide.table.column_names.index("group_by") + 1
    return wide.table.add_column(place, "group", group).select(COLUMNS)


def _groups(wide: Wide) -> list[str]:
    groupings = wide.table["group_by"].to_pylist()
    columns = {name: wide.table[name].to_pylist() for name in wide.groups}
    known: dict[tuple[object, ...], str] = {}
    said = []
    for row, grouping in enumerate(groupings):
        values = tuple(columns[name][row] for name in names_of(grouping))
        # True equals 1, so the type is part of what a value is known by
        key = (*values, *map(type, values))
        if key not in known:
            known[key] = as_json(values)
        said.append(known[key])
    return said


def names_of(grouping: str) -> tuple[str, ...]:
    """The groups that a grouping names: none for the total, ""."""
    return tuple(grouping.split("+")) if grouping else ()


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
