"""The language under the name of ehrQL's own module, with the classes that studies ask
for in isinstance().
"""

from extractors.errors import DefinitionError as Error
from extractors.language.base import BaseSeries
from extractors.language.cases import WhenThen, case, maximum_of, minimum_of, when
from extractors.language.codelists import codelist_from_csv
from extractors.language.constraints import Constraint
from extractors.language.dataset import Dataset, create_dataset
from extractors.language.dates import (
    INTERVAL,
    DateDifference,
    DateEventSeries,
    DateMethods,
    DatePatientSeries,
    Duration,
    days,
    months,
    weeks,
    years,
)
from extractors.language.files import table_from_file, table_from_rows
from extractors.language.frames import (
    BaseFrame,
    EventFrame,
    PatientFrame,
    Series,
    SortedFrame,
    table,
)
from extractors.language.levels import EventSeries, PatientSeries
from extractors.language.numbers import (
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
    NumberMethods,
)
from extractors.language.parameters import get_parameter
from extractors.language.series import (
    BoolEventSeries,
    BoolMethods,
    BoolPatientSeries,
    ComparableMethods,
)
from extractors.language.texts import (
    CodeEventSeries,
    CodeMethods,
    CodePatientSeries,
    MultiCodeMethods,
    MultiCodeStringEventSeries,
    MultiCodeStringPatientSeries,
    StrEventSeries,
    StrMethods,
    StrPatientSeries,
)

# ehrQL calls the classes of what both levels share by these names.
BoolFunctions, CodeFunctions, ComparableFunctions = (
    BoolMethods,
    CodeMethods,
    ComparableMethods,
)
DateFunctions, MultiCodeStringFunctions, StrFunctions = (
    DateMethods,
    MultiCodeMethods,
    StrMethods,
)
NumericFunctions = NumberMethods

__all__ = [
    "BaseFrame", "BaseSeries", "BoolEventSeries", "BoolFunctions",
    "BoolPatientSeries", "CodeEventSeries", "CodeFunctions", "CodePatientSeries",
    "ComparableFunctions", "Constraint", "Dataset", "DateDifference",
    "DateEventSeries", "DateFunctions", "DatePatientSeries", "Duration", "Error",
    "EventFrame", "EventSeries", "FloatEventSeries", "FloatPatientSeries", "INTERVAL",
    "IntEventSeries", "IntPatientSeries", "MultiCodeStringEventSeries",
    "MultiCodeStringFunctions", "MultiCodeStringPatientSeries", "NumericFunctions",
    "PatientFrame", "PatientSeries", "Series", "SortedFrame", "StrEventSeries",
    "StrFunctions", "StrPatientSeries", "WhenThen", "case", "codelist_from_csv",
    "create_dataset", "days", "get_parameter", "maximum_of", "minimum_of", "months",
    "table", "table_from_file", "table_from_rows", "weeks", "when", "years",
]  # fmt: skip
