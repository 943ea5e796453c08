"""Packages that a definition may import beside Python's library: what studies import
most.

They work in Python alone. The starter finds them, because the closed process has no
folder of packages; it reads those of this list, and nothing that lies beside them.
"""

import os
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from types import ModuleType

PACKAGES = ("dateutil", "six", "yaml")  # dateutil uses six


def lent() -> dict[str, str]:
    """The first file of each package that is installed here."""
    found = {name: PathFinder.find_spec(name) for name in PACKAGES}
    return {name: spec.origin for name, spec in found.items() if spec and spec.origin}


def places(files: Mapping[str, str]) -> tuple[str, ...]:
    """What is read for them: the folder of a package, or the file of a module."""
    return tuple(_folder(file) or file for file in files.values())


class Lender:
    """Finds them for Python's importer."""

    def __init__(self, files: Mapping[str, str]):
        self._files = dict(files)

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        file = self._files.get(name)
        if file is None:
            return None
        folder = _folder(file)
        return spec_from_file_location(
            name, file, submodule_search_locations=[folder] if folder else None
        )


def _folder(file: str) -> str:
    """Of a package; empty for a module of one file."""
    folder, name = os.path.split(file)
    return folder if name == "__init__.py" else ""
