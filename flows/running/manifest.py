"""The part of a release's manifest that says how the numbers were made."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from flows.preparing.prepared import Prepared
from flows.preparing.records import Records
from measures.disclosure.memory.keys import Key
from measures.study import Study

PACKAGES = ("cohortflow", "duckdb", "highspy", "pyarrow", "scipy")


def manifest_of(
    prepared: Prepared, key: Key, warnings: Iterable[str]
) -> dict[str, Any]:
    """As `manifest`, of a run."""
    return manifest(
        prepared.study,
        prepared.records,
        key,
        snapshot=prepared.places.snapshot_key,
        kinds={name: part.kind for name, part in prepared.parts_by_title.items()},
        released=list(prepared.jobs),
        warnings=warnings,
    )


def manifest(
    study: Study,
    records: Records,
    key: Key,
    *,
    snapshot: str,
    kinds: Mapping[str, str],
    released: Sequence[str],
    warnings: Iterable[str],
) -> dict[str, Any]:
    """What the release says of how it was made: hashes, versions, plan; no times and no
    paths.

    `snapshot`: its key. `kinds`: how each series was computed. `released`: the names of
    its periods.

    Hashes of records are hashed again with the key: a reader who knows all records but
    one could try out that one.
    """
    return {
        "study": study.name,
        "definition": study.definition_hash,
        "codelists": {each.name: each.sha256 for each in study.codelists},
        **({"concept_sets": study.concepts} if study.concepts else {}),
        "records": {
            "kind": records.address.public_name,
            "fingerprint": _hidden(records.fingerprint, key),
        },
        "snapshot": _hidden(snapshot, key),
        "periods": len(released),
        "released": list(released),
        "kinds": dict(kinds),
        "versions": {
            "python": sys.version.split()[0],
            **{name: version(name) for name in PACKAGES},
        },
        "warnings": list(warnings),
    }


def _hidden(fingerprint: str, key: Key) -> str:
    return (
        fingerprint
        if key.public
        else key.digest("records", fingerprint).hex()[: len(fingerprint)]
    )
