"""Types of the tables in `smoketest.py`; tests/lib/table_stubs.py writes them."""

from extractors.language.dates import DatePatientSeries
from extractors.language.frames import PatientFrame

class Patients(PatientFrame):
    """The table `patients`."""

    date_of_birth: DatePatientSeries

patients: Patients
