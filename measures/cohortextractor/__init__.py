"""Old studies: what authors wrote for cohort-extractor, in our model (README.md)."""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """`evaluate` on first use: it loads DuckDB, which the closed process of a
    definition must not have.
    """
    if name == "evaluate":
        return import_module("measures.trying_old").evaluate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
