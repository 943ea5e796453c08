"""A ledger of an older format is replaced by one of today's, whole or not at all.

The old file is kept beside until the head counts the new entries. Until then the head
still fits the old ones, so whatever a crash leaves is put back and done again.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from extractors.disk import sync
from measures.disclosure.memory.entries import START, checked, parsed


@dataclass(frozen=True)
class Migration:
    """The files of one ledger while it is written anew."""

    path: Path  # the ledger
    head: Path  # what counts its entries

    @property
    def kept(self) -> Path:
        """The old ledger."""
        return self.path.with_name(f"{self.path.name}.older")

    def undo_unfinished(self) -> None:
        """Put the old ledger back, if its head is still there: a crash came in
        between.
        """
        if self.kept.exists() and self._head_is_of_the_old():
            os.replace(self.kept, self.path)
            sync(self.path.parent)

    def _head_is_of_the_old(self) -> bool:
        head = (
            parsed(self.head.read_bytes() + b"\n") if self.head.exists() else None
        ) or {}
        lines = self.kept.read_bytes().splitlines(keepends=True)
        hashes = {entry["hash"] for entry in checked(lines, self.kept)}
        return head.get("hash") in {START, *hashes}

    def forget(self) -> None:
        """Remove the old ledger, once the new one is known to be whole."""
        self.kept.unlink(missing_ok=True)

    def carry_out(self, content: bytes, write_head: Callable[[], None]) -> None:
        """Put the new content in the old one's place, then the head that goes with
        it.
        """
        _write_whole(self.kept, self.path.read_bytes())
        _write_whole(self.path, content)
        write_head()
        sync(self.path.parent)
        self.forget()


def _write_whole(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        sync(path.parent)
    except OSError:  # no room for it
        beside.unlink(missing_ok=True)
        raise
