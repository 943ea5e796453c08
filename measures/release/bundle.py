"""The bundle that may be looked at outside, written from ReleasedCounts and nothing
else.

The folder is replaced as a whole: a new one is written beside it, synced to disk, and
swapped in by two renames. A crash leaves the old release or the new one; between the
two renames it leaves none, and `restore` (or the next release) puts the old one back.
"""

import json
import re
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.disk import sync
from extractors.errors import ensure
from extractors.fingerprint import file_hash
from extractors.late import pc
from measures.counts.columns import PARTS
from measures.disclosure.types import ReleasedCounts
from measures.release.before import before
from measures.release.csv import write_table, write_tidy
from measures.release.deciles import deciles_of
from measures.release.dictionary import dictionary
from measures.release.files import (
    ASKED,
    ASKED_FORMAT,
    AUDIT,
    BEFORE,
    BEFORE_FORMAT,
    CSV,
    DECILES,
    DICTIONARY,
    MANIFEST,
    MANIFEST_FORMAT,
    MEASURES,
    PARQUET,
    README,
    REDACTIONS,
    REVISIONS,
    SITES,
    STANDARDISED,
)
from measures.release.layout import places_by_measure
from measures.release.manifest_measures import measures_for_manifest
from measures.release.old_deciles import write_old_deciles
from measures.release.old_files import write_old
from measures.release.parts import parts_of
from measures.release.readme import readme
from measures.release.standardised import standardised_of
from measures.release.swapping import beside, restore, swap
from measures.release.tidy import tidy
from measures.release.wide import RATES, Wide, wide

# of a release: it is not for everybody on the machine
FOLDER_MODE, FILE_MODE = 0o750, 0o640


def write_release(
    released: ReleasedCounts,
    folder: Path,
    manifest: Mapping,
    *,
    audit: Mapping[str, Any] | None = None,
    asked: Mapping[str, Any] | None = None,
    old: Mapping[str, Sequence[str]] | None = None,
    sites: pa.Table | None = None,
    report: Callable[[Path], None] | None = None,
) -> None:
    """Replace `folder` by the release of these counts: same input, same bytes.

    `manifest` says how the numbers were made (JSON values), `audit` what an attacker
    would learn from them, `asked` what the definition asks, in words, `old` how a study
    of the old language calls the columns of its measures (`old_files.py`), `sites` what
    is known of sums over several sites. `report` adds pages and pictures to a folder
    that holds all of this. Raises TypeError for anything but released counts.
    """
    if type(released) is not ReleasedCounts:
        kind = type(released).__name__
        raise TypeError(f"Only ReleasedCounts may be written for people, not {kind}.")
    restore(folder)
    fresh = beside(folder, "new")
    fresh.mkdir(parents=True, mode=0o700)
    try:
        rows = wide(released)
        for write in WRITERS:
            write(rows, fresh)
        write_old(rows, old or {}, fresh)
        write_old_deciles(deciles_of(released), old or {}, fresh)
        if sites is not None:
            write_tidy(sites, fresh / SITES)
        definition, numbers = manifest.get("definition", ""), file_hash(fresh / PARQUET)
        known = before(folder, definition, numbers)
        _write_json(fresh / AUDIT, audit)
        _write_json(fresh / BEFORE, known or None, BEFORE_FORMAT)
        _write_json(fresh / ASKED, asked, ASKED_FORMAT)
        write_table(dictionary(rows, fresh, manifest), fresh / DICTIONARY)
        words = readme(fresh, manifest, released.rules)
        (fresh / README).write_text(words, encoding="utf-8")
        _write_manifest(rows, fresh, manifest)
        if report is not None:
            report(fresh)
            _write_manifest(rows, fresh, manifest)
        _settle(fresh)
        swap(fresh, folder)
    except Exception:
        shutil.rmtree(fresh, ignore_errors=True)  # there was no room for all of it, say
        raise


def _write_json(
    path: Path, data: Mapping[str, Any] | None, version: int | None = None
) -> None:
    """No file where there is nothing to say. `version`: of the file's format, if it
    does not say it itself.
    """
    if data is not None:
        said = {} if version is None else {"format": version}
        path.write_bytes(_json({**said, **data}))


def _settle(folder: Path) -> None:
    """All of it may be read by those who may, and is on the disk."""
    for path in (*folder.rglob("*"), folder):
        _share(path)
        sync(path)


def _share(path: Path) -> None:
    """Owner and group may read it, whatever the umask is; a folder keeps what hands its
    group on.
    """
    found = path.stat().st_mode
    path.chmod(FOLDER_MODE | found & stat.S_ISGID if stat.S_ISDIR(found) else FILE_MODE)


def _write_csv(rows: Wide, folder: Path) -> None:
    write_tidy(tidy(rows), folder / CSV)


def _write_parquet(rows: Wide, folder: Path) -> None:
    pq.write_table(rows.table, folder / PARQUET, compression="zstd")


def _write_measures(rows: Wide, folder: Path) -> None:
    """A file for each measure, in the columns that ehrQL's have; of a large one,
    several.
    """
    (folder / MEASURES).mkdir()
    used: dict[str, set[str]] = {}
    for shape in rows.released.measures:
        if not shape.over:
            used.setdefault(shape.name, set()).update(shape.group_by)
    places = places_by_measure(used, rows.table)
    for name, of_measure in used.items():
        groups = [group for group in rows.groups if group in of_measure]
        columns = ["interval_start", "interval_end", "ratio", *PARTS, *groups]
        mine = rows.table.take(places[name])
        for part, table in parts_of(mine).items():
            write_table(table.select(columns), folder / MEASURES / f"{name}{part}.csv")


def _write_deciles(rows: Wide, folder: Path) -> None:
    """Deciles over units, of which nothing else is written; no folder if no measure has
    them.
    """
    _write_each(deciles_of(rows.released), folder / DECILES)


def _write_standardised(rows: Wide, folder: Path) -> None:
    """Standardised rates; no folder if no measure has them."""
    _write_each(standardised_of(rows.released), folder / STANDARDISED)


def _write_each(tables: Mapping[str, pa.Table], folder: Path) -> None:
    for name, table in tables.items():
        folder.mkdir(exist_ok=True)
        for part, rows in parts_of(table).items():
            write_tidy(rows, folder / f"{name}{part}.csv")


def _write_revisions(rows: Wide, folder: Path) -> None:
    """Which intervals changed after they were released; no file if none did."""
    revisions = rows.released.revisions
    if revisions is not None and len(revisions):
        write_table(revisions, folder / REVISIONS)


def _write_redactions(rows: Wide, folder: Path) -> None:
    """Every row with a redacted count, and why each of its counts is; an empty reason:
    it is shown.
    """
    reasons = rows.released.reasons.filter(rows.shown)
    table = rows.table.drop_columns(list(RATES))
    for name in PARTS:
        table = table.append_column(f"{name}_redacted", reasons[name])
    hidden = pc.or_(
        pc.is_valid(reasons["numerator"]), pc.is_valid(reasons["denominator"])
    )
    write_table(table.filter(hidden), folder / REDACTIONS)


# What a release consists of, beside audit.json, asked.json and the report; the manifest
# comes last.
WRITERS: tuple[Callable[[Wide, Path], None], ...] = (
    _write_csv, _write_parquet, _write_measures, _write_deciles, _write_standardised, _write_redactions,
    _write_revisions,
)  # fmt: skip


def _write_manifest(rows: Wide, folder: Path, manifest: Mapping) -> None:
    known = {
        "format": MANIFEST_FORMAT,
        "disclosure": _disclosure(rows),
        "files": _hashes(folder),
        "measures": measures_for_manifest(rows.released),
        "rows": len(rows.table),
    }
    ensure(
        not known.keys() & manifest.keys(),
        f"the manifest already has some of {', '.join(known)}",
    )
    (folder / MANIFEST).write_bytes(_json({**manifest, **known}))


def _json(data: Mapping) -> bytes:
    """What is not seen, such as a mark of direction in the name of a group, is one of
    JSON's own escapes.
    """
    text = json.dumps(
        data, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False
    )
    return f"{UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)}\n".encode()


# The marks of direction and those without width; control characters JSON escapes
# itself.
UNSEEN = re.compile(r"[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def _disclosure(rows: Wide) -> dict:
    released = rows.released
    reasons = released.reasons.filter(rows.shown)
    return {
        "policy": released.policy,
        "rules": list(released.rules),
        "redacted": {name: rows.table[name].null_count for name in PARTS},
        "reasons": {name: _tally(reasons[name]) for name in PARTS},
        **released.notes,
    }


def _tally(reasons: pa.ChunkedArray) -> dict[str, int]:
    tally = pc.value_counts(reasons.cast(pa.string()).drop_null()).to_pylist()
    return {entry["values"]: entry["counts"] for entry in tally}


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST
    )
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}
