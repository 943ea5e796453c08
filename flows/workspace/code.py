"""Which code is at work: what another one makes may differ."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from extractors.fingerprint import fingerprint

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("extractors", "measures", "flows")
OURS = (".py", ".sql", ".css", ".js")  # the endings of what a release is made by
OTHERS = ("duckdb", "highspy", "numpy", "pyarrow", "scipy")


@dataclass(frozen=True)
class CodeParts:
    """The code of a process, so that two can be compared."""

    # of all our files
    files: str
    # Python and what our code calls -> its version
    versions: Mapping[str, str]

    def difference(self, other: "CodeParts") -> str:
        """In words, what the other has that this one has not; empty if they are the
        same.
        """
        differing = []
        for name, here in self.versions.items():
            there = other.versions.get(name, "none")
            if here != there:
                differing.append(f"{name} {there}, here {here}")
        if self.files != other.files:
            differing.append(
                f"cohortflow's files {other.files[:8]}, here {self.files[:8]}"
            )
        return ", ".join(differing)


@cache
def own_code() -> CodeParts:
    """The code of this process. Asked once: files that change under a worker are not
    what it loaded.
    """
    versions = {name: version(name) for name in ("cohortflow", *OTHERS)}
    return CodeParts(
        fingerprint(_texts(ROOT)),
        {"python": f"{sys.version_info[0]}.{sys.version_info[1]}", **versions},
    )


def code_version(root: Path = ROOT) -> str:
    """A hash of every file of our code below `root`, and of the versions of what it
    calls.

    The number of our version alone does not tell two states of a checkout apart.
    """
    return fingerprint(sys.version, [version(name) for name in OTHERS], _texts(root))


def _texts(root: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _files(root):
        found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
    return found


def _files(root: Path) -> list[Path]:
    found: list[Path] = []
    for room in ROOMS:
        found += [path for path in (root / room).rglob("*") if path.suffix in OURS]
    return found
