"""Removes dead results: those of loads of records that no later run needs."""

import datetime
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.state.holdings import Piece, counted_once, kept_loads, pieces_of
from flows.state.loads import loads, write_loads
from flows.workspace.store import TEMPORARY, Workspace, study_folders


@dataclass(frozen=True)
class Wish:
    """What is to go."""

    # how many of the newest loads keep their results
    keep: int = 1
    # days for which nothing was used that goes
    older_than: int = 0
    # whether to say only what would go
    dry_run: bool = False

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise ArgumentsError(
                f"--keep needs a number from 1, got {self.keep}: what the newest "
                "records need stays."
            )
        if self.older_than < 0:
            raise ArgumentsError(
                f"--older-than needs days from 0, got {self.older_than}."
            )


@dataclass(frozen=True)
class Cleaned:
    """What became of one study."""

    # its name
    study: str
    # how many bytes it held before
    holds: int = 0
    # how many bytes went, or would go
    removed: int = 0
    # the same by kind
    kinds: tuple[tuple[str, int], ...] = ()
    # why nothing was done; empty if something was
    refused: str = ""


def clean_all(root: Path, wish: Wish) -> list[Cleaned]:
    """Clean every study of a workspace that is this user's; one at which a run is at
    work is left alone.
    """
    found = []
    for place in study_folders(root):
        workspace = Workspace(root, place.name)
        with suppress(PermissionError):  # another user's study
            if workspace.high.is_dir():
                found.append(clean(workspace, wish))
    return found


def clean(workspace: Workspace, wish: Wish) -> Cleaned:
    """Remove the dead results of a study. `refused` if a run is at work there."""
    if wish.dry_run:
        done, _ = _cleaned(workspace, wish)
        return done
    try:
        with workspace.locked():
            done, gone = _cleaned(workspace, wish)
            _remove(gone)
            _forget(workspace, wish)
            return done
    except ArgumentsError as error:
        return Cleaned(workspace.study, refused=error.message)


def _dead(pieces: Iterable[Piece], wish: Wish) -> set[Path]:
    """What a wish lets go."""
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(
        days=wish.older_than
    )
    found: set[Path] = set()
    for piece in pieces:
        if not piece.needed and piece.last <= before:
            found.add(piece.path)
    return found


def _cleaned(workspace: Workspace, wish: Wish) -> tuple[Cleaned, list[Path]]:
    """What becomes of a study, and the files and folders that go."""
    found = pieces_of(workspace, wish.keep)
    gone = _dead(found, wish)
    pieces = counted_once(found, lambda piece: piece.path in gone)
    kinds: dict[str, int] = {}
    for piece in pieces:
        if piece.path in gone:
            kinds[piece.kind] = kinds.get(piece.kind, 0) + piece.size
    done = Cleaned(
        study=workspace.study,
        holds=sum(piece.size for piece in pieces),
        removed=sum(kinds.values()),
        kinds=tuple(kinds.items()),
    )
    return done, sorted(gone)


def _remove(paths: Iterable[Path]) -> None:
    """Each is renamed first: what a kill leaves half removed is taken for unfinished,
    and never for done.
    """
    for path in paths:
        beside = path.with_name(f"{path.name}{TEMPORARY}-{secrets.token_hex(4)}")
        os.replace(path, beside)
        if beside.is_dir():
            shutil.rmtree(beside)
        else:
            beside.unlink()


def _forget(workspace: Workspace, wish: Wish) -> None:
    """Of loads that are not wanted, forget those of which nothing is left."""
    known, wanted = loads(workspace), kept_loads(workspace, wish.keep)
    left = [
        load
        for load in known
        if load in wanted
        or any((workspace.high / each).exists() for each in load.folders)
    ]
    if left != known:
        write_loads(workspace, left)
