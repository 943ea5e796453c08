"""Records in, one row per patient out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from extractors import notebook as notebook
from extractors.language import (
    INTERVAL,
    ConceptId,
    Dataset,
    case,
    codelist_from_csv,
    concept_set,
    concept_set_from_csv,
    concept_set_from_json,
    create_dataset,
    days,
    in_bands,
    iso_weeks,
    maximum_of,
    minimum_of,
    months,
    quarters,
    table_from_file,
    weeks,
    when,
    years,
)
from extractors.language.showing import show

__all__ = [
    "INTERVAL", "ConceptId", "Dataset", "case", "codelist_from_csv", "concept_set",
    "concept_set_from_csv", "concept_set_from_json", "create_dataset", "days", "in_bands", "iso_weeks",
    "maximum_of", "minimum_of",
    "months", "quarters", "show", "table_from_file", "weeks", "when", "years",
]  # fmt: skip

if TYPE_CHECKING:
    from extractors.evaluation import evaluate as evaluate
    from extractors.time.whole_cohort import cohort as cohort
else:

    def __getattr__(name: str) -> Any:
        """`evaluate` and `cohort` on first use: they load DuckDB, which a definition's
        closed process must not have.
        """
        if name == "evaluate":
            return import_module("extractors.evaluation").evaluate
        if name == "cohort":
            return import_module("extractors.time.whole_cohort").cohort
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
