"""What must be on the disk before anything relies on it."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from extractors.errors import AnotherVersion, Damaged


def sync(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, would survive a power
    cut.
    """
    if os.name == "nt" and path.is_dir():  # there a folder cannot be opened
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link(old: Path, new: Path) -> None:
    """The same file under another name; a copy where the file system has no such
    thing.
    """
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        sync(new)


def read_json(path: Path, default: Any = None) -> Any:
    """The data of a JSON file; `default` if there is none. Raises Damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default
    except (
        ValueError
    ) as error:  # ours are whole or not there; so the disk or a person has changed them
        raise damaged(path, str(error)) from None


def damaged(path: Path, detail: str = "") -> Damaged:
    """The error of a file that cannot be what we wrote."""
    return Damaged(
        f"{path.name} is damaged; put it back from a backup, or remove it: {path}",
        detail,
    )


UNNAMED = 1  # the format of files that do not name theirs: no version did before
Step = Callable[[dict[str, Any]], dict[str, Any]]


def read_kept(path: Path, now: int, older: Mapping[int, Step]) -> dict[str, Any] | None:
    """The data of a JSON file that names its format, as a file of the format `now` has
    it.

    `older` leads from one format to the next. None if there is no file. Raises
    AnotherVersion, naming both formats, for one that cannot be read as `now`.
    """
    data = read_json(path)
    if data is None:
        return None
    if not isinstance(data, dict):
        raise damaged(path)
    found = data.pop("format", UNNAMED)
    number = found
    while number in older and number != now:
        data, number = older[number](data), number + 1
    if number != now or type(found) is not int:
        raise another_version(path, found, now)
    return data


def another_version(path: Path, found: object, now: int) -> AnotherVersion:
    """The error of a file in a format that this version cannot read."""
    return AnotherVersion(
        f"{path.name} has the format {found}, and this cohortflow reads the format {now}. "
        f"Use the cohortflow that wrote it, or a newer one: {path}"
    )
