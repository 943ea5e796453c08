# mypy: ignore-errors
"""OMOP's own tables in the language: each definition against SQL written by hand, in every form of a site."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from extractors import concept_set, create_dataset
from extractors.errors import RecordsError
from extractors.tables import core
from extractors.tables import omop as o
from tests.lib import cdm54
from tests.lib.cdm54 import ASTHMA, DIABETES, FEMALE, FLU, GLUCOSE, METFORMIN, TABLET, TYPE_1, TYPE_2
from tests.lib.on_records import rows_on
from tests.lib.postgres_server import Postgres, postgres_for_tests

DAY = "2015-06-01"
CONCEPT = "measurement_concept_id"
diabetes = concept_set([DIABETES], include_descendants=True, exclude=[TYPE_1])
recorded = concept_set([TYPE_2], include_mapped=True)
drugs = concept_set([METFORMIN], include_descendants=True)
conditions, exposures = o.condition_occurrence, o.drug_exposure
found = conditions.where(conditions.condition_concept_id.is_in(diabetes))
glucose = o.measurement.where(o.measurement.measurement_concept_id == GLUCOSE)
known = glucose.where(glucose.value_as_number.is_not_null())
last = known.sort_by(known.measurement_date, known.measurement_id).last_for_patient()
stays = o.visit_occurrence.where(o.visit_occurrence.visit_concept_id == cdm54.INPATIENT)
taken = exposures.where(exposures.drug_concept_id.is_in(drugs))

# Variable -> series, and the SQL for its value of one person, p.
VARIABLES: dict[str, tuple[Any, str]] = {
    "female": (o.person.gender_concept_id == FEMALE, f"p.gender_concept_id = {FEMALE}"),
    "sex": (o.person.gender_concept_id, "p.gender_concept_id"),
    "race": (o.person.race_concept_id, "p.race_concept_id"),
    "born": (
        o.person.date_of_birth,
        "make_date(p.year_of_birth, coalesce(p.month_of_birth, 1), coalesce(p.day_of_birth, 1))",
    ),
    "birth_day": (o.person.birth_datetime, "p.birth_datetime::DATE"),
    "age": (
        o.person.age_on(DAY),
        "(20150601 - (p.year_of_birth * 10000 + coalesce(p.month_of_birth, 1) * 100 + coalesce(p.day_of_birth, 1)))"
        " // 10000",
    ),
    "diabetes": (
        found.count_for_patient(),
        f"(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id AND c.condition_concept_id IN ("
        f"SELECT descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id = {DIABETES}"
        f" EXCEPT SELECT descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id = {TYPE_1}))",
    ),
    "recorded": (
        conditions.where(conditions.condition_source_concept_id.is_in(recorded)).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id AND"
        f" (c.condition_source_concept_id = {TYPE_2} OR c.condition_source_concept_id IN (SELECT concept_id_1"
        f" FROM concept_relationship WHERE relationship_id = 'Maps to' AND concept_id_2 = {TYPE_2})))",
    ),
    "no_concept": (
        conditions.where(conditions.condition_concept_id == 0).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id AND c.condition_concept_id = 0)",
    ),
    "others": (
        conditions.where(conditions.condition_concept_id.is_not_in([ASTHMA, FLU])).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_concept_id NOT IN ({ASTHMA}, {FLU}))",
    ),
    "first_end": (
        found.condition_end_date.minimum_for_patient(),
        "(SELECT min(condition_end_date) FROM condition_occurrence c WHERE c.person_id = p.person_id AND"
        f" c.condition_concept_id IN ({DIABETES}, {TYPE_2}, {cdm54.TYPE_2_WITH}))",
    ),
    "last_glucose": (
        last.value_as_number,
        "(SELECT value_as_number FROM measurement m WHERE m.person_id = p.person_id AND"
        f" m.measurement_concept_id = {GLUCOSE} AND value_as_number IS NOT NULL"
        " ORDER BY measurement_date DESC, measurement_id DESC LIMIT 1)",
    ),
    "unit": (
        last.unit_concept_id,
        "(SELECT unit_concept_id FROM measurement m WHERE m.person_id = p.person_id AND"
        f" m.measurement_concept_id = {GLUCOSE} AND value_as_number IS NOT NULL"
        " ORDER BY measurement_date DESC, measurement_id DESC LIMIT 1)",
    ),
    "no_unit": (
        glucose.where(glucose.unit_concept_id.is_null()).count_for_patient(),
        "(SELECT count(*) FROM measurement m WHERE m.person_id = p.person_id AND"
        f" m.measurement_concept_id = {GLUCOSE} AND m.unit_concept_id IS NULL)",
    ),
    "above": (
        glucose.where(glucose.operator_concept_id == 4172704).value_as_number.maximum_for_patient(),
        "(SELECT max(value_as_number) FROM measurement m WHERE m.person_id = p.person_id AND"
        f" m.measurement_concept_id = {GLUCOSE} AND m.operator_concept_id = 4172704)",
    ),
    "answered": (
        o.measurement.where(o.measurement.value_as_concept_id == 4181412).count_for_patient(),
        "(SELECT count(*) FROM measurement m WHERE m.person_id = p.person_id AND m.value_as_concept_id = 4181412)",
    ),
    "measured_on": (
        o.measurement.measurement_datetime.maximum_for_patient(),
        "(SELECT max(measurement_datetime)::DATE FROM measurement m WHERE m.person_id = p.person_id)",
    ),
    "supply": (
        taken.days_supply.sum_for_patient(),
        "(SELECT sum(days_supply)::BIGINT FROM drug_exposure d WHERE d.person_id = p.person_id AND"
        f" d.drug_concept_id IN ({METFORMIN}, {TABLET}))",
    ),
    "quantity": (
        taken.quantity.maximum_for_patient(),
        "(SELECT max(quantity) FROM drug_exposure d WHERE d.person_id = p.person_id AND"
        f" d.drug_concept_id IN ({METFORMIN}, {TABLET}))",
    ),
    "from_elsewhere": (
        stays.where(stays.admitted_from_concept_id == 8765).count_for_patient(),
        "(SELECT count(*) FROM visit_occurrence v WHERE v.person_id = p.person_id AND"
        f" v.visit_concept_id = {cdm54.INPATIENT} AND v.admitted_from_concept_id = 8765)",
    ),
    "as_in_53": (
        o.visit_occurrence.where(o.visit_occurrence.discharge_to_concept_id == 8536).count_for_patient(),
        "(SELECT count(*) FROM visit_occurrence v WHERE v.person_id = p.person_id"
        " AND v.discharged_to_concept_id = 8536)",
    ),
    "operated": (
        o.procedure_occurrence.where(o.procedure_occurrence.procedure_concept_id == cdm54.BYPASS).count_for_patient(),
        "(SELECT count(*) FROM procedure_occurrence x WHERE x.person_id = p.person_id"
        f" AND x.procedure_concept_id = {cdm54.BYPASS})",
    ),
    "device": (
        o.device_exposure.where(o.device_exposure.unique_device_id == "0123").count_for_patient(),
        "(SELECT count(*) FROM device_exposure x WHERE x.person_id = p.person_id AND x.unique_device_id = '0123')",
    ),
    "smoked": (
        o.observation.where(o.observation.value_as_string == "ex-smoker").exists_for_patient(),
        "EXISTS (FROM observation x WHERE x.person_id = p.person_id AND x.value_as_string = 'ex-smoker')",
    ),
    "died": (o.death.death_date, "(SELECT min(death_date) FROM death d WHERE d.person_id = p.person_id)"),
    "cause": (
        o.death.cause_concept_id,
        "(SELECT coalesce(max(cause_concept_id) FILTER (cause_concept_id <> 0), max(cause_concept_id))"
        " FROM death d WHERE d.person_id = p.person_id)",
    ),
    "eras": (
        o.condition_era.where(o.condition_era.condition_concept_id == TYPE_2).count_for_patient(),
        "(SELECT count(*) FROM condition_era x WHERE x.person_id = p.person_id AND"
        f" x.condition_concept_id = {TYPE_2})",
    ),
    "gap": (
        o.drug_era.gap_days.maximum_for_patient(),
        "(SELECT max(gap_days)::BIGINT FROM drug_era x WHERE x.person_id = p.person_id)",
    ),
    "in_cohort": (
        o.cohort.where(o.cohort.cohort_definition_id == 2).cohort_start_date.minimum_for_patient(),
        "(SELECT min(cohort_start_date) FROM cohort x WHERE x.subject_id = p.person_id AND x.cohort_definition_id = 2)",
    ),
    "observed": (
        o.observation_period.exists_for_patient_on(DAY),
        "EXISTS (FROM observation_period x WHERE x.person_id = p.person_id AND"
        f" DATE '{DAY}' BETWEEN x.observation_period_start_date AND x.observation_period_end_date)",
    ),
    "observed_for_a_year": (
        o.observation_period.has_prior_observation_on(DAY, 365),
        "EXISTS (FROM observation_period x WHERE x.person_id = p.person_id AND"
        f" DATE '{DAY}' BETWEEN x.observation_period_start_date + 365 AND x.observation_period_end_date)",
    ),
    "zip": (o.location.zip, "(SELECT zip FROM location l WHERE l.location_id = p.location_id)"),
    "doctor": (o.provider.provider_name, "(SELECT provider_name FROM provider l WHERE l.provider_id = p.provider_id)"),
    "site": (
        o.care_site.care_site_name,
        "(SELECT care_site_name FROM care_site s WHERE s.care_site_id = coalesce(nullif(p.care_site_id, 0),"
        " (SELECT care_site_id FROM provider l WHERE l.provider_id = p.provider_id)))",
    ),
    "asthma_of_core": (
        core.clinical_events.where(core.clinical_events.snomedct_code == "195967001").count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_concept_id = {ASTHMA})",
    ),
}  # fmt: skip


def dataset() -> Any:
    made = create_dataset()
    made.define_population(o.person.exists_for_patient())
    for name, (series, _) in VARIABLES.items():
        made.add_column(name, series)
    return made


@pytest.fixture(scope="module")
def by_sql() -> Iterator[dict[int, tuple]]:
    listed = ", ".join(f"{sql} AS {name}" for name, (_, sql) in VARIABLES.items())
    with duckdb.connect() as connection:
        cdm54.load(connection)
        rows = connection.execute(f"SELECT p.person_id, {listed} FROM person AS p").fetchall()
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
    return f"SELECT * REPLACE ({', '.join(f'CAST({each} AS DOUBLE) AS {each}' for each in whole)}) FROM {name}"


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
            "drug_exposure": "SELECT * REPLACE (drug_exposure_start_date::TIMESTAMP AS drug_exposure_start_date)"
            " FROM drug_exposure",
            "death": "SELECT * REPLACE (death_date::TIMESTAMP AS death_date) FROM death",
        }
    },
    "days in digits": {
        "form": "csv",
        "changes": {
            "death": "SELECT * REPLACE (strftime(death_date, '%Y%m%d') AS death_date) FROM death",
            "cohort": "SELECT * REPLACE (strftime(cohort_start_date, '%Y-%m-%d 00:00:00') AS cohort_start_date)"
            " FROM cohort",
        },
    },
    "5.3": {
        "changes": {
            "visit_occurrence": "SELECT * RENAME (admitted_from_concept_id AS admitting_source_concept_id,"
            " discharged_to_concept_id AS discharge_to_concept_id) FROM visit_occurrence"
        }
    },
}  # fmt: skip


def test_the_set_tells_definitions_apart(by_sql):
    for place, name in enumerate(VARIABLES):
        assert len({values[place] for values in by_sql.values()}) > 1, name


@pytest.mark.parametrize("form", FORMS)
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
    found, _ = rows_on(server.address(scheme="omop+postgresql"), dataset(), tmp_path / "snapshot")
    assert different(found, by_sql) == []
    asked = [line for line in server.log[before:].splitlines() if "COPY (SELECT" in line and "LIMIT 0" not in line]
    for table, condition in (
        ("procedure_occurrence", f"'{cdm54.BYPASS}'::int8"),
        ("cohort", "IN ('2'::int8)"),
        ("concept_ancestor", '"ancestor_concept_id" IN (\''),
    ):
        of_table = [line for line in asked if f'."{table}"' in line]
        assert of_table and all(condition in line for line in of_table), table


def test_every_cell_of_a_duckdb_file_is_that_of_sql(by_sql, tmp_path):
    with duckdb.connect(str(tmp_path / "cdm.duckdb")) as connection:
        cdm54.load(connection)
    found, _ = rows_on(f"omop:{tmp_path / 'cdm.duckdb'}", dataset(), tmp_path / "snapshot")
    assert different(found, by_sql) == []


# What is missing


def counting(frame: Any) -> Any:
    made = create_dataset()
    made.define_population(frame.exists_for_patient())
    made.rows = frame.count_for_patient()
    return made


def test_persons_who_are_nobody_are_left_out_and_said(tmp_path):
    where = cdm54.write(tmp_path, changes={"observation_period": "FROM observation_period WHERE person_id > 70"})
    found, said = rows_on(where, counting(o.observation_period), tmp_path / "snapshot")
    assert set(found) == set(range(71, 81))
    assert said == ["observation_period: some rows are of persons who are not in person; they are left out"]


def test_without_person_every_row_counts(tmp_path):
    where = cdm54.write(tmp_path, changes={"person": ""})
    found, said = rows_on(where, counting(o.observation_period), tmp_path / "snapshot")
    assert cdm54.STRANGER in found
    assert said == [f"folder {tmp_path}: there is no OMOP table person, so whoever has a row anywhere is one"]


def test_a_column_that_a_site_does_not_have_is_said(tmp_path):
    where = cdm54.write(tmp_path, changes={"measurement": "SELECT * EXCLUDE (unit_concept_id) FROM measurement"})
    without = o.measurement.where(o.measurement.unit_concept_id.is_null())
    found, said = rows_on(where, counting(without), tmp_path / "snapshot")
    assert found and any("it has no column unit_concept_id, which counts as missing in every row" in e for e in said)


@pytest.mark.parametrize(
    ("changes", "frame", "why"),
    [
        (
            {"measurement": "SELECT * EXCLUDE (measurement_concept_id) FROM measurement"},
            glucose,
            "it lacks measurement_concept_id; OMOP 5.3 and 5.4 have that in measurement",
        ),
        ({"measurement": ""}, glucose, "made of OMOP tables that are not in .*: measurement"),
        ({"concept_ancestor": ""}, found, "the records have no table concept_ancestor"),
        (
            {"death": "FROM death UNION ALL SELECT * REPLACE (DATE '2019-05-06' AS death_date) FROM death"},
            o.death,
            "death: some rows are deaths of a person on several days; keep the day that is right",
        ),
        ({"person": "FROM person UNION ALL FROM person"}, o.person, "further rows of a patient"),
        (
            {"measurement": f"SELECT * REPLACE (0.5::DOUBLE AS {CONCEPT}) FROM measurement"},
            glucose,
            f"{CONCEPT}: some rows are not whole numbers",
        ),
        (
            {"measurement": f"SELECT * REPLACE (3e7::FLOAT AS {CONCEPT}) FROM measurement"},
            glucose,
            f"{CONCEPT}: some rows are not whole numbers",
        ),
        (
            {"measurement": "SELECT * REPLACE ('someday' AS measurement_date) FROM measurement"},
            o.measurement.where(o.measurement.measurement_date.is_not_null()),
            "measurement_date: some rows are not dates",
        ),
    ],
)
def test_what_is_refused(tmp_path, changes, frame, why):
    where = cdm54.write(tmp_path, changes=changes)
    with pytest.raises(RecordsError, match=why):
        rows_on(where, counting(frame), tmp_path / "snapshot")
