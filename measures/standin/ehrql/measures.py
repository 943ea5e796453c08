"""Measures, where ehrQL's own modules have them."""

from extractors.language.dates import INTERVAL
from measures.definitions import Measures, create_measures

__all__ = ["INTERVAL", "Measures", "create_measures"]
