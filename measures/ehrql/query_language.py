"""The language under the name of ehrQL's own module, with the classes that studies ask for in isinstance()."""

from extractors.errors import DefinitionError as Error
from extractors.language.base import BaseSeries, EventSeries, PatientSeries
from extractors.language.cases import WhenThen, case, maximum_of, minimum_of, when
from extractors.language.codelists import codelist_from_csv
from extractors.language.constraints import Constraint
from extractors.language.dataset import Dataset, create_dataset
from extractors.language.dates import (
    INTERVAL,
    DateDifference,
    DateEventSeries,
    DatePatientSeries,
    Duration,
    days,
    months,
    weeks,
    years,
)
from extractors.language.files import table_from_file, table_from_rows
from extractors.language.frames import BaseFrame, EventFrame, PatientFrame, Series, SortedFrame, table
from extractors.language.parameters import get_parameter
from extractors.language.series import (
    BoolEventSeries,
    BoolPatientSeries,
    CodeEventSeries,
    CodePatientSeries,
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
    MultiCodeStringEventSeries,
    MultiCodeStringPatientSeries,
    StrEventSeries,
    StrPatientSeries,
)

__all__ = [
    "INTERVAL", "BaseFrame", "BaseSeries", "BoolEventSeries", "BoolPatientSeries", "CodeEventSeries",
    "CodePatientSeries", "Constraint", "Dataset", "DateDifference", "DateEventSeries", "DatePatientSeries",
    "Duration", "Error", "EventFrame", "EventSeries", "FloatEventSeries", "FloatPatientSeries",
    "IntEventSeries", "IntPatientSeries", "MultiCodeStringEventSeries", "MultiCodeStringPatientSeries",
    "PatientFrame", "PatientSeries", "Series", "SortedFrame", "StrEventSeries", "StrPatientSeries",
    "WhenThen", "case", "codelist_from_csv", "create_dataset", "days", "get_parameter", "maximum_of",
    "minimum_of", "months", "table", "table_from_file", "table_from_rows", "weeks", "when", "years",
]  # fmt: skip
