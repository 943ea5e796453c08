"""What was released before, in short, so that an output checker sees what differs.

The release before lay in the same folder. A run that releases the same numbers again
keeps the file as it is, so no byte changes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractors.errors import CohortflowError
from extractors.late import pc
from measures.release.files import PARQUET
from measures.release.reading import read_before, read_manifest, released_table


def before(folder: Path, definition: str, numbers: str) -> dict[str, Any] | None:
    """Of the release that another with this definition and this hash of its numbers
    replaces; None: of none.
    """
    try:
        manifest = read_manifest(folder)
    except CohortflowError:  # of a newer version, or damaged: nothing is known of it
        return None
    files = manifest.get("files", {})
    if not files:
        return None
    if manifest.get("definition", "") == definition and files.get(PARQUET) == numbers:
        return read_before(folder) or None
    return _summary(folder, manifest)


def _summary(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any] | None:
    table = released_table(
        folder, ["measure", "group_by", "interval_start", "interval_end"]
    )
    if table is None or not len(table):
        return None
    pairs = (
        table.select(["measure", "group_by"])
        .group_by(["measure", "group_by"])
        .aggregate([])
        .to_pylist()
    )
    return {
        "definition": manifest.get("definition", ""),
        "policy": manifest.get("disclosure", {}).get("policy", ""),
        "release": manifest.get("disclosure", {})
        .get("ledger", {})
        .get("last_change", {})
        .get("release", 0),
        "measures": {
            pair["measure"]: pair["group_by"]
            for pair in sorted(pairs, key=lambda pair: pair["measure"])
        },
        "first": str(pc.min(table["interval_start"]).as_py()),
        "last": str(pc.max(table["interval_end"]).as_py()),
        "rows": len(table),
    }
