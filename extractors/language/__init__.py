"""What an author writes. What it means: extractors/language/SEMANTICS.md."""

from extractors.language.bands import in_bands
from extractors.language.calendars import iso_weeks, quarters
from extractors.language.cases import case, maximum_of, minimum_of, when
from extractors.language.codelists import codelist_from_csv
from extractors.language.concept_sets import (
    concept_set,
    concept_set_from_csv,
    concept_set_from_json,
)
from extractors.language.dataset import Dataset, create_dataset
from extractors.language.dates import INTERVAL, days, months, weeks, years
from extractors.language.files import table_from_file
from extractors.language.frames import EventFrame, PatientFrame, Series, table
from extractors.model.types import ConceptId

__all__ = [
    "INTERVAL", "ConceptId", "Dataset", "EventFrame", "PatientFrame", "Series", "case", "codelist_from_csv",
    "concept_set", "concept_set_from_csv", "concept_set_from_json", "create_dataset",
    "days", "in_bands", "iso_weeks", "maximum_of", "minimum_of",
    "months", "quarters", "table", "table_from_file", "weeks", "when", "years",
]  # fmt: skip
