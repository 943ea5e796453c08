"""The one table by which a new place of records is tried."""

import datetime

from extractors.language.frames import PatientFrame, Series, table
from extractors.language.promises import FirstOfMonth, NotNull


@table
class patients(PatientFrame):
    date_of_birth = Series(datetime.date, constraints=[FirstOfMonth(), NotNull()])
