"""Six patients by hand, whose rows every stranger's definition is counted on."""

from typing import Any

from extractors.model.schema import stored_names
from tests.lib.tables import READERS

DRAWN = {
    "patients": """
      | date_of_birth | sex    | date_of_death | registration_start_date | registration_end_date
    1 | 1950-01-01    | female |               | 2010-01-01              |
    2 | 1980-05-01    | male   |               | 2010-01-01              |
    3 | 2001-02-01    | female |               | 2010-01-01              |
    4 | 1940-03-01    | male   | 2020-02-10    | 2010-01-01              | 2020-02-10
    5 | 1975-07-01    | female |               | 2010-01-01              | 2020-01-20
    6 | 2015-06-01    | male   |               |                         |
    """,
    "practice_registrations": """
      | start_date | end_date   | practice_pseudo_id | practice_nuts1_region_name
    1 | 2010-01-01 |            | 1                  | London
    2 | 2010-01-01 |            | 1                  | London
    3 | 2010-01-01 |            | 2                  | North West
    4 | 2010-01-01 | 2020-02-10 | 2                  | North West
    5 | 2010-01-01 | 2020-01-20 | 3                  | East
    6 | 2015-07-01 |            | 4                  |
    """,
    "clinical_events": """
      | date       | snomedct_code | numeric_value
    1 | 2020-01-06 | 271649006     | 150.0
    1 | 2020-02-03 | 271649006     | 130.0
    2 | 2020-01-20 | 271649006     | 120.0
    3 | 2020-01-08 | 60621009      | 22.5
    3 | 2020-02-12 | 60621009      | 31.0
    4 | 2020-01-15 | 195967001     |
    5 | 2020-02-20 | 195967001     |
    """,
    "medications": """
      | date       | dmd_code
    1 | 2020-01-10 | 39113311000001107
    2 | 2020-02-11 | 39113311000001107
    2 | 2020-02-25 | 39113311000001107
    4 | 2020-01-02 | 39113311000001107
    """,
    "medications_raw": """
      | date       | dmd_code          | medication_status
    1 | 2020-01-10 | 39113311000001107 | 0
    2 | 2020-02-11 | 39113311000001107 | 4
    2 | 2020-02-25 | 39113311000001107 | 0
    4 | 2020-01-02 | 39113311000001107 | 12
    """,
    "apcs": """
      | apcs_ident | admission_date | primary_diagnosis | all_diagnoses
    1 | 1          | 2019-12-30     | I10               | ||I10 ,J45
    4 | 2          | 2020-02-01     | J45               | ||J45 ,I10
    """,
    "apcs_historical": """
      | apcs_ident | admission_date
    4 | 9          | 2010-02-01
    """,
    "emergency_care_attendances": """
      | id | arrival_date
    3 | 1  | 2019-01-30
    5 | 2  | 2020-02-02
    6 | 3  | 2020-01-30
    """,
    "ons_deaths": """
      | date       | underlying_cause_of_death | place
    4 | 2020-02-10 | J45                       | Hospital
    """,
    "vaccinations": """
      | date       | target_disease
    1 | 2020-01-09 | INFLUENZA
    5 | 2020-02-01 | INFLUENZA
    5 | 2020-01-08 | TETANUS
    """,
    "addresses": """
      | address_id | start_date | imd_rounded | has_postcode
    1 | 1          | 2010-01-01 | 1000        | T
    2 | 2          | 2010-01-01 | 20000       | T
    3 | 3          | 2010-01-01 | 32000       | T
    4 | 4          | 2021-01-01 | 100         | T
    """,
    "appointments": """
      | booked_date | start_date | status
    1 | 2020-01-01  | 2020-01-07 | Finished
    2 | 2020-01-01  | 2020-02-05 | Did Not Attend
    2 | 2020-02-01  | 2020-02-05 | Did Not Attend
    3 | 2020-02-01  | 2020-02-15 | Finished
    """,
}


def rows_of(schema: Any) -> list[dict[str, Any]]:
    """The rows of a table with the columns that it has in a definition."""
    header, *lines = [
        line
        for line in DRAWN[stored_names(schema.name)[-1]].splitlines()
        if line.strip()
    ]
    types = {column.name: column.type for column in schema.columns}
    names = ["patient_id", *(cell.strip() for cell in header.split(" | ")[1:])]
    return [_row(names, line, types) for line in lines]


def _row(names: list[str], line: str, types: dict[str, type]) -> dict[str, Any]:
    """A cell may hold a |, but not between spaces."""
    cells = [cell.strip() for cell in f"{line} ".split(" | ")]
    row: dict[str, Any] = {"patient_id": int(cells[0])}
    for name, cell in zip(names[1:], cells[1:], strict=False):
        if name in types:
            row[name] = READERS.get(types[name], str)(cell) if cell else None
    return row
