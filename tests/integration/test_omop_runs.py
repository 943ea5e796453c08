# mypy: ignore-errors
"""Whole runs on OMOP records: what is said of them, on files and on PostgreSQL
alike.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.flows.commands import Command
from tests.lib import cdm54
from tests.lib.postgres_server import Postgres, postgres_for_tests

DEFINITION = """
from extractors import INTERVAL, codelist_from_csv, concept_set, years
from extractors.tables.core import clinical_events
from extractors.tables.omop import condition_occurrence, observation_period
from measures import create_measures

conditions = condition_occurrence.where(condition_occurrence.condition_start_date.is_during(INTERVAL))
diabetes = concept_set([201820], include_descendants=True, exclude=[201254])
events = clinical_events.where(clinical_events.date.is_during(INTERVAL))
nothing = codelist_from_csv("nothing.csv", column="code")

measures = create_measures()
measures.define_defaults(
    denominator=observation_period.exists_for_patient_on(INTERVAL.start_date),
    intervals=years(4).starting_on("2012-01-01"),
)
found = conditions.where(conditions.condition_concept_id.is_in(diabetes))
measures.define_measure("diabetes", numerator=found.exists_for_patient())
old = conditions.where(conditions.condition_source_concept_id == 45561950)
measures.define_measure("old", numerator=old.exists_for_patient())
measures.define_measure("odd", numerator=conditions.where(
    conditions.condition_concept_id.is_in([1503297, 45561949, 12345])).exists_for_patient())
measures.define_measure("nothing", numerator=events.where(events.snomedct_code.is_in(nothing)).exists_for_patient())
"""
IDS = "condition_occurrence.condition_concept_id is compared with concepts"
MORE = (
    "no code finds them in clinical_events; extractors.tables.omop_core has the "
    "codes of more vocabularies, extractors.tables.omop all concepts"
)
SAID = [
    f"{IDS} that the vocabulary of the records does not have: 12345",
    f"{IDS} of another domain than Condition: 1503297",
    f"{IDS} that are not standard: 45561949; condition_source_concept_id may hold them",
    "clinical_events.snomedct_code is compared with a codelist that finds nothing: "
    "the vocabulary of the records has none of the codes of nothing.csv in SNOMED",
    f"measurement: some rows are of LOINC; {MORE}",
]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    (folder / "diabetes.py").write_text(DEFINITION, encoding="utf-8")
    (folder / "nothing.csv").write_text(
        "code\n840539006\n840544004\n", encoding="utf-8"
    )
    return folder / "diabetes.py"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        yield server


@pytest.fixture(scope="module")
def places(
    server: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("cdm")
    with duckdb.connect(str(folder / "cdm.duckdb")) as connection:
        cdm54.load(connection)
        for name in cdm54.COLUMNS:
            server.load(name, connection.sql(f"FROM {name}").to_arrow_table())
    return {
        "files": cdm54.write(tmp_path_factory.mktemp("files")),
        "duckdb": f"omop:{folder / 'cdm.duckdb'}",
        "postgresql": server.address(scheme="omop+postgresql"),
    }


@pytest.fixture(scope="module")
def shelves(
    server, cohortflow: Command, study: Path, places: dict[str, str], tmp_path_factory
) -> dict[str, Path]:
    found = {}
    for name, where in places.items():
        workspace = tmp_path_factory.mktemp(name)
        arguments = ("run", study, "--records", where, "--workspace", workspace)
        cohortflow(*arguments, **server.environment, COHORTFLOW_WORKERS=1).well()
        found[name] = workspace / "diabetes"
    return found


def manifest(shelf: Path) -> dict:
    return json.loads(
        (shelf / "moderately_sensitive" / "manifest.json").read_text(encoding="utf-8")
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["files", "duckdb", "postgresql"])
def test_what_no_code_finds_is_said_everywhere(shelves, name):
    said = manifest(shelves[name])["warnings"]
    assert [each for each in said if each in SAID] == SAID
    assert not any("no OMOP table" in each for each in said)


@pytest.mark.slow
def test_the_manifest_has_what_a_set_was(shelves):
    found = manifest(shelves["postgresql"])["concept_sets"]
    assert found == manifest(shelves["files"])["concept_sets"]
    assert found["vocabulary"] == "v5.0 31-AUG-23"
    assert found["sets"] == [
        {
            "asked": [
                {"id": 201254, "excluded": True, "descendants": True, "mapped": False},
                {"id": 201820, "excluded": False, "descendants": True, "mapped": False},
            ],
            "concepts": [201820, 201826, 443732],
        }
    ]


@pytest.mark.slow
def test_shares_are_for_the_people_of_the_site(shelves):
    found = json.loads(
        (shelves["files"] / "highly_sensitive" / "dirt.json").read_text(
            encoding="utf-8"
        )
    )["dirt"]
    rows = {(each["file"], each["rule"]): each["rows"] for each in found}
    assert rows["measurement", "of vocabulary LOINC"] > 100
    assert rows["condition_occurrence", "without a concept"] > 10


@pytest.mark.slow
def test_numbers_are_the_same(shelves):
    released = [
        (each / "moderately_sensitive" / "measures.csv").read_bytes()
        for each in shelves.values()
    ]
    assert len(set(released)) == 1


@pytest.mark.slow
def test_check_says_it_of_files_and_asks_no_database(
    cohortflow, study, places, tmp_path
):
    said = cohortflow(
        "check", study, "--records", places["files"], "--workspace", tmp_path
    ).well()
    assert SAID[0] in said.out + said.err
    asked = cohortflow(
        "check", study, "--records", places["postgresql"], "--workspace", tmp_path / "w"
    ).well()
    assert SAID[0] not in asked.out + asked.err


COHORT = """
from extractors import concept_set, create_dataset
from extractors.tables.omop import condition_occurrence, person

found = condition_occurrence.where(condition_occurrence.condition_concept_id.is_in(concept_set([201826, 443732])))
first = found.sort_by(found.condition_start_date, found.condition_occurrence_id).first_for_patient()
dataset = create_dataset()
dataset.define_population(person.exists_for_patient())
dataset.cohort_definition_id = person.year_of_birth * 0 + 7
dataset.cohort_start_date = first.condition_start_date
dataset.cohort_end_date = first.condition_end_date
dataset.add_event_table("every", cohort_start_date=found.condition_start_date)
"""


@pytest.mark.slow
def test_a_dataset_is_a_cohort_as_sql_makes_it(cohortflow, places, tmp_path):
    (tmp_path / "diabetes_cohort.py").write_text(COHORT, encoding="utf-8")
    words = (
        "run",
        tmp_path / "diabetes_cohort.py",
        "--records",
        places["files"],
        "--format",
        "cohort.csv",
        "--json",
    )
    ended = cohortflow(*words, "--workspace", tmp_path / "w").well()
    file = tmp_path / "w" / ended.json["dataset"]
    with duckdb.connect() as connection:
        cdm54.load(connection)
        wanted = "condition_concept_id IN (201826, 443732)"
        events = (
            "FROM condition_occurrence SEMI JOIN person USING (person_id) WHERE "
            f"{wanted}"
        )
        by_sql = connection.execute(
            "SELECT DISTINCT ON (person_id) 7, person_id, condition_start_date, "
            f"coalesce(condition_end_date, condition_start_date) {events} ORDER BY "
            "person_id, condition_start_date, condition_occurrence_id"
        ).fetchall()
        found = connection.execute(f"FROM read_csv('{file}', header=true)").fetchall()
        assert (
            connection.execute(f"DESCRIBE FROM read_csv('{file}')").fetchall()[1][0]
            == "subject_id"
        )
        (other,) = [each for each in file.parent.iterdir() if each != file]
        every = connection.execute(
            f"SELECT count(*) FROM read_csv('{other}')"
        ).fetchall()
        assert every == connection.execute(f"SELECT count(*) {events}").fetchall()
    assert found == by_sql and len(found) > 20
