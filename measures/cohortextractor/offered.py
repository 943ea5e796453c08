"""What `from cohortextractor import …` gives in a definition."""

from measures.cohortextractor import patients
from measures.cohortextractor.codelists import (
    codelist,
    codelist_from_csv,
    combine_codelists,
    filter_codes_by_category,
)
from measures.cohortextractor.measure import Measure
from measures.cohortextractor.options import Parameters
from measures.cohortextractor.study import StudyDefinition

params = Parameters()

__all__ = [
    "Measure",
    "StudyDefinition",
    "codelist",
    "codelist_from_csv",
    "combine_codelists",
    "filter_codes_by_category",
    "params",
    "patients",
]
