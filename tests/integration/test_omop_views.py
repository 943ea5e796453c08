"""OMOP dumps as the core tables: real ones against hand-written SQL, small ones case by
case.
"""

import shutil

import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import Column, TableSchema
from extractors.model.types import CTV3Code
from extractors.sources import open_source
from extractors.tables import raw_core
from tests.lib.omop_dump import CANARY, CORE, DAY, DUMP, write_dump

EXPECTED = {
    "patients": [
        (1, DAY(1950, 12, 1), "male", DAY(2020, 3, 4)),
        (2, DAY(1960, 1, 1), "female", DAY(2020, 3, 5)),
        (3, DAY(1970, 2, 1), "unknown", DAY(2020, 3, 6)),
        (4, DAY(1980, 7, 1), "intersex", DAY(2020, 3, 7)),
        (5, DAY(1990, 5, 1), "unknown", None),
        (6, DAY(2000, 1, 1), "unknown", None),
    ],
    "practice_registrations": [
        (1, DAY(2000, 1, 1), DAY(2020, 3, 4), 600),
        (2, DAY(2001, 1, 1), DAY(2002, 1, 1), 500),
        (2, DAY(2003, 1, 1), DAY(2020, 3, 5), 500),
        (3, DAY(2004, 1, 1), DAY(2020, 3, 6), 0),
    ],
    "clinical_events": [
        (1, DAY(2019, 1, 1), "444814009", None),
        (1, DAY(2019, 2, 1), None, 1.5),
        (1, DAY(2019, 2, 2), "444814009", None),
        (1, DAY(2019, 3, 1), None, 2.0),
        (2, DAY(2019, 1, 2), "111111111", None),
        (2, DAY(2019, 4, 1), "444814009", None),
        (3, DAY(2019, 1, 3), None, None),
    ],
    "medications": [
        (1, DAY(2019, 5, 1), "39113611000001102"),
        (1, DAY(2019, 5, 2), "39113611000001102"),
        (1, DAY(2019, 5, 3), None),
    ],
    "ons_deaths": [
        (1, DAY(2020, 3, 4), "I219", None, None),
        (2, DAY(2020, 3, 5), "J100", None, None),
        (3, DAY(2020, 3, 6), "J100", None, None),
        (4, DAY(2020, 3, 7), None, None, None),
    ],
}


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def columns_of(name: str) -> list[str]:
    return [column.name for column in CORE[name].columns]


def read(engine: Engine, where: str, name: str) -> list[tuple]:
    relation = open_source(where).relation(engine, CORE[name], columns_of(name))
    return engine.execute(f"SELECT * FROM ({relation}) ORDER BY ALL")


def check(engine: Engine, where: str, name: str) -> list[str]:
    warnings = list(open_source(where).check(engine, CORE[name], columns_of(name)).said)
    assert not any(CANARY in warning for warning in warnings)
    return warnings


def refused(call, *args) -> str:
    with pytest.raises(RecordsError) as raised:
        call(*args)
    assert CANARY not in str(raised.value) + repr(raised.value)
    return raised.value.message


@pytest.mark.parametrize(
    "form", ["parquet", "csv", "csv.gz", "upper case", "text", "duckdb"]
)
@pytest.mark.parametrize("name", CORE)
def test_a_dump_of_every_kind_gives_the_same_tables(engine, tmp_path, form, name):
    where = write_dump(tmp_path, form)
    check(engine, where, name)
    assert read(engine, where, name) == EXPECTED[name]


WARNINGS = {
    "patients": [
        "death: some rows are of persons who are not in person",
        "person: some rows are without a month of birth",
    ],
    "practice_registrations": [
        "observation_period: some rows are of persons who are not in person"
    ],
    "clinical_events": [
        "condition_occurrence: some rows are of persons who are not in person",
        "condition_occurrence: some rows are of ICD10",
        "measurement: some rows are of LOINC",
    ],
    "medications": [
        "drug_exposure: some rows are of persons who are not in person",
        "drug_exposure: some rows are of RxNorm",
    ],
    "ons_deaths": [
        "OMOP ons_deaths: column underlying_cause_of_death: some rows are NULL",
        "OMOP ons_deaths: column cause_of_death_01: some rows are NULL",
        "OMOP ons_deaths: column cause_of_death_15: some rows are NULL",
        "death: some rows are of persons who are not in person",
    ],
}


@pytest.mark.parametrize("name", CORE)
def test_what_is_left_out_or_without_a_code_is_counted(engine, tmp_path, name):
    warnings = check(engine, write_dump(tmp_path), name)
    assert [warning.partition(";")[0] for warning in warnings] == WARNINGS[name]


@pytest.mark.parametrize("form", ["parquet", "csv", "duckdb"])
def test_optional_columns_may_be_missing(engine, tmp_path, form):
    where = write_dump(
        tmp_path,
        form,
        person="SELECT 1 AS person_id, 8507 AS gender_concept_id, 1950 AS year_of_birth",
        death="SELECT 1 AS person_id, DATE '2020-01-01' AS death_date",
        measurement="SELECT 1 person_id, 11 measurement_concept_id, DATE '2019-01-01' "
        "measurement_date",
        drug_exposure="SELECT 1 person_id, 22 drug_concept_id, DATE '2019-01-01' "
        "drug_exposure_start_date",
        provider="SELECT 1 AS provider_id",
        concept=DUMP["concept"].replace("concept_name", "other"),
    )
    for name in CORE:
        check(engine, where, name)
    assert read(engine, where, "patients") == [
        (1, DAY(1950, 1, 1), "male", DAY(2020, 1, 1))
    ]
    assert read(engine, where, "practice_registrations")[0][3] == 0
    assert (1, DAY(2019, 1, 1), "444814009", None) in read(
        engine, where, "clinical_events"
    )
    assert read(engine, where, "medications") == [
        (1, DAY(2019, 1, 1), "39113611000001102")
    ]
    assert read(engine, where, "ons_deaths") == [(1, DAY(2020, 1, 1), None, None, None)]


def test_certificates_as_recorded_are_those_of_omop(engine, tmp_path):
    where, columns = write_dump(tmp_path), columns_of("ons_deaths")
    raw = raw_core.ons_deaths._node.table.schema
    source = open_source(where)
    assert source.check(engine, raw, columns).said
    relation = source.relation(engine, raw, columns)
    assert (
        engine.execute(f"SELECT * FROM ({relation}) ORDER BY ALL")
        == EXPECTED["ons_deaths"]
    )


def test_tables_that_may_be_missing_count_as_empty(engine, tmp_path):
    where = write_dump(
        tmp_path,
        death=None,
        provider=None,
        condition_occurrence=None,
        observation=None,
        procedure_occurrence=None,
    )
    folder = where.removeprefix("omop:")
    assert (
        f"folder {folder}: there is no OMOP table death; it counts as empty"
        in check(engine, where, "patients")
    )
    assert {row[3] for row in read(engine, where, "patients")} == {None}
    assert len(read(engine, where, "clinical_events")) == 2
    assert [row[3] for row in read(engine, where, "practice_registrations")] == [
        0,
        500,
        500,
        0,
    ]


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("patients", ["person"]),
        ("practice_registrations", ["observation_period"]),
        ("clinical_events", ["concept"]),
        (
            "clinical_events",
            [
                "condition_occurrence",
                "measurement",
                "observation",
                "procedure_occurrence",
            ],
        ),
        ("medications", ["drug_exposure"]),
        ("ons_deaths", ["death"]),
    ],
)
def test_tables_that_must_be_there(engine, tmp_path, name, missing):
    without: dict[str, str | None] = dict.fromkeys(missing)
    where = write_dump(tmp_path, "parquet", **without)
    message = refused(check, engine, where, name)
    assert f"{name} is made of OMOP tables that are not in folder" in message
    assert f": {', '.join(missing)}; it has " in message


def test_columns_that_must_be_there(engine, tmp_path):
    where = write_dump(tmp_path, person="SELECT 1 AS person_id")
    message = refused(read, engine, where, "patients")
    assert message.startswith(
        "person.parquet: it lacks gender_concept_id, year_of_birth; OMOP 5.3 and 5.4"
    )


def test_only_core_tables_and_columns_are_given(engine, tmp_path):
    source = open_source(write_dump(tmp_path))
    schema = TableSchema("addresses", (Column("msoa_code", str),))
    message = refused(source.relation, engine, schema, ["msoa_code"])
    assert (
        "OMOP records have no table addresses; they give the core tables patients, "
        in message
    )
    schema = TableSchema(
        "clinical_events", (Column("date", DAY), Column("ctv3_code", CTV3Code))
    )
    assert len(engine.execute(source.relation(engine, schema, ["date"]))) == 7
    message = refused(source.relation, engine, schema, ["date", "ctv3_code"])
    assert message.endswith(
        "have no ctv3_code in clinical_events; they give the columns date, "
        "numeric_value, snomedct_code, loinc_code, icd10_code, icd10cm_code, "
        "opcs4_code."
    )


@pytest.mark.parametrize(
    ("name", "changes", "rule"),
    [
        (
            "patients",
            {"person": DUMP["person"] + " UNION ALL " + DUMP["person"]},
            "person.parquet: column person_id: some rows are further rows of a patient",
        ),
        (
            "patients",
            {"death": DUMP["death"].replace("(9, ", "(NULL, ")},
            "death.parquet: column person_id: some rows are without a value",
        ),
        (
            "patients",
            {
                "person": "SELECT * REPLACE (CASE person_id WHEN 1 THEN 'x7777777' END AS "
                f"person_id) FROM ({DUMP['person']}) WHERE person_id = 1"
            },
            "person.parquet: column person_id: some rows are not whole numbers",
        ),
        (
            "clinical_events",
            {
                "measurement": DUMP["measurement"].replace(
                    "DATE '2019-02-01'", "TIMESTAMP '2019-02-01 07:07:00'"
                )
            },
            "measurement.parquet: column measurement_date: some rows are dates with "
            "a time of day",
        ),
        (
            "clinical_events",
            {"concept": DUMP["concept"].replace("'444814009'", "'4.7777777E+8'")},
            "OMOP clinical_events: column snomedct_code: some rows are codes changed "
            "by a spreadsheet",
        ),
        (
            "clinical_events",
            {"concept": DUMP["concept"].replace("(11, ", "(11.5, ")},
            "concept.parquet: column concept_id: ",
        ),
    ],
)
def test_dirt_is_named_in_the_file_it_lies_in(engine, tmp_path, name, changes, rule):
    assert rule in refused(check, engine, write_dump(tmp_path, **changes), name)


def test_births_that_are_no_dates(engine, tmp_path):
    where = write_dump(
        tmp_path,
        person="""SELECT * FROM (VALUES (1, 8507, 0, 1), (2, 8507, NULL, 5), (3, 8507, 1950, 13))
                  AS t(person_id, gender_concept_id, year_of_birth, month_of_birth)""",
    )
    assert [row[1] for row in read(engine, where, "patients")] == [
        None,
        None,
        DAY(1950, 1, 1),
    ]
    warnings = check(engine, where, "patients")
    assert warnings[0].startswith(
        "OMOP patients: column date_of_birth: some rows are NULL"
    )
    assert (
        warnings[-1]
        == "person: some rows are without a month of birth; January is taken for it"
    )


def _deaths(second: str) -> str:
    return DUMP["death"].replace("(9, ", f"(2, {second}, 31, 'A10', 0), (9, ")


def test_several_rows_of_a_death_on_one_day_are_one_death(engine, tmp_path):
    where = write_dump(tmp_path, death=_deaths("DATE '2020-03-05'"))
    assert [
        warning.partition(";")[0] for warning in check(engine, where, "patients")
    ] == WARNINGS["patients"]
    assert read(engine, where, "patients") == EXPECTED["patients"]
    check(engine, where, "ons_deaths")
    causes = {row[0]: row[2] for row in read(engine, where, "ons_deaths")}
    # A10 is before J100 in the alphabet
    assert causes == {1: "I219", 2: "A10", 3: "J100", 4: None}


def test_deaths_on_several_days_are_refused_where_deaths_are_asked_for(
    engine, tmp_path
):
    where = write_dump(tmp_path, death=_deaths("DATE '2020-03-06'"))
    for name in ("patients", "ons_deaths"):
        assert "death: some rows are deaths of a person on several days" in refused(
            check, engine, where, name
        )
    open_source(where).check(engine, CORE["patients"], ["sex"])


def test_a_month_of_another_year_is_not_taken(engine, tmp_path):
    where = write_dump(
        tmp_path,
        person="""SELECT * FROM (VALUES
            (1, 8507, 1970, NULL, TIMESTAMP '1969-12-31 23:00:00'),
            (2, 8507, 1970, NULL, TIMESTAMP '1970-05-01 00:00:00'),
            (3, 8507, 1970, 6, TIMESTAMP '1969-12-31 23:00:00'))
            AS t(person_id, gender_concept_id, year_of_birth, month_of_birth, birth_datetime)""",
    )
    assert [row[1].month for row in read(engine, where, "patients")] == [1, 5, 6]
    (warning,) = (each for each in check(engine, where, "patients") if "birth" in each)
    assert (
        "birth_datetime of another year than year_of_birth; January is taken for it"
        in warning
    )


@pytest.mark.parametrize("form", ["parquet", "csv", "duckdb"])
def test_blanks_around_codes_of_concepts_are_mended_and_said(engine, tmp_path, form):
    padded = DUMP["concept"].replace("'444814009'", "'444814009  '")
    where = write_dump(
        tmp_path,
        form,
        concept=padded.replace("'39113611000001102'", "' 39113611000001102'"),
    )
    for name in ("clinical_events", "medications"):
        said = check(engine, where, name)
        assert any(
            "column concept_code: some rows are codes with blanks around them" in each
            for each in said
        )
        assert read(engine, where, name) == EXPECTED[name]


def test_two_spellings_of_a_table(engine, tmp_path):
    where = write_dump(tmp_path)
    shutil.copy(tmp_path / "person.parquet", tmp_path / "PERSON.parquet")
    assert "two of a table" in refused(read, engine, where, "patients")
    assert "PERSON and person" in refused(check, engine, where, "patients")


# The real dump


@pytest.fixture
def gibleed(shared_data):
    return shared_data / "gibleed_omop53"


def test_gibleed_left_out_rows(engine, gibleed):
    name = "practice_registrations"
    found = open_source(f"omop:{gibleed}").check(engine, CORE[name], columns_of(name))
    rule = "of persons who are not in person"
    assert found.said == (
        f"observation_period: some rows are {rule}; they are left out",
    )
    assert [(each.rule, each.rows) for each in found.dirt] == [(rule, 2_649)]


GIBLEED = {
    "patients": """
        SELECT person_id, make_date(year_of_birth, month_of_birth, 1),
            CASE gender_concept_id WHEN 8507 THEN 'male' ELSE 'female' END, NULL::DATE
        FROM '{0}/person.parquet'""",
    "practice_registrations": """
        SELECT person_id, observation_period_start_date, observation_period_end_date, 0
        FROM '{0}/observation_period.parquet'
        WHERE person_id IN (SELECT person_id FROM '{0}/person.parquet')""",
    "clinical_events": """
        WITH snomed AS (
            SELECT * FROM '{0}/concept.parquet' WHERE standard_concept = 'S' AND vocabulary_id = 'SNOMED'
        ), event AS (
            SELECT person_id, condition_start_date AS day, condition_concept_id AS concept
            FROM '{0}/condition_occurrence.parquet'
            UNION ALL SELECT person_id, measurement_date, measurement_concept_id
            FROM '{0}/measurement.parquet'
            UNION ALL SELECT person_id, observation_date, observation_concept_id
            FROM '{0}/observation.parquet'
            UNION ALL SELECT person_id, procedure_date, procedure_concept_id
            FROM '{0}/procedure_occurrence.parquet'
        )
        SELECT person_id, day, (SELECT concept_code FROM snomed WHERE concept_id = concept), NULL
        FROM event WHERE person_id IN (SELECT person_id FROM '{0}/person.parquet')""",
    "medications": """
        SELECT person_id, drug_exposure_start_date, NULL FROM '{0}/drug_exposure.parquet'
        WHERE person_id IN (SELECT person_id FROM '{0}/person.parquet')""",
    "ons_deaths": "SELECT person_id, death_date, NULL, NULL, NULL FROM '{0}/death.parquet'",
}


@pytest.mark.parametrize("name", CORE)
def test_gibleed_equals_hand_written_sql(engine, gibleed, name):
    check(engine, f"omop:{gibleed}", name)
    ours = open_source(f"omop:{gibleed}").relation(engine, CORE[name], columns_of(name))
    theirs = GIBLEED[name].format(gibleed)
    for one, other in ((ours, theirs), (theirs, ours)):
        assert (
            engine.execute(
                f"SELECT * FROM ({one}) EXCEPT ALL SELECT * FROM ({other}) LIMIT 1"
            )
            == []
        )


def test_gibleed_files(gibleed):
    files = open_source(f"omop:{gibleed}").files()
    assert list(files) == sorted(gibleed.glob("*.parquet"))
