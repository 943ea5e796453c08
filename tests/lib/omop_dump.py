"""A small OMOP dump, written as every kind of file a site may send."""

import datetime
from pathlib import Path

import duckdb

from extractors.model.schema import Column, TableSchema
from extractors.model.types import DMDCode, ICD10Code, SNOMEDCTCode

DAY = datetime.date
CANARY = "7777777"
CORE = {
    schema.name: schema
    for schema in (
        TableSchema(
            "patients",
            (
                Column("date_of_birth", DAY, required=True, first_of_month=True),
                Column(
                    "sex",
                    str,
                    required=True,
                    categories=("female", "male", "intersex", "unknown"),
                ),
                Column("date_of_death", DAY),
            ),
            one_row=True,
        ),
        TableSchema(
            "practice_registrations",
            (
                Column("start_date", DAY, required=True),
                Column("end_date", DAY),
                Column("practice_pseudo_id", int, required=True),
            ),
        ),
        TableSchema(
            "clinical_events",
            (
                Column("date", DAY),
                Column("snomedct_code", SNOMEDCTCode),
                Column("numeric_value", float),
            ),
        ),
        TableSchema("medications", (Column("date", DAY), Column("dmd_code", DMDCode))),
        TableSchema(
            "ons_deaths",
            (
                Column("date", DAY),
                Column("underlying_cause_of_death", ICD10Code),
                Column("cause_of_death_01", ICD10Code),
                Column("cause_of_death_15", ICD10Code),
            ),
            one_row=True,
        ),
    )
}

# A small dump. Person 9 is in no `person` row; person 5's month is only in
# birth_datetime, 6's nowhere.
DUMP = {
    "person": """
        SELECT * FROM (VALUES
            (1, 8507, 1950, 12, 31, TIMESTAMP '1950-12-31 00:00:00', 70, 0),
            (2, 8532, 1960, 1, 1, NULL, 71, 500),
            (3, 0, 1970, 2, 29, NULL, NULL, NULL),
            (4, 42, 1980, 7, NULL, NULL, 72, NULL),
            (5, 8570, 1990, NULL, NULL, TIMESTAMP '1990-05-17 13:45:00', NULL, NULL),
            (6, NULL, 2000, NULL, NULL, NULL, NULL, NULL)
        ) AS t(person_id, gender_concept_id, year_of_birth, month_of_birth, day_of_birth, birth_datetime,
               provider_id, care_site_id)""",
    "death": """
        SELECT * FROM (VALUES
            (1, DATE '2020-03-04', 0, 'I21.9', 0),
            (2, DATE '2020-03-05', 31, 'fell over', 32),
            (3, DATE '2020-03-06', 31, NULL, 0),
            (4, DATE '2020-03-07', 11, '7777777', 11),
            (9, DATE '2020-03-08', 31, NULL, 0)
        ) AS t(person_id, death_date, cause_concept_id, cause_source_value, cause_source_concept_id)""",
    "observation_period": """
        SELECT * FROM (VALUES
            (1, 1, DATE '2000-01-01', DATE '2020-03-04'),
            (2, 2, DATE '2001-01-01', DATE '2002-01-01'),
            (3, 2, DATE '2003-01-01', DATE '2020-03-05'),
            (4, 3, DATE '2004-01-01', DATE '2020-03-06'),
            (5, 9, DATE '2004-01-01', DATE '2020-03-06')
        ) AS t(
            observation_period_id, person_id, observation_period_start_date, observation_period_end_date
        )""",
    "provider": """
        SELECT * FROM (VALUES (70, 600), (71, 601), (72, NULL)) AS t(provider_id, care_site_id)""",
    "condition_occurrence": """
        SELECT * FROM (VALUES
            (1, 11, DATE '2019-01-01'), (2, 12, DATE '2019-01-02'), (3, 13, DATE '2019-01-03'),
            (9, 11, DATE '2019-01-04'), (9, 11, DATE '2019-01-05')
        ) AS t(person_id, condition_concept_id, condition_start_date)""",
    "measurement": """
        SELECT * FROM (VALUES (1, 14, DATE '2019-02-01', 1.5), (1, 11, DATE '2019-02-02', NULL))
        AS t(person_id, measurement_concept_id, measurement_date, value_as_number)""",
    "observation": """
        SELECT * FROM (VALUES (1, 0, DATE '2019-03-01', 2)) AS
        t(person_id, observation_concept_id, observation_date, value_as_number)""",
    "procedure_occurrence": """
        SELECT * FROM (VALUES (2, 11, DATE '2019-04-01')) AS
        t(person_id, procedure_concept_id, procedure_date)""",
    "drug_exposure": """
        SELECT * FROM (VALUES
            (1, 21, DATE '2019-05-01', 22), (1, 22, DATE '2019-05-02', 0), (1, 21, DATE '2019-05-03', NULL),
            (9, 21, DATE '2019-05-01', 22)
        ) AS t(person_id, drug_concept_id, drug_exposure_start_date, drug_source_concept_id)""",
    "concept": """
        SELECT * FROM (VALUES
            (11, 'Sinusitis', 'SNOMED', 'S', '444814009'), (11, 'Sinusitis', 'SNOMED', 'S', '444814009'),
            (12, 'Old sinusitis', 'SNOMED', NULL, '111111111'), (13, 'Of ICD', 'ICD10', NULL, 'J01'),
            (14, 'A test', 'LOINC', 'S', '1234-5'), (21, 'A drug', 'RxNorm', 'S', '1191'),
            (22, 'A product', 'dm+d', NULL, '39113611000001102'), (31, 'Flu', 'ICD10', NULL, 'J10.0'),
            (32, 'Block', 'ICD10', NULL, 'J09-J18'), (42, 'Intersex', 'Gender', NULL, 'I'),
            (8507, 'MALE', 'Gender', 'S', 'M'), (8532, 'FEMALE', 'Gender', 'S', 'F'),
            (8570, 'AMBIGUOUS', 'Gender', 'S', 'A')
        ) AS t(concept_id, concept_name, vocabulary_id, standard_concept, concept_code)""",
}


def write_dump(folder: Path, form: str = "parquet", **changes: str | None) -> str:
    """Write the dump, with other SQL for some tables (None leaves a table out); returns
    where it is.
    """
    tables = {name: sql for name, sql in {**DUMP, **changes}.items() if sql}
    database = str(folder / "cdm.duckdb") if form == "duckdb" else ":memory:"
    with duckdb.connect(database) as connection:
        for name, sql in tables.items():
            connection.execute(
                f"CREATE TABLE {name.upper() if form == 'upper case' else name} AS "
                f"{sql}"
            )
            if form != "duckdb":
                _copy(connection, name, folder, form)
    return f"omop:{database if form == 'duckdb' else folder}"


def _copy(
    connection: duckdb.DuckDBPyConnection, name: str, folder: Path, form: str
) -> None:
    if form == "upper case":
        columns = connection.execute(
            f"SELECT column_name FROM (DESCRIBE {name})"
        ).fetchall()
        listed = ", ".join(f'{column} AS "{column.upper()}"' for (column,) in columns)
        connection.execute(
            f"COPY (SELECT {listed} FROM {name}) TO '{folder}/{name.upper()}.csv' "
            "(DELIM '\t')"
        )
    elif form == "text":
        connection.execute(
            f"COPY (SELECT COLUMNS(*)::VARCHAR FROM {name}) TO "
            f"'{folder}/{name}.parquet' (FORMAT parquet)"
        )
    else:
        connection.execute(f"COPY {name} TO '{folder}/{name}.{form}'")
