"""Cohorts in, safe counts out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from extractors.language.dates import INTERVAL
from measures import notebook as notebook
from measures.amounts import amount
from measures.definitions import Measures, create_measures

__all__ = ["INTERVAL", "Measures", "amount", "create_measures"]

if TYPE_CHECKING:
    from measures.on_rows import evaluate as evaluate
else:

    def __getattr__(name: str) -> Any:
        """`evaluate` on first use: it loads DuckDB, which the closed process of a
        definition must not have.
        """
        if name == "evaluate":
            return import_module("measures.on_rows").evaluate
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
