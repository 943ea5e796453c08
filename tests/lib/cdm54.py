"""A set of records in the shape of the OMOP CDM 5.4, made afresh from a seed, in any
form that a site may have.

Some rows are of person 999, who is in no row of person; person 5 died twice on one day.
"""

import random
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

PERSONS = 80
STRANGER = 999
# The vocabulary: diabetes (1000) above two kinds, one of which has a kind of its own;
# asthma.
DIABETES, TYPE_1, TYPE_2, TYPE_2_WITH, ASTHMA = 201820, 201254, 201826, 443732, 317009
SOURCE_2, SOURCE_OLD = 45561949, 45561950
GLUCOSE, WEIGHT, METFORMIN, TABLET, VACCINE, BYPASS, STICK = (
    3004501,
    3025315,
    1503297,
    40164929,
    40213160,
    4336464,
    4026,
)
MG_DL, KG, INPATIENT, OUTPATIENT = 8840, 9529, 9201, 9202
MALE, FEMALE = 8507, 8532
FLU, FLU_SOURCE = 4266367, 45542411

CONCEPTS: Sequence[tuple] = (
    (DIABETES, "Diabetes mellitus", "Condition", "SNOMED", "S", "73211009"),
    (TYPE_1, "Type 1 diabetes mellitus", "Condition", "SNOMED", "S", "46635009"),
    (TYPE_2, "Type 2 diabetes mellitus", "Condition", "SNOMED", "S", "44054006"),
    (TYPE_2_WITH, "Disorder due to type 2 diabetes mellitus", "Condition", "SNOMED", "S", "422014003"),
    (ASTHMA, "Asthma", "Condition", "SNOMED", "S", "195967001"),
    (SOURCE_2, "Type 2 diabetes mellitus", "Condition", "ICD10", None, "E11"),
    (SOURCE_OLD, "Diabetes mellitus type II", "Condition", "SNOMED", None, "275272006"),
    (FLU, "Influenza", "Condition", "SNOMED", "S", "6142004"),
    (FLU_SOURCE, "Influenza with other manifestations", "Condition", "ICD10", None, "J11.1"),
    (GLUCOSE, "Glucose in serum or plasma", "Measurement", "LOINC", "S", "2345-7"),
    (WEIGHT, "Body weight", "Measurement", "LOINC", "S", "29463-7"),
    (METFORMIN, "metformin", "Drug", "RxNorm", "S", "6809"),
    (TABLET, "metformin 500 MG Oral Tablet", "Drug", "RxNorm", "S", "861007"),
    (VACCINE, "influenza vaccine", "Drug", "CVX", "S", "88"),
    (BYPASS, "Coronary artery bypass", "Procedure", "SNOMED", "S", "232717009"),
    (STICK, "Walking stick", "Device", "SNOMED", "S", "87405001"),
    (MG_DL, "milligram per deciliter", "Unit", "UCUM", "S", "mg/dL"),
    (KG, "kilogram", "Unit", "UCUM", "S", "kg"),
    (INPATIENT, "Inpatient Visit", "Visit", "Visit", "S", "IP"),
    (OUTPATIENT, "Outpatient Visit", "Visit", "Visit", "S", "OP"),
    (MALE, "MALE", "Gender", "Gender", "S", "M"),
    (FEMALE, "FEMALE", "Gender", "Gender", "S", "F"),
)  # fmt: skip
ANCESTORS = (
    *((each[0], each[0]) for each in CONCEPTS if each[4] == "S"),
    (DIABETES, TYPE_1), (DIABETES, TYPE_2), (DIABETES, TYPE_2_WITH), (TYPE_2, TYPE_2_WITH), (METFORMIN, TABLET),
)  # fmt: skip
MAPS = ((SOURCE_2, TYPE_2), (SOURCE_OLD, TYPE_2), (FLU_SOURCE, FLU))

# Names of columns; whole numbers, but for dates and moments by name, `:t` texts and
# `:f` numbers.
NAMES = {
    "person": """
        person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime race_concept_id
        ethnicity_concept_id location_id provider_id care_site_id person_source_value:t""",
    "observation_period": """
        observation_period_id person_id observation_period_start_date observation_period_end_date
        period_type_concept_id""",
    "visit_occurrence": """
        visit_occurrence_id person_id visit_concept_id visit_start_date visit_start_datetime visit_end_date
        visit_end_datetime visit_type_concept_id care_site_id admitted_from_concept_id
        discharged_to_concept_id""",
    "condition_occurrence": """
        condition_occurrence_id person_id condition_concept_id condition_start_date condition_start_datetime
        condition_end_date condition_type_concept_id condition_source_value:t condition_source_concept_id
        visit_occurrence_id""",
    "drug_exposure": """
        drug_exposure_id person_id drug_concept_id drug_exposure_start_date drug_exposure_end_date
        drug_type_concept_id refills quantity:f days_supply drug_source_value:t drug_source_concept_id""",
    "procedure_occurrence": """
        procedure_occurrence_id person_id procedure_concept_id procedure_date procedure_end_date quantity""",
    "device_exposure": """
        device_exposure_id person_id device_concept_id device_exposure_start_date device_exposure_end_date
        unique_device_id:t quantity""",
    "measurement": """
        measurement_id person_id measurement_concept_id measurement_date measurement_datetime
        operator_concept_id value_as_number:f value_as_concept_id unit_concept_id range_low:f
        measurement_source_value:t measurement_source_concept_id""",
    "observation": """
        observation_id person_id observation_concept_id observation_date value_as_number:f value_as_string:t
        value_as_concept_id observation_source_concept_id""",
    "death": """
        person_id death_date death_type_concept_id cause_concept_id cause_source_value:t
        cause_source_concept_id""",
    "condition_era": """
        condition_era_id person_id condition_concept_id condition_era_start_date condition_era_end_date
        condition_occurrence_count""",
    "drug_era": """
        drug_era_id person_id drug_concept_id drug_era_start_date drug_era_end_date drug_exposure_count
        gap_days""",
    "cohort": "cohort_definition_id subject_id cohort_start_date cohort_end_date",
    "location": "location_id city:t state:t zip:t county:t latitude:f",
    "care_site": "care_site_id care_site_name:t place_of_service_concept_id location_id",
    "provider": "provider_id provider_name:t specialty_concept_id care_site_id",
    "concept": "concept_id concept_name:t domain_id:t vocabulary_id:t standard_concept:t "
    "concept_code:t",
    "concept_ancestor": "ancestor_concept_id descendant_concept_id",
    "concept_relationship": "concept_id_1 concept_id_2 relationship_id:t invalid_reason:t",
    "vocabulary": "vocabulary_id:t vocabulary_name:t vocabulary_version:t",
}


def _ddl(names: str) -> str:
    kinds = {"t": "VARCHAR", "f": "DOUBLE"}
    listed = []
    for each in names.split():
        name, _, kind = each.partition(":")
        by_name = (
            "DATE"
            if name.endswith("_date")
            else "TIMESTAMP"
            if name.endswith("_datetime")
            else "INTEGER"
        )
        listed.append(f"{name} {kinds.get(kind, by_name)}")
    return ", ".join(listed)


COLUMNS = {table: _ddl(names) for table, names in NAMES.items()}
VOCABULARY = ("concept", "concept_ancestor", "concept_relationship", "vocabulary")
RESULTS = ("cohort",)
EPOCH = date(2010, 1, 1)
DAYS = 4000


class Dice:
    """Random values of one set."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def day(self) -> date:
        return EPOCH + timedelta(days=self.random.randrange(DAYS))

    def later(self, day: date, most: int = 60) -> date | None:
        return (
            None
            if self.random.random() < 0.2
            else day + timedelta(days=self.random.randrange(most))
        )

    def moment(self, day: date) -> datetime:
        return datetime(
            day.year,
            day.month,
            day.day,
            self.random.randrange(24),
            self.random.randrange(60),
        )

    def who(self) -> int:
        return (
            STRANGER
            if self.random.random() < 0.03
            else self.random.randrange(1, PERSONS + 1)
        )


def rows(seed: int = 0) -> dict[str, list[tuple]]:
    """The rows of every table."""
    dice = Dice(seed)
    found = {"concept": list(CONCEPTS), "concept_ancestor": list(ANCESTORS)}
    found["concept_relationship"] = [
        (one, other, "Maps to", None) for one, other in MAPS
    ]
    found["concept_relationship"] += [
        (other, one, "Mapped from", None) for one, other in MAPS
    ]
    found["concept_relationship"] += [(FLU_SOURCE, TYPE_1, "Maps to", "D")]
    found["vocabulary"] = [
        ("None", "OMOP Standardized Vocabularies", "v5.0 31-AUG-23"),
        ("SNOMED", "SNOMED", "2023"),
    ]
    found |= _people(dice)
    found |= _events(dice)
    return found


def _people(dice: Dice) -> dict[str, list[tuple]]:
    persons: list[tuple] = []
    periods: list[tuple] = []
    deaths: list[tuple] = []
    for id_ in range(1, PERSONS + 1):
        born = date(
            dice.one(1940, 1955, 1970, 1985, 2000, 2004),
            dice.one(*range(1, 13)),
            dice.one(1, 15, 28),
        )
        month = None if dice.random.random() < 0.1 else born.month
        day = None if month is None or dice.random.random() < 0.2 else born.day
        birth = dice.one(None, datetime(born.year, born.month, born.day, 10, 30))
        places = (
            dice.one(1, 2, 3, None),
            dice.one(11, 12, None),
            dice.one(0, 21, 22, None),
        )
        ethnic = (dice.one(8527, 8516, 0), dice.one(38003563, 38003564, 0))
        sex = dice.one(MALE, FEMALE, FEMALE, 0)
        persons.append(
            (id_, sex, born.year, month, day, birth, *ethnic, *places, f"P{id_}")
        )
        for _ in range(dice.one(1, 1, 2)):
            start = dice.day()
            periods.append(
                (
                    len(periods) + 1,
                    id_,
                    start,
                    start + timedelta(days=dice.one(100, 900, 2500)),
                    44814724,
                )
            )
        if id_ % 10 == 0:
            deaths.append(
                (
                    id_,
                    dice.day(),
                    32817,
                    dice.one(FLU, 0),
                    dice.one("J11.1", "flu", None),
                    FLU_SOURCE,
                )
            )
    deaths += [
        (5, date(2019, 5, 5), 32817, 0, None, 0),
        (5, date(2019, 5, 5), 32817, FLU, None, FLU_SOURCE),
    ]
    periods.append(
        (len(periods) + 1, STRANGER, EPOCH, EPOCH + timedelta(days=DAYS), 44814724)
    )
    return {
        "person": persons,
        "observation_period": periods,
        "death": deaths,
        "location": [
            (1, "Leeds", "W", "LS1", "Yorks", 53.8),
            (2, "York", "N", "01234", None, None),
        ],
        "care_site": [
            (21, "North", 8717, 1),
            (22, "South", 8717, 2),
            (23, "East", 8717, None),
        ],
        "provider": [(11, "Dr A", 38004446, 23), (12, "Dr B", 38004446, None)],
    }


def _events(dice: Dice) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {}
    conditions = ((TYPE_1, TYPE_1), (TYPE_2, SOURCE_2), (TYPE_2, SOURCE_OLD), (TYPE_2_WITH, 0), (ASTHMA, None),
                  (FLU, FLU_SOURCE), (0, 0), (DIABETES, DIABETES))  # fmt: skip

    def make(table: str, count: int, row: Any) -> None:
        found[table] = [row(id_, dice.who(), dice.day()) for id_ in range(1, count + 1)]

    make("visit_occurrence", 200, lambda id_, who, day: (
        id_, who, dice.one(INPATIENT, OUTPATIENT, 0), day, dice.moment(day), dice.later(day), None, 32817,
        dice.one(21, 22, None), dice.one(8765, 0, None), dice.one(8536, None)))  # fmt: skip
    make("condition_occurrence", 500, lambda id_, who, day: (
        id_, who, *(pair := dice.one(*conditions))[:1], day, dice.moment(day), dice.later(day), 32817,
        dice.one("E11", "x", "", None), pair[1], dice.one(*range(1, 200), None)))  # fmt: skip
    make("drug_exposure", 400, lambda id_, who, day: (
        id_, who, dice.one(METFORMIN, TABLET, VACCINE, 0), day, dice.later(day), 32838, dice.one(0, 3, None),
        dice.one(1.0, 28.5, None), dice.one(28, 56, None), dice.one("met", None), dice.one(0, None)))  # fmt: skip
    make("procedure_occurrence", 60, lambda id_, who, day: (
        id_, who, dice.one(BYPASS, 0), day, dice.later(day), dice.one(1, 2, None)))  # fmt: skip
    make("device_exposure", 60, lambda id_, who, day: (
        id_, who, STICK, day, dice.later(day), dice.one("0123", None), dice.one(1, None)))  # fmt: skip
    make("measurement", 600, lambda id_, who, day: (
        id_, who, dice.one(GLUCOSE, WEIGHT, 0), day, dice.moment(day), dice.one(4172704, 4171756, None),
        dice.one(None, 4.5, 70.25, 101.0, 180.0), dice.one(None, 4181412, 0), dice.one(MG_DL, KG, 0, None),
        dice.one(None, 3.5), "glucose", dice.one(0, None)))  # fmt: skip
    make("observation", 80, lambda id_, who, day: (
        id_, who, dice.one(4275495, 0), day, dice.one(None, 1.0, 20.0), dice.one(None, "ex-smoker"),
        dice.one(None, 4310250), 0))  # fmt: skip
    make("condition_era", 150, lambda id_, who, day: (
        id_, who, dice.one(TYPE_2, ASTHMA), day, day + timedelta(days=dice.one(0, 30)), dice.one(1, 2)))  # fmt: skip
    make("drug_era", 150, lambda id_, who, day: (
        id_, who, METFORMIN, day, day + timedelta(days=dice.one(28, 90)), dice.one(1, 3), dice.one(0, 5)))  # fmt: skip
    make("cohort", 90, lambda id_, who, day: (dice.one(1, 2), who, day, day + timedelta(days=100)))  # fmt: skip
    return found


def load(
    connection: duckdb.DuckDBPyConnection,
    seed: int = 0,
    schemas: Mapping[str, str] | None = None,
) -> None:
    """Make the tables in a database, each in the schema that is named for it, or else
    in main.
    """
    for name, values in rows(seed).items():
        schema = (schemas or {}).get(name, "main")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(f"CREATE TABLE {schema}.{name} ({COLUMNS[name]})")
        places = ", ".join("?" * (COLUMNS[name].count(",") + 1))
        connection.executemany(f"INSERT INTO {schema}.{name} VALUES ({places})", values)


def load_sqlite(file: Path, seed: int = 0) -> None:
    """Make the tables in a file of SQLite, where dates and moments are texts."""
    with closing(sqlite3.connect(file)) as connection:
        for name, values in rows(seed).items():
            columns = COLUMNS[name].replace("DATE", "TEXT").replace("TIMESTAMP", "TEXT")
            connection.execute(f"CREATE TABLE {name} ({columns})")
            places = ", ".join("?" * (columns.count(",") + 1))
            stored = [tuple(map(_in_sqlite, row)) for row in values]
            connection.executemany(f"INSERT INTO {name} VALUES ({places})", stored)
        connection.commit()


def _in_sqlite(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


def write(
    folder: Path,
    seed: int = 0,
    changes: Mapping[str, str] | None = None,
    form: str = "parquet",
) -> str:
    """Write the set as files; `changes`: table -> other SQL for it, empty leaves it
    out. Returns its address.
    """
    with duckdb.connect() as connection:
        load(connection, seed)
        for name in COLUMNS:
            sql = (changes or {}).get(name, f"FROM {name}")
            if sql:
                _copy(connection, sql, folder, name, form)
    return f"omop:{folder}"


def _copy(
    connection: duckdb.DuckDBPyConnection, sql: str, folder: Path, name: str, form: str
) -> None:
    # as Athena writes a vocabulary, and R's tools records: tabs, names in capital
    # letters
    if form == "athena":
        described = connection.execute(
            f"SELECT column_name FROM (DESCRIBE {sql})"
        ).fetchall()
        listed = ", ".join(
            f'"{column}" AS "{column.upper()}"' for (column,) in described
        )
        target = folder / f"{name.upper()}.csv"
        connection.execute(
            f"COPY (SELECT {listed} FROM ({sql})) TO '{target}' (DELIM '\t', HEADER)"
        )
    else:
        connection.execute(f"COPY ({sql}) TO '{folder / name}.{form}'")
