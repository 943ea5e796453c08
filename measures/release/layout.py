"""The columns of the tidy form, and how the groups of a row are written in it."""

import json
import unicodedata
from datetime import date

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
