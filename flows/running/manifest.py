"""The part of a release's manifest that says how the numbers were made."""

import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.preparing.prepared import Prepared
from flows.workspace.judging import uncounted
from measures.disclosure.memory.keys import Key

PACKAGES = ("cohortflow", "duckdb", "highspy", "pyarrow")


def manifest(prepared: Prepared, warnings: Iterable[str], key: Key) -> dict[str, Any]:
    """What the release says of how it was made: hashes, versions, plan; no times and no paths.

    Hashes of records are hashed again with the key: whoever knows all records but one could try out that one.
    """
    study = prepared.study
    return {
        "study": study.name,
        "definition": study.definition_hash,
        "codelists": {each.name: each.sha256 for each in study.codelists},
        "records": {"kind": _kind(prepared), "fingerprint": _hidden(prepared.records.fingerprint, key)},
        "snapshot": _hidden(prepared.snapshot_key, key),
        "periods": len(prepared.jobs),
        "kinds": {name: part.kind for name, part in prepared.parts.items()},
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in PACKAGES}},
        "warnings": [uncounted(warning) for warning in warnings],
    }


def _hidden(fingerprint: str, key: Key) -> str:
    return fingerprint if key.public else key.digest("records", fingerprint).hex()[: len(fingerprint)]


def _kind(prepared: Prepared) -> str:
    """As the manifest may say it: `trial`, what stands before a colon, or the kind of file; no path."""
    where = prepared.records.where
    if prepared.records.made_up:
        return where
    return where.partition(":")[0] if ":" in where else Path(where).suffix or "tables"
