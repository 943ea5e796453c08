# mypy: ignore-errors
"""OMOP's own tables in the language: each definition against SQL written by hand, in
every form of a site.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors import create_dataset
from extractors.errors import RecordsError
from extractors.sources import Address
from extractors.tables import core
from extractors.tables import omop as o
from tests.lib import cdm54
from tests.lib.cdm54 import TYPE_2
from tests.lib.mssql_stand_in import Server
from tests.lib.omop_variables import (
    CONCEPT,
    VARIABLES,
    dataset,
    events,
    glucose,
    last,
    with_code,
)
from tests.lib.omop_variables import found as with_diabetes
from tests.lib.on_records import rows_on
from tests.lib.postgres_server import Postgres, postgres_for_tests


@pytest.fixture(scope="module")
def by_sql() -> Iterator[dict[int, tuple]]:
    listed = ", ".join(f"{sql} AS {name}" for name, (_, sql) in VARIABLES.items())
    with duckdb.connect() as connection:
        cdm54.load(connection)
        rows = connection.execute(
            f"SELECT p.person_id, {listed} FROM person AS p"
        ).fetchall()
    yield {row[0]: row[1:] for row in rows}


def different(found: dict[int, tuple], expected: dict[int, tuple]) -> list[str]:
    """The variables with a cell that is different."""
    assert found.keys() == expected.keys()
    wrong = [
        name
        for place, name in enumerate(VARIABLES)
        if any(found[person][place] != expected[person][place] for person in expected)
    ]
    return wrong


WITH_NUMBERS = [name for name, columns in cdm54.COLUMNS.items() if "INTEGER" in columns]


def as_floats(name: str) -> str:
    """Whole numbers as pandas leaves them, where some are missing."""
    parts = cdm54.COLUMNS[name].split(", ")
    whole = [part.split()[0] for part in parts if part.endswith(" INTEGER")]
    return (
        "SELECT * REPLACE "
        f"({', '.join(f'CAST({each} AS DOUBLE) AS {each}' for each in whole)}) FROM "
        f"{name}"
    )


def as_bigints(name: str) -> str:
    return as_floats(name).replace("AS DOUBLE", "AS BIGINT")


FORMS: dict[str, dict[str, Any]] = {
    "parquet": {},
    "csv": {"form": "csv"},
    "csv.gz": {"form": "csv.gz"},
    "athena": {"form": "athena"},
    "floats": {"changes": {name: as_floats(name) for name in WITH_NUMBERS}},
    "floats in csv": {
        "form": "csv",
        "changes": {name: as_floats(name) for name in WITH_NUMBERS},
    },
    "NA of R": {
        "form": "csv",
        "changes": {
            "measurement": "SELECT * REPLACE (coalesce(value_as_number::VARCHAR, 'NA') AS "
"value_as_number, coalesce(unit_concept_id::VARCHAR, 'NA') AS "
"unit_concept_id) FROM measurement",
            "condition_occurrence": "SELECT * REPLACE (coalesce(condition_end_date::VARCHAR, 'NA') AS "
"condition_end_date) FROM condition_occurrence",
        },
    },
    "bigints": {"changes": {name: as_bigints(name) for name in WITH_NUMBERS}},
    "moments alone": {
        "changes": {
            "condition_occurrence": "SELECT * EXCLUDE (condition_start_date) FROM condition_occurrence",
            "visit_occurrence": "SELECT * EXCLUDE (visit_start_date) FROM visit_occurrence",
            "measurement": "SELECT * EXCLUDE (measurement_date) FROM measurement",
        }
    },
    "midnights": {
        "changes": {
            "drug_exposure": "SELECT * REPLACE (drug_exposure_start_date::TIMESTAMP AS "
"drug_exposure_start_date) FROM drug_exposure",
            "death": "SELECT * REPLACE (death_date::TIMESTAMP AS death_date) FROM death",
        }
    },
    "days in digits": {
        "form": "csv",
        "changes": {
            "death": "SELECT * REPLACE (strftime(death_date, '%Y%m%d') AS death_date) "
"FROM death",
            "cohort": "SELECT * REPLACE (strftime(cohort_start_date, '%Y-%m-%d 00:00:00') "
"AS cohort_start_date) FROM cohort",
        },
    },
    "5.3": {
        "changes": {
            "visit_occurrence": "SELECT * RENAME (admitted_from_concept_id AS "
"admitting_source_concept_id, discharged_to_concept_id AS "
"discharge_to_concept_id) FROM visit_occurrence"
        }
    },
}  # fmt: skip


def test_the_set_tells_definitions_apart(by_sql):
    for place, name in enumerate(VARIABLES):
        assert len({values[place] for values in by_sql.values()}) > 1, name


# forms that the others have parts of
RARE = ("csv.gz", "floats in csv", "floats", "days in digits", "NA of R", "athena")


@pytest.mark.parametrize(
    "form",
    [pytest.param(form, marks=[pytest.mark.slow] * (form in RARE)) for form in FORMS],
)
def test_every_cell_is_that_of_sql(form, by_sql, tmp_path):
    (tmp_path / "cdm").mkdir()
    where = cdm54.write(tmp_path / "cdm", **FORMS[form])
    found, _ = rows_on(where, dataset(), tmp_path / "snapshot")
    assert different(found, by_sql) == []
    assert len(found) == cdm54.PERSONS


# Databases


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        with duckdb.connect() as connection:
            cdm54.load(connection)
            for name in cdm54.COLUMNS:
                server.load(name, connection.sql(f"FROM {name}").to_arrow_table())
        yield server


def test_every_cell_of_postgresql_is_that_of_sql(server, by_sql, tmp_path):
    before = len(server.log)
    found, _ = rows_on(
        server.address(scheme="omop+postgresql"), dataset(), tmp_path / "snapshot"
    )
    assert different(found, by_sql) == []
    asked = [
        line
        for line in server.log[before:].splitlines()
        if "COPY (SELECT" in line and "LIMIT 0" not in line
    ]
    for table, condition in (
        ("condition_era", f"'{TYPE_2}'::int8"),
        ("cohort", "IN ('2'::int8)"),
        ("concept_ancestor", '"ancestor_concept_id" IN (\''),
    ):
        of_table = [line for line in asked if f'."{table}"' in line]
        assert of_table and all(condition in line for line in of_table), table


def test_schemas_of_postgresql(server, by_sql, tmp_path):
    """A vocabulary of its own schema goes before the one beside the records, where it
    is named.
    """
    server.psql(
        "CREATE SCHEMA vocab; CREATE SCHEMA res; CREATE SCHEMA cdm; CREATE TABLE "
        "cdm.person AS SELECT * FROM person;CREATE TABLE vocab.concept AS SELECT * "
        "FROM concept WHERE vocabulary_id <> 'SNOMED';CREATE TABLE res.cohort AS "
        "SELECT * FROM cohort; CREATE TABLE res.person (x INTEGER);CREATE TABLE "
        "cdm.condition_occurrence AS SELECT * FROM condition_occurrence;CREATE TABLE "
        "cdm.cohort AS SELECT * FROM cohort LIMIT 0"
    )
    made = create_dataset()
    made.define_population(o.person.exists_for_patient())
    made.coded = with_code("44054006").count_for_patient()
    made.member = o.cohort.exists_for_patient()
    query = "?cdm_schema=cdm&vocab_schema=vocab&results_schema=res"
    where = server.address(scheme="omop+postgresql", query=query)
    found, _ = rows_on(where, made, tmp_path / "snapshot")
    assert len(found) == cdm54.PERSONS and {coded for coded, _ in found.values()} == {0}
    assert {member for _, member in found.values()} == {True, False}


def test_every_cell_of_a_duckdb_file_is_that_of_sql(by_sql, tmp_path):
    with duckdb.connect(str(tmp_path / "cdm.duckdb")) as connection:
        cdm54.load(connection)
    found, _ = rows_on(
        f"omop:{tmp_path / 'cdm.duckdb'}", dataset(), tmp_path / "snapshot"
    )
    assert different(found, by_sql) == []


@pytest.mark.slow
@pytest.mark.parametrize("driver", ["duckdb", "sqlite"])
def test_every_cell_behind_a_driver_is_that_of_sql(driver, by_sql, tmp_path):
    """SQLite has no dates, but texts."""
    file = tmp_path / f"cdm.{driver}"
    if driver == "duckdb":
        with duckdb.connect(str(file)) as connection:
            cdm54.load(connection)
    else:
        cdm54.load_sqlite(file)
    found, _ = rows_on(f"omop:adbc+{driver}://{file}", dataset(), tmp_path / "snapshot")
    assert different(found, by_sql) == []


SCHEMAS = dict.fromkeys(cdm54.VOCABULARY, "vocab") | dict.fromkeys(
    cdm54.RESULTS, "results"
)
IN_SCHEMAS = "?cdm_schema=cdm_5&vocab_schema=vocab&results_schema=results"


@pytest.fixture
def in_schemas(tmp_path) -> Path:
    """A file with schemas, and beside them tables of the same names that nobody
    means.
    """
    file = tmp_path / "cdm.duckdb"
    with duckdb.connect(str(file)) as connection:
        cdm54.load(connection, schemas=dict.fromkeys(cdm54.COLUMNS, "cdm_5") | SCHEMAS)
        for name in cdm54.COLUMNS:
            connection.execute(
                f"CREATE TABLE main.{name} AS FROM "
                f"{SCHEMAS.get(name, 'cdm_5')}.{name} LIMIT 0"
            )
        connection.execute("CREATE TABLE cdm_5.concept AS FROM vocab.concept LIMIT 0")
    return file


@pytest.mark.slow
def test_schemas_behind_a_driver(in_schemas, by_sql, tmp_path):
    where = f"omop:adbc+duckdb://{in_schemas}{IN_SCHEMAS}"
    found, _ = rows_on(where, dataset(), tmp_path / "snapshot")
    assert different(found, by_sql) == []
    assert str(Address.parse(where).absolute()) == where


@pytest.mark.slow
def test_schemas_of_sql_server(in_schemas, by_sql, tmp_path, monkeypatch):
    """By a stand-in for its driver."""
    monkeypatch.setitem(sys.modules, "mssql_python", Server(in_schemas).package())
    monkeypatch.setenv("SQLCMDPASSWORD", "x")
    where = f"omop:mssql://me@db/records{IN_SCHEMAS}&Encrypt=yes"
    found, _ = rows_on(where, dataset(), tmp_path / "snapshot")
    assert different(found, by_sql) == []


def test_a_schema_that_is_not_there_is_named(in_schemas, server, tmp_path):
    driven = f"omop:adbc+duckdb://{in_schemas}"
    for number, where in enumerate((driven, server.address(scheme="omop+postgresql"))):
        with pytest.raises(
            RecordsError, match="there is no schema nowhere with tables; it has "
        ):
            rows_on(
                f"{where}?cdm_schema=nowhere",
                counting(o.person),
                tmp_path / str(number),
            )


def test_ids_of_64_bits(by_sql, tmp_path):
    """As hashes are, some below 0."""
    changes = {}
    for name, columns in cdm54.COLUMNS.items():
        key = "subject_id" if name == "cohort" else "person_id"
        if f"{key} " in columns:
            wide = (
                f"CASE WHEN {key} % 2 = 1 THEN -{key} * 1000000000000000::BIGINT "
                f"ELSE {key} + 7000000000000000 END"
            )
            changes[name] = f"SELECT * REPLACE ({wide} AS {key}) FROM {name}"
    (tmp_path / "cdm").mkdir()
    found, _ = rows_on(
        cdm54.write(tmp_path / "cdm", changes=changes), dataset(), tmp_path / "snapshot"
    )
    wide_of = {who: -who * 10**15 if who % 2 else who + 7 * 10**15 for who in by_sql}
    assert (
        different(found, {wide_of[who]: values for who, values in by_sql.items()}) == []
    )


# What is missing


def counting(frame: Any) -> Any:
    made = create_dataset()
    made.define_population(frame.exists_for_patient())
    made.rows = frame.count_for_patient()
    return made


def test_persons_who_are_nobody_are_left_out_and_said(tmp_path):
    where = cdm54.write(
        tmp_path,
        changes={"observation_period": "FROM observation_period WHERE person_id > 70"},
    )
    found, said = rows_on(where, counting(o.observation_period), tmp_path / "snapshot")
    assert set(found) == set(range(71, 81))
    assert said == [
        "observation_period: some rows are of persons who are not in person; they "
        "are left out"
    ]


def test_without_person_every_row_counts(tmp_path):
    where = cdm54.write(tmp_path, changes={"person": ""})
    found, said = rows_on(where, counting(o.observation_period), tmp_path / "snapshot")
    assert cdm54.STRANGER in found
    assert said == [
        f"folder {tmp_path}: there is no OMOP table person, so everybody with a row "
        "counts as a person"
    ]


def test_a_column_that_a_site_does_not_have_is_said(tmp_path):
    where = cdm54.write(
        tmp_path,
        changes={"measurement": "SELECT * EXCLUDE (unit_concept_id) FROM measurement"},
    )
    without = o.measurement.where(o.measurement.unit_concept_id.is_null())
    found, said = rows_on(where, counting(without), tmp_path / "snapshot")
    (once,) = [each for each in said if "unit_concept_id" in each]
    assert found and once.endswith(
        "it has no column unit_concept_id, which counts as missing in every row"
    )


def test_of_a_death_nothing_is_said_that_nobody_asks_for(tmp_path):
    where = cdm54.write(
        tmp_path, changes={"death": "SELECT person_id, death_date FROM death"}
    )
    made = create_dataset()
    made.define_population(o.death.exists_for_patient())
    made.day = o.death.death_date
    _, said = rows_on(where, made, tmp_path / "snapshot")
    assert said == []
    made.cause = o.death.cause_concept_id
    _, said = rows_on(where, made, tmp_path / "again")
    assert said == [
        "death.parquet: it has no column cause_concept_id, which counts as missing "
        "in every row"
    ]


def test_of_several_rows_of_a_place_the_first_in_their_order_counts(tmp_path):
    twice = (
        "FROM location UNION ALL SELECT * REPLACE ('Aberdeen' AS city) FROM location"
    )
    where = cdm54.write(tmp_path, changes={"location": twice})
    made = create_dataset()
    made.define_population(o.location.exists_for_patient())
    made.city = o.location.city
    found, _ = rows_on(where, made, tmp_path / "snapshot")
    assert found and set(found.values()) == {("Aberdeen",)}


@pytest.mark.parametrize(
    ("changes", "frame", "why"),
    [
        (
            {
                "measurement": "SELECT * EXCLUDE (measurement_concept_id) FROM measurement"
            },
            glucose,
            "it lacks measurement_concept_id; OMOP 5.3 and 5.4 have that in "
            "measurement",
        ),
        (
            {"measurement": ""},
            glucose,
            "made of OMOP tables that are not in .*: measurement",
        ),
        (
            {"concept_ancestor": ""},
            with_diabetes,
            "the records have no table concept_ancestor",
        ),
        (
            {
                "death": "FROM death UNION ALL SELECT * REPLACE (DATE '2019-05-06' AS "
                "death_date) FROM death"
            },
            o.death,
            "death: some rows are deaths of a person on several days; keep the day "
            "that is right",
        ),
        (
            {"person": "FROM person UNION ALL FROM person"},
            o.person,
            "further rows of a patient",
        ),
        (
            {
                "measurement": f"SELECT * REPLACE (0.5::DOUBLE AS {CONCEPT}) FROM measurement"
            },
            glucose,
            f"{CONCEPT}: some rows are not whole numbers",
        ),
        (
            {
                "measurement": f"SELECT * REPLACE (3e7::FLOAT AS {CONCEPT}) FROM measurement"
            },
            glucose,
            f"{CONCEPT}: some rows are not whole numbers",
        ),
        (
            {
                "measurement": "SELECT * REPLACE ('someday' AS measurement_date) FROM "
                "measurement"
            },
            o.measurement.where(o.measurement.measurement_date.is_not_null()),
            "measurement_date: some rows are not dates",
        ),
    ],
)
def test_what_is_refused(tmp_path, changes, frame, why):
    where = cdm54.write(tmp_path, changes=changes)
    with pytest.raises(RecordsError, match=why):
        rows_on(where, counting(frame), tmp_path / "snapshot")


def test_a_set_without_a_vocabulary_is_read_where_none_is_needed(by_sql, tmp_path):
    where = cdm54.write(tmp_path, changes=dict.fromkeys(cdm54.VOCABULARY, ""))
    made = create_dataset()
    made.define_population(o.person.exists_for_patient())
    made.glucose = last.value_as_number
    made.events = events.where(events.date.is_after("2015-01-01")).count_for_patient()
    made.died = core.patients.date_of_death
    found, said = rows_on(where, made, tmp_path / "snapshot")
    places = [list(VARIABLES).index(name) for name in ("last_glucose", "died")]
    assert {who: (values[0], values[2]) for who, values in found.items()} == {
        who: tuple(values[place] for place in places) for who, values in by_sql.items()
    }
    assert not any("concept" in each for each in said)
    made.asthma = with_code("195967001").exists_for_patient()
    with pytest.raises(
        RecordsError,
        match="clinical_events is made of OMOP tables that are not in .*: concept;",
    ):
        rows_on(where, made, tmp_path / "again")


def test_tables_of_omop_that_are_read_as_others_are_known(tmp_path):
    where = cdm54.write(tmp_path).removeprefix("omop:")
    with pytest.raises(
        RecordsError,
        match="If these are OMOP's tables, write omop: in front of the place",
    ):
        rows_on(where, counting(o.measurement), tmp_path / "snapshot")
