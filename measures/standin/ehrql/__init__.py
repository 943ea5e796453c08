"""The public surface under ehrQL's names; what an author's `import ehrql` gets."""

from extractors.errors import DefinitionError as Error
from extractors.language.cases import case, maximum_of, minimum_of, when
from extractors.language.codelists import codelist_from_csv
from extractors.language.dataset import Dataset, create_dataset
from extractors.language.dates import INTERVAL, days, months, weeks, years
from extractors.language.files import table_from_file
from extractors.language.parameters import get_parameter
from extractors.language.showing import show
from extractors.tables.permissions import claim_permissions
from measures.definitions import Measures, create_measures

# Studies print it; a copy of ehrQL between two releases calls itself 0+local.
__version__ = "0+cohortflow"
__all__ = [
    "INTERVAL", "Dataset", "Error", "Measures", "case", "claim_permissions", "codelist_from_csv", "create_dataset",
    "create_measures", "days", "get_parameter", "maximum_of", "minimum_of", "months", "show", "table_from_file",
    "weeks", "when", "years",
]  # fmt: skip
