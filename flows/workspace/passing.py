"""Folders of one run, which it needs while it is at work and removes at its end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from flows.workspace.store import hold, make_private

LOCK = "in-use"  # locked for as long as its process lives, however that ends


@contextmanager
def passing_folder(above: Path) -> Iterator[Path]:
    """A new folder in `above` with a name that cannot be guessed, which only its owner
    opens.

    It goes with the block; what a killed run has left there goes first.
    """
    make_private(above)
    folder, lock = _made(above)
    try:
        yield folder
    finally:
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)


def remove_dead(above: Path) -> None:
    """Remove what killed runs have left in `above`; the folders of those that live
    stay.
    """
    if above.is_dir():
        with _alone(above):
            _remove_dead(above)


def _made(above: Path) -> tuple[Path, TextIO]:
    with _alone(above):
        _remove_dead(above)
        folder = Path(tempfile.mkdtemp(dir=above))  # 0700, and it was not there before
        lock = (folder / LOCK).open("w", encoding="utf-8")
        hold(lock)
    return folder, lock


@contextmanager
def _alone(above: Path) -> Iterator[None]:
    """Only one process at a time makes folders, or removes those of the dead."""
    order = os.open(above, os.O_RDONLY)
    try:
        hold(order, patient=True)
        yield
    finally:
        os.close(order)


def _remove_dead(above: Path) -> None:
    for folder in above.iterdir():
        if folder.is_dir() and not folder.is_symlink() and not _is_used(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_used(folder: Path) -> bool:
    """Whether a process that lives holds it; one that was killed before it did has no
    lock there.
    """
    with (
        suppress(FileNotFoundError),
        (folder / LOCK).open("r+", encoding="utf-8") as lock,
    ):
        return not hold(lock)
    return False
