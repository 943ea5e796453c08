"""OMOP CDM records, mapped to the `core` tables by SQL views."""

from extractors.sources.omop.source import Omop

__all__ = ["Omop"]
