"""Released files as releases: ours (measures.csv, .parquet), ehrQL's one per measure,
or ehrQL's combined one.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from extractors.errors import ArgumentsError
from measures.disclosure.audit.reading.layouts import is_tidy, renamed, widened
from measures.disclosure.audit.reading.rows import BESIDE, FIXED

Parse = Callable[[Path, str, int, str | None], Any]

COUNTS = ("numerator", "denominator")
RATIOS = ("ratio", "ratio_at_least", "ratio_at_most")
DAYS = ("interval_start", "interval_end")
# how a count is left out
REDACTED = re.compile(r"\s*(\[.*\]|\*|c|-|<.*|redacted|suppressed|)\s*", re.IGNORECASE)
# how a release writes what a spreadsheet would run or hide
ESCAPED = re.compile(r"\\(\\|u[0-9a-f]{4}|U[0-9a-f]{8})")
WHOLE = re.compile(r"\s*-?\d+(\.0*)?\s*")


def read_releases(paths: Sequence[Path]) -> list[pa.Table]:
    """Files in the order given; a measure that comes again begins the next release.

    Raises ArgumentsError for a file that is missing, unreadable or in no known layout.
    """
    releases: list[list[pa.Table]] = []
    seen: set[tuple[str, str]] = set()
    for path in paths:
        table = read_table(path)
        measures = set()
        for measure in table["measure"].unique().to_pylist():
            measures.add((measure, _part(path, measure)))
        if not releases or measures & seen:
            releases.append([])
            seen = set()
        releases[-1].append(table)
        seen |= measures
    return [pa.concat_tables(tables, promote_options="default") for tables in releases]


def read_table(path: Path) -> pa.Table:
    """One file in the columns of measures.csv, group values as text."""
    texts = _texts(path)
    missing = [name for name in (*DAYS, *COUNTS) if name not in texts]
    if missing:
        raise ArgumentsError(
            f"{path.name} has no column {', '.join(missing)}; give a measures.csv of "
            "ours, or a file of one measure as ehrQL writes it (interval_start, "
            "interval_end, ratio, numerator, denominator and its groups)"
            f": {path}"
        )
    rows = len(texts[DAYS[0]])
    groups = {
        name: values for name, values in texts.items() if name not in (*FIXED, *BESIDE)
    }
    measures = texts.get("measure", [_measure(path)] * rows)
    groupings = texts.get("group_by", _groupings(measures, groups))
    nothing: list[str | None] = [None] * rows
    columns = {
        "measure": pa.array(measures, pa.string()),
        **{
            name: pa.array(_parsed(path, name, texts[name], _day), pa.date32())
            for name in DAYS
        },
        "group_by": pa.array([each or "" for each in groupings], pa.string()),
        **{name: pa.array(values, pa.string()) for name, values in groups.items()},
        **{
            name: pa.array(_parsed(path, name, texts[name], _count), pa.int64())
            for name in COUNTS
        },
        **{
            name: pa.array(
                _parsed(path, name, texts.get(name, nothing), _ratio), pa.float64()
            )
            for name in RATIOS
        },
        "status": pa.array(texts.get("status", nothing), pa.string()),
    }
    return pa.table(columns)


def _measure(path: Path) -> str:
    """The measure that a file of one is of. Large ones have a file for each year:
    `bp.2020.csv`.
    """
    return path.name.partition(".")[0]


def _part(path: Path, measure: str) -> str:
    """Which part of a measure a file holds, if it is named after it: `2020` of
    `bp.2020.csv`.
    """
    name, _, part = path.stem.partition(".")
    return part if name == measure else ""


def _parsed(path: Path, name: str, texts: Sequence[str | None], parse: Parse) -> list:
    return [parse(path, name, row, text) for row, text in enumerate(texts)]


def _texts(path: Path) -> dict[str, list[str | None]]:
    """All columns as text; an empty field is None unless it is quoted."""
    try:
        table = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    except FileNotFoundError:
        raise ArgumentsError(f"There is no file {path}.") from None
    except (OSError, pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise ArgumentsError(
            f"{path.name} cannot be read as a table ({type(error).__name__}): {path}"
        ) from None
    texts = {
        name: [_text(value) for value in table[name].to_pylist()]
        for name in table.column_names
    }
    if path.suffix == ".parquet":
        return renamed(texts)
    if is_tidy(table.column_names):
        return widened(path, texts)
    for name in texts.keys() - {*FIXED, *BESIDE}:
        texts[name] = list(map(_unescaped, texts[name]))
    return renamed(texts)


def _unescaped(text: str | None) -> str | None:
    """A group as it was before it was written for spreadsheets."""
    return text if text is None else ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    said = found[1]
    if said == "\\":
        return said
    number = int(said[1:], 16)
    return chr(number) if number <= sys.maxunicode else found[0]


def _parquet(path: Path) -> pa.Table:
    # opened by us: to Arrow a relative path that begins with s3: is a place elsewhere
    with path.open("rb") as file:
        return pq.read_table(file)


def _csv(path: Path) -> pa.Table:
    with csv.open_csv(path) as first:
        names = first.schema.names
    # An empty field is NULL; a quoted one is a group whose name is empty.
    options = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    return csv.read_csv(path, convert_options=options)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)


def _groupings(
    measures: Sequence[str | None], groups: Mapping[str, Sequence[str | None]]
) -> list[str]:
    """Where no column tells: a measure is grouped by what has a value in any of its
    rows.
    """
    used: dict[str | None, set[str]] = defaultdict(set)
    for name, values in groups.items():
        for measure, value in zip(measures, values, strict=True):
            if value is not None:
                used[measure].add(name)
    texts = {measure: "+".join(sorted(used[measure])) for measure in set(measures)}
    return [texts[measure] for measure in measures]


def _day(path: Path, name: str, row: int, text: str | None) -> date:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        raise _unreadable(path, name, row, "a date like 2020-03-30") from None


def _count(path: Path, name: str, row: int, text: str | None) -> int | None:
    """None for what is redacted. The message has no value: a person may be trying raw
    counts.
    """
    if text is None or REDACTED.fullmatch(text):
        return None
    if not WHOLE.fullmatch(text):
        raise _unreadable(path, name, row, "a whole number or a mark like [REDACTED]")
    return int(float(text))


def _ratio(path: Path, name: str, row: int, text: str | None) -> float | None:
    if text is None or REDACTED.fullmatch(text):
        return None
    try:
        return float(text)
    except ValueError:
        raise _unreadable(path, name, row, "a number") from None


def _unreadable(path: Path, name: str, row: int, wanted: str) -> ArgumentsError:
    return ArgumentsError(
        f"{path.name}: the column {name} needs {wanted} in row {row + 1} below the header"
        f": {path}"
    )
