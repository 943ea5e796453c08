"""A release takes the place of the one before, whole or not at all."""

import os
import shutil
from pathlib import Path

from extractors.disk import sync


def is_torn(folder: Path) -> bool:
    """Whether `write_release` is at work there, or has crashed."""
    return any(beside(folder, suffix).exists() for suffix in ("old", "new"))


def restore(folder: Path) -> None:
    """Tidy up after a crash in the middle of `write_release`: the last whole release is
    in its place.

    Only the one process that may write a release there calls it: it removes what
    another process is writing.
    """
    old = beside(folder, "old")
    if old.exists() and not folder.exists():
        os.rename(old, folder)
    for leftover in (old, beside(folder, "new")):
        if leftover.exists():
            shutil.rmtree(leftover)


def swap(fresh: Path, folder: Path) -> None:
    if folder.exists():
        os.rename(folder, beside(folder, "old"))
    try:
        os.rename(fresh, folder)
    except OSError:
        restore(folder)
        raise
    sync(folder.parent)
    restore(folder)


def beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f".{folder.name}.{suffix}")
