"""Fingerprints: what tells one set of inputs from another."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def fingerprint(*parts: object) -> str:
    """A short hash of plain data, the same on every machine."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, default=str).encode()
    ).hexdigest()[:20]


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_hashes(paths: Iterable[Path]) -> dict[Path, str]:
    """Of several files side by side: Python does something else while it hashes or
    waits for a disk.
    """
    paths = list(paths)
    with ThreadPoolExecutor() as pool:
        return dict(zip(paths, pool.map(file_hash, paths), strict=True))


def stamp(path: Path) -> str:
    """What changes when a file does, without reading it: place, size, time."""
    status = path.stat()
    return f"{path.resolve()} {status.st_size} {status.st_mtime_ns} {status.st_ino}"


def files_fingerprint(
    files: Iterable[Path], known: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """The fingerprint of the names and contents of some files, and the hash of each by
    its stamp.

    `known` holds hashes by stamp from an earlier time; those files are not read again.
    """
    # before they are read: what changes meanwhile is another file
    stamps = {path: stamp(path) for path in files}
    seen = {path: known.get(stamp_, "") for path, stamp_ in stamps.items()}
    hashes = seen | file_hashes(path for path, hash_ in seen.items() if not hash_)
    top = os.path.commonpath([path.parent for path in hashes]) if hashes else ""
    content = sorted(
        (path.relative_to(top).as_posix(), hash_) for path, hash_ in hashes.items()
    )
    return fingerprint(content), {stamps[path]: hash_ for path, hash_ in hashes.items()}


def sizes_and_times(files: Iterable[Path]) -> tuple[tuple[int, int], ...]:
    """What changes when files do, as every machine sees it that shares them; (-1, -1)
    for one that has gone.
    """
    return tuple(_size_and_time(path) for path in files)


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError:
        return -1, -1
    return status.st_size, status.st_mtime_ns
