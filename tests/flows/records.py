"""Records with marks in them that must never be seen outside the highly_sensitive
shelf.

500 patients with long numbers and 45,000 events in each of four weeks, so that the
snapshot has slices that only one week reads.
"""

import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST_PATIENT = 987654321012
PATIENTS = 487  # no multiple of 5, so that the true count is not what is released
MARKED_VALUE = 271828.1828
# parts of every patient_id and of the one marked value; six digits alone are in some
# time or UUID now and then
CANARIES = ("98765432", "271828.18")
MONDAY = datetime.date(2020, 3, 2)
WEEKS = [MONDAY + datetime.timedelta(7 * week) for week in range(4)]
# a week: more than two slices of the snapshot, so one of them is the week's alone
EVENTS = 45_000
CODES = np.array(["413606001", "413605002", "59621000"])


def write_records(folder: Path) -> Path:
    """Write the tables that the study `weekly` reads into a new folder."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(4)
    patients = FIRST_PATIENT + np.arange(PATIENTS)
    _write_patients(folder, patients)
    weeks = [_events(rng, patients, monday) for monday in WEEKS]
    pq.write_table(pa.concat_tables(weeks), folder / "clinical_events.parquet")
    return folder


def _write_patients(folder: Path, patients: np.ndarray) -> None:
    born = [
        datetime.date(1930 + number % 80, 1 + number % 12, 1)
        for number in range(len(patients))
    ]
    sexes = [("female", "male")[number % 2] for number in range(len(patients))]
    dead = pa.nulls(len(patients), pa.date32())
    table = {
        "patient_id": patients,
        "date_of_birth": born,
        "sex": sexes,
        "date_of_death": dead,
    }
    pq.write_table(pa.table(table), folder / "patients.parquet")


def _events(
    rng: np.random.Generator, patients: np.ndarray, monday: datetime.date
) -> pa.Table:
    days = np.datetime64(monday) + rng.integers(0, 7, EVENTS)
    values = rng.normal(125, 15, EVENTS).round(1)
    values[0] = MARKED_VALUE
    columns = {
        "patient_id": rng.choice(patients, EVENTS),
        "date": pa.array(days, pa.date32()),
        "snomedct_code": rng.choice(CODES, EVENTS),
        "numeric_value": values,
    }
    return pa.table(columns)


def spoil(folder: Path) -> None:
    """Put a code into the events that a spreadsheet has changed, beside a marked
    value.
    """
    path = folder / "clinical_events.parquet"
    table = pq.ParquetFile(path).read()
    codes = table["snomedct_code"].to_pylist()
    codes[1234] = f"{FIRST_PATIENT}E+11"
    pq.write_table(table.set_column(2, "snomedct_code", pa.array(codes)), path)
