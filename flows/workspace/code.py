"""Which code is at work: what another one makes may differ."""

import sys
from importlib.metadata import version
from pathlib import Path

from extractors.fingerprint import fingerprint

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("extractors", "measures", "flows")
OURS = (".py", ".sql", ".css", ".js")  # the endings of what a release is made by
OTHERS = ("duckdb", "highspy", "numpy", "pyarrow", "scipy")


def code_version(root: Path = ROOT) -> str:
    """A hash of every file of our code below `root`, and of the versions of what it calls.

    The number of our version alone does not tell two states of a checkout apart.
    """
    files = {}
    for path in _files(root):
        files[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
    return fingerprint(sys.version, [version(name) for name in OTHERS], files)


def _files(root: Path) -> list[Path]:
    found: list[Path] = []
    for room in ROOMS:
        found += [path for path in (root / room).rglob("*") if path.suffix in OURS]
    return found
