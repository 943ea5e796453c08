"""The mark of a folder of made-up records, by which it is known not to be anybody's."""

import hashlib
import json
from pathlib import Path

MARK = "MADE_UP"  # without an ending: what has one of some is a table
FORMAT = "cohortflow trial 1"
AT_ONCE = 1 << 20  # bytes


def write_mark(folder: Path) -> None:
    """Mark a folder of made-up records: with the hashes of its files, so that no other
    folder can have the mark.
    """
    text = json.dumps({"format": FORMAT, "files": _hashes(folder)}, indent=1)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")


def is_marked(folder: Path) -> bool:
    """Whether a trial wrote the folder, and its files are as they were."""
    try:
        noted = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return bool(noted["format"] == FORMAT and noted["files"] == _hashes(folder))
    except (OSError, ValueError, TypeError, KeyError):
        return False


def _hashes(folder: Path) -> dict[str, str]:
    """The hash of each file but the mark, by its name in the folder."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name != MARK
    )
    return {path.relative_to(folder).as_posix(): _hash(path) for path in files}


def _hash(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(AT_ONCE):
            found.update(block)
    return found.hexdigest()
