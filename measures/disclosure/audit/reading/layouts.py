"""The layouts that a release's file has had, each turned into a column for every group.

A release today writes `measures.csv` with a column `group`: a JSON array with the
values of the columns that `group_by` names. Parquet, the files of one measure, ehrQL's
files and what older versions wrote have a column for each group. Older versions called
the range of a ratio otherwise.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from extractors.errors import ArgumentsError

Texts = dict[str, list[str | None]]

TIDY = frozenset({"measure", "group_by", "group", "ratio_at_least"})
OLDER = {"ratio_low": "ratio_at_least", "ratio_high": "ratio_at_most"}


def is_tidy(names: Sequence[str]) -> bool:
    """Whether a CSV file with these columns says its groups as JSON."""
    return set(names) >= TIDY


def renamed(texts: Mapping[str, list[str | None]]) -> Texts:
    """The columns under the names of today."""
    if "ratio_at_least" in texts:
        return dict(texts)
    return {OLDER.get(name, name): values for name, values in texts.items()}


def widened(path: Path, texts: Texts) -> Texts:
    """A column for each group in the place of the one with JSON.

    Raises ArgumentsError for a row whose `group` does not fit its `group_by`; the
    message has no value.
    """
    found = dict(texts)
    said = list(zip(found.pop("group_by"), found.pop("group"), strict=True))
    names: set[str] = set()
    for by in {by for by, _ in said}:
        names |= set(_names(by))
    columns: Texts = {name: [None] * len(said) for name in sorted(names)}
    known: dict[tuple[str | None, str | None], dict[str, str | None]] = {}
    for row, pair in enumerate(said):
        if pair not in known:
            known[pair] = _values(path, row, *pair)
        for name, value in known[pair].items():
            columns[name][row] = value
    return {**found, "group_by": [by for by, _ in said], **columns}


def _names(group_by: str | None) -> list[str]:
    return [name for name in (group_by or "").split("+") if name]


def _values(
    path: Path, row: int, group_by: str | None, group: str | None
) -> dict[str, str | None]:
    names = _names(group_by)
    try:
        values = json.loads(group or "")
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != len(names):
        raise ArgumentsError(
            f"{path.name}: the column group needs a JSON array with a value for each name "
            f"in group_by, in row {row + 1} below the header"
            f": {path}"
        )
    return {name: _text(value) for name, value in zip(names, values, strict=True)}


def _text(value: object) -> str | None:
    """As a column of its own has it in CSV."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)
