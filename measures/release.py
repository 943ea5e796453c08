"""The bundle that may be looked at outside, written from ReleasedCounts and nothing else.

The folder is replaced as a whole: a new one is written beside it, synced to disk, and swapped in by
two renames. A crash leaves the old release or the new one; between the two renames it leaves none,
and `restore` (or the next release) puts the old one back.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.disk import sync
from extractors.fingerprint import file_hash
from extractors.late import pc
from measures.disclosure.types import PARTS, RELEASED, MeasureShape, ReleasedCounts, ensure

MANIFEST = "manifest.json"
ROWS_AT_ONCE = 50_000  # of CSV; about 10 MB of text in memory

# How CSV says NULL and "". A group may have both, so they differ; the total has just an empty group_by.
NULL, EMPTY, REDACTED = "", '""', "[REDACTED]"
SAYS = {**dict.fromkeys(PARTS, (REDACTED, EMPTY)), "group_by": (NULL, "")}


@dataclass(frozen=True)
class Headline:
    """What the closing table says of a measure: its total in the last interval, NULL if redacted.

    `periods`: number of intervals. `redacted_share`: of the counts of the total, 0 to 1.
    """

    measure: str
    periods: int
    interval_start: date
    interval_end: date
    numerator: int | None
    denominator: int | None
    ratio: float | None
    redacted_share: float


def headlines(released: ReleasedCounts) -> list[Headline]:
    """One for each ungrouped measure, in the order of the release."""
    totals = released.table.filter(pc.equal(released.table["group_by"], ""))
    names = pc.unique(totals["measure"]).to_pylist()
    return [_headline(totals.filter(pc.equal(totals["measure"], name))) for name in names]


def _headline(total: pa.Table) -> Headline:
    last = total.slice(len(total) - 1).to_pylist()[0]
    redacted = sum(total[name].null_count for name in PARTS)
    columns = ("measure", "interval_start", "interval_end", *PARTS, "ratio")
    return Headline(
        periods=len(total),
        redacted_share=redacted / (len(PARTS) * len(total)),
        **{name: last[name] for name in columns},
    )


def write_release(
    released: ReleasedCounts, folder: Path, manifest: Mapping, *, audit: Mapping[str, Any] | None = None
) -> None:
    """Replace `folder` by the release of these counts; identical input gives identical bytes.

    `manifest` says how the numbers were made (JSON values; it comes to lie beside what this room
    knows), `audit` what an attacker would learn from them. Raises TypeError for anything but released counts.
    """
    if type(released) is not ReleasedCounts:
        raise TypeError(f"Only ReleasedCounts may be written for people, not {type(released).__name__}.")
    restore(folder)
    fresh = _beside(folder, "new")
    fresh.mkdir(parents=True)
    try:
        for write in WRITERS:
            write(released, fresh)
        if audit is not None:
            (fresh / "audit.json").write_bytes(_json(audit))
        _write_manifest(released, fresh, manifest)
        for path in (*fresh.rglob("*"), fresh):
            sync(path)
        _swap(fresh, folder)
    except Exception:
        shutil.rmtree(fresh, ignore_errors=True)  # there was no room for all of it, say
        raise


def is_torn(folder: Path) -> bool:
    """Whether `write_release` is at work there, or has crashed."""
    return any(_beside(folder, suffix).exists() for suffix in ("old", "new"))


def restore(folder: Path) -> None:
    """Tidy up after a crash in the middle of `write_release`: the last whole release is in its place.

    For whoever may write a release there, and nobody else at that time: what another is writing would be gone.
    """
    old = _beside(folder, "old")
    if old.exists() and not folder.exists():
        os.rename(old, folder)
    for leftover in (old, _beside(folder, "new")):
        if leftover.exists():
            shutil.rmtree(leftover)


def _swap(fresh: Path, folder: Path) -> None:
    if folder.exists():
        os.rename(folder, _beside(folder, "old"))
    try:
        os.rename(fresh, folder)
    except OSError:
        restore(folder)
        raise
    sync(folder.parent)
    restore(folder)


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f".{folder.name}.{suffix}")


def _write_csv(released: ReleasedCounts, folder: Path) -> None:
    _write_table(released.table, folder / "measures.csv")


def _write_parquet(released: ReleasedCounts, folder: Path) -> None:
    pq.write_table(released.table, folder / "measures.parquet", compression="zstd")


def _write_measures(released: ReleasedCounts, folder: Path) -> None:
    (folder / "measures").mkdir()
    shapes: dict[str, list[MeasureShape]] = {}
    for shape in released.measures:
        shapes.setdefault(shape.name, []).append(shape)
    for name, same_name in shapes.items():
        used = {group for shape in same_name for group in shape.group_by}
        groups = [group for group in released.groups if group in used]
        columns = ["interval_start", "interval_end", "ratio", *PARTS, *groups]
        rows = released.table.filter(pc.equal(released.table["measure"], name))
        _write_table(rows.select(columns), folder / "measures" / f"{name}.csv")


def _write_revisions(released: ReleasedCounts, folder: Path) -> None:
    """Which intervals changed after they were released; no file if none did."""
    if released.revisions is not None and len(released.revisions):
        _write_table(released.revisions, folder / "revisions.csv")


def _write_redactions(released: ReleasedCounts, folder: Path) -> None:
    """Every row with a redacted count, and why each of its counts is; an empty reason: it is shown."""
    table = released.table.drop_columns(list(RELEASED))
    for name in PARTS:
        table = table.append_column(f"{name}_redacted", released.reasons[name])
    hidden = pc.or_(pc.is_valid(released.reasons["numerator"]), pc.is_valid(released.reasons["denominator"]))
    _write_table(table.filter(hidden), folder / "redactions.csv")


# What a release consists of, beside audit.json; charts/ and report.html join this list, the manifest comes last.
WRITERS: tuple[Callable[[ReleasedCounts, Path], None], ...] = (
    _write_csv, _write_parquet, _write_measures, _write_redactions, _write_revisions,
)  # fmt: skip


def _write_manifest(released: ReleasedCounts, folder: Path, manifest: Mapping) -> None:
    known = {"disclosure": _disclosure(released), "files": _hashes(folder), "rows": len(released.table)}
    ensure(not known.keys() & manifest.keys(), f"the manifest already has some of {', '.join(known)}")
    (folder / MANIFEST).write_bytes(_json({**manifest, **known}))


def _json(data: Mapping) -> bytes:
    text = json.dumps(data, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _disclosure(released: ReleasedCounts) -> dict:
    return {
        "policy": released.policy,
        "rules": list(released.rules),
        "redacted": {name: released.table[name].null_count for name in PARTS},
        "reasons": {name: _tally(released.reasons[name]) for name in PARTS},
        **released.notes,
    }


def _tally(reasons: pa.ChunkedArray) -> dict[str, int]:
    tally = pc.value_counts(reasons.cast(pa.string()).drop_null()).to_pylist()
    return {entry["values"]: entry["counts"] for entry in tally}


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}


def _write_table(table: pa.Table, path: Path) -> None:
    """RFC 4180 with \\n: ISO dates, T and F, floats in full; NULL and empty text as in `SAYS`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(table.column_names) + "\n")
        for start in range(0, len(table), ROWS_AT_ONCE):
            lines = _lines(table.slice(start, ROWS_AT_ONCE))
            file.writelines(f"{line}\n" for line in lines.to_pylist())


def _lines(table: pa.Table) -> pa.Array:
    cells = [_cells(table[name], *SAYS.get(name, (NULL, EMPTY))) for name in table.column_names]
    return pc.binary_join_element_wise(*cells, ",")


def _cells(column: pa.ChunkedArray, null: str, empty: str) -> pa.Array:
    """The text of every value; formatted once for each distinct one."""
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    texts = pa.array([*(_cell(value) or empty for value in encoded.dictionary.to_pylist()), null], pa.string())
    return texts.take(encoded.indices.fill_null(len(texts) - 1))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    needs_quotes = any(mark in text for mark in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if needs_quotes else text
