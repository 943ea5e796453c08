"""Libraries that are loaded when something of them is first used.

A plan or a status has to wait for what is imported: DuckDB takes 30 ms,
pyarrow's functions 20, and neither is needed. (Python's own LazyLoader loads a module
as soon as it is imported twice.)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any


class Late:
    """In the place of a module."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found


if TYPE_CHECKING:
    import pyarrow.compute as pc
else:
    pc = Late("pyarrow.compute")

__all__ = ["Late", "pc"]
