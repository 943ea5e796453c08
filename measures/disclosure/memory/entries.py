"""The entries of a ledger: lines of JSON, each with the hash of the one before.

Every entry names its format. Raise FORMAT when what an entry says changes, and write in
`forms.py` how an older one becomes a newer one.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extractors.errors import DisclosureRefused

Entry = dict[str, Any]
FORMAT = 6
START = "0" * 64
# kinds of entries; all others hold tables; PEOPLE are in the site's ledger alone
COMMIT, MIGRATED, PEOPLE, DECISION = "commit", "migrated", "people", "decision"
SEALED_KINDS = (COMMIT, DECISION)  # which end what is written at once
PUT_BACK = "Put back the ledger as it was; without it, what was released is not known."


def checked(lines: Sequence[bytes], path: Path) -> list[Entry]:
    """The entries, up to a last line that was torn by a crash.

    Raises DisclosureRefused, naming the entry, for one that is not as it was written,
    and for one of a format that is newer than this code.
    """
    entries: list[Entry] = []
    before = START
    for number, line in enumerate(lines, start=1):
        entry = parsed(line)
        if entry is None and number == len(lines) and not line.endswith(b"\n"):
            break
        if entry is None:
            raise changed(number, path)
        _refuse_newer(entry, number, path)
        if entry.get("before") != before or entry.get("hash") != hash_of(entry):
            raise changed(number, path)
        entries.append(entry)
        before = entry["hash"]
    return entries


def _refuse_newer(entry: Entry, number: int, path: Path) -> None:
    """Before its hash is looked at: a newer format may make hashes in another way."""
    found = entry.get("format")
    if isinstance(found, int) and found > FORMAT:
        raise DisclosureRefused(
            f"Entry {number} of the ledger {path.name} has the format {found}; this "
            f"cohortflow knows formats up to {FORMAT}. Use the newer cohortflow that "
            "wrote it."
        )


def parsed(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and line.endswith(b"\n") else None


def committed(entries: Sequence[Entry]) -> int:
    """How many entries there are up to the last commit or decision."""
    kinds = [entry.get("kind") for entry in entries]
    return max(
        (number for number, kind in enumerate(kinds, start=1) if kind in SEALED_KINDS),
        default=0,
    )


def changed(number: int, path: Path) -> DisclosureRefused:
    return DisclosureRefused(
        f"Entry {number} of the ledger {path.name} is not as it was written: "
        f"a person or a fault changed it, or one near it. {PUT_BACK}"
    )


def hash_of(entry: Entry) -> str:
    content = {name: value for name, value in entry.items() if name != "hash"}
    return hashlib.sha256(text_of(content)).hexdigest()


def text_of(entry: Entry) -> bytes:
    return json.dumps(
        entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
