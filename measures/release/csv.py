"""Released counts as CSV, which spreadsheets open.

The name of a group is a text that a person once typed into the records, and a spreadsheet runs a text
that begins as a formula does, hides a mark of direction, and breaks a line where one is
written. So texts are escaped as in Python and JSON: a backslash is two, and a character
that must not be where it is becomes `\\u` and four hexadecimal digits, or `\\U` and
eight. Read backwards (`audit/reading/files.py`) this gives every text as it was.
"""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractors.late import pc
from measures.counts.columns import PARTS

ROWS_AT_ONCE = 50_000  # of CSV; about 10 MB of text in memory

# How CSV says NULL and "". A group may have both, so they differ; the total has just an
# empty group_by.
NULL, EMPTY, REDACTED = "", '""', "[REDACTED]"
SAYS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(map(str, PARTS), (REDACTED, EMPTY)),
    "group_by": (NULL, ""),
}


# What a spreadsheet takes for the beginning of a formula, also in the wide letters of
# East Asia.
FORMULA = re.compile(r"\A(\s*)([=+\-@＝＋－＠])")
MARK = re.compile(r"\A(\s*)(\[)(?=redacted\]\s*\Z)", re.IGNORECASE)
# Control characters; marks without width and of direction; breaks of lines and
# paragraphs; what is no character.
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})


# Columns whose text is JSON: its own escapes do, and it begins with a bracket.
JSON = frozenset({"group"})


def write_tidy(table: pa.Table, path: Path) -> None:
    """As `write_table`; the column `group` is JSON and stays as it is."""
    _write(table, path, JSON)


def write_table(table: pa.Table, path: Path) -> None:
    """RFC 4180 with \\n: ISO dates, T and F, floats in full; NULL and empty text as in
    `SAYS`.
    """
    _write(table, path, frozenset())


def _write(table: pa.Table, path: Path, plain: frozenset[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(table.column_names) + "\n")
        for start in range(0, len(table), ROWS_AT_ONCE):
            lines = _lines(table.slice(start, ROWS_AT_ONCE), plain)
            file.writelines(f"{line}\n" for line in lines.to_pylist())


def _lines(table: pa.Table, plain: frozenset[str]) -> pa.Array:
    cells = []
    for name in table.column_names:
        null, empty = SAYS.get(name, (NULL, EMPTY))
        written = _quoted if name in plain else _cell
        cells.append(_cells(table[name], null, empty, written))
    return pc.binary_join_element_wise(*cells, ",")


def _cells(
    column: pa.ChunkedArray, null: str, empty: str, written: Callable[[Any], str]
) -> pa.Array:
    """The text of every value; formatted once for each distinct one."""
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    texts = pa.array(
        [*(written(value) or empty for value in encoded.dictionary.to_pylist()), null],
        pa.string(),
    )
    return texts.take(encoded.indices.fill_null(len(texts) - 1))


def escaped(text: str) -> str:
    """A text that a spreadsheet shows as it is, and that no other text is written
    as.
    """
    for mark in (FORMULA, MARK):
        found = mark.match(text)
        if found:
            return _seen(found[1]) + _code(found[2]) + _seen(text[found.end() :])
    return _seen(text)


def _seen(text: str) -> str:
    doubled = text.replace("\\", "\\\\")
    return "".join(
        _code(each) if unicodedata.category(each) in UNSEEN else each
        for each in doubled
    )


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, float):
        return repr(value)
    return _quoted(escaped(value) if isinstance(value, str) else str(value))


def _quoted(text: str) -> str:
    needs_quotes = any(mark in text for mark in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if needs_quotes else text
