"""Old studies in files, on hand-written rows: the whole way through the closed
process.
"""

import pytest

import measures.cohortextractor
from extractors.errors import CodelistError, DefinitionError, RecordsError

HEAD = """
from cohortextractor import *
from cohortextractor import Measure, StudyDefinition, codelist, codelist_from_csv, params, patients

codes = codelist(["413606001"], system="snomed")
"""
ROWS = {
    "patients": [
        {"patient_id": 2, "sex": "male", "date_of_birth": "1990-06-01"},
        {"patient_id": 1, "sex": "female", "date_of_birth": "1950-01-01"},
    ],
    "clinical_events": [
        {
            "patient_id": 1,
            "date": "2020-03-02",
            "snomedct_code": "413606001",
            "numeric_value": 120.0,
        },
        {"patient_id": 1, "snomedct_code": "413606001"},
    ],
}


@pytest.fixture
def run(tmp_path):
    def evaluate(text, rows=ROWS, **more):
        path = tmp_path / "analysis" / "study_definition.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
        return measures.cohortextractor.evaluate(path, rows, **more)

    return evaluate


def test_every_type_has_its_old_value(run):
    got = run("""
study = StudyDefinition(
    default_expectations={"rate": "uniform", "incidence": "high"},
    index_date="2020-03-02",
    population=patients.all(),
    sex=patients.sex(return_expectations={"category": {"ratios": {"M": 1}}}),
    age=patients.age_as_of("index_date"),
    had=patients.with_these_clinical_events(codes, on_or_before="index_date", include_date_of_match=True),
    last=patients.with_these_clinical_events(codes, returning="date", date_format="YYYY-MM-DD"),
    value=patients.with_these_clinical_events(codes, on_or_before="index_date", returning="numeric_value"),
    code=patients.with_these_clinical_events(codes, on_or_before="index_date", returning="code"),
    imd=patients.address_as_of("index_date", returning="index_of_multiple_deprivation", round_to_nearest=100),
)
""")
    assert got == [
        {
            "patient_id": 1, "sex": "F", "age": 70, "had": 1, "had_date": "2020", "last": "9999-12-31",
            "value": 120.0, "code": "413606001", "imd": -1,
        },
        {
            "patient_id": 2, "sex": "M", "age": 29, "had": 0, "had_date": "", "last": "",
            "value": 0.0, "code": "", "imd": -1,
        },
    ]  # fmt: skip
    assert {type(got[0][name]) for name in ("had", "age", "imd")} == {int}


def test_index_date_and_parameters_are_given(run):
    text = """
study = StudyDefinition(
    index_date="2019-01-01",
    population=patients.satisfying(f"sex = '{params['sex']}'"),
    sex=patients.sex(),
    age=patients.age_as_of("index_date"),
)
"""
    assert run(text, index_date="2020-06-01", params={"sex": "M"}) == [
        {"patient_id": 2, "sex": "M", "age": 30}
    ]
    assert run(text, params={"sex": "F"}) == [{"patient_id": 1, "sex": "F", "age": 69}]
    with pytest.raises(DefinitionError, match="the parameter 'sex' is needed"):
        run(text)


def test_codelists_are_read_from_the_root_of_the_study(run, tmp_path):
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "bp.csv").write_text(
        "\ufeffcode,group\n 413606001 ,high\n,low\n", encoding="utf-8"
    )
    text = """
bp = codelist_from_csv("codelists/bp.csv", system="snomed", column="code", category_column="group")
study = StudyDefinition(
    population=patients.with_these_clinical_events(bp),
    group=patients.with_these_clinical_events(bp, returning="category"),
)
"""
    assert run(text) == [{"patient_id": 1, "group": "high"}]


def test_all_mistakes_are_told_with_their_lines(run):
    with pytest.raises(DefinitionError) as refused:
        run("""
study = StudyDefinition(
    population=patients.all(),
    a=patients.age_as_of("2020-02-30"),
    b=patients.with_death_recorded_in_cpns(on_or_before="2020-01-01"),
    c=patients.satisfying("a > 3"),
)
""")
    told = [(each.line, each.message) for each in refused.value.mistakes]
    assert told[0] == (9, "a: there is no day 2020-02-30")
    assert told[1][0] == 10
    assert "no table of today has" in told[1][1]
    assert len(told) == 2  # that `a` is not there any more is no mistake of its own


def test_codelist_without_codes_is_refused(run):
    with pytest.raises(CodelistError, match="a codelist is empty"):
        run("none = codelist([], system='snomed')\n")


def test_rows_of_an_unknown_table_are_refused(run):
    with pytest.raises(RecordsError, match="there is no table 'clinical_event'"):
        run(
            "study = StudyDefinition(population=patients.all())", {"clinical_event": []}
        )


def test_a_name_that_is_not_offered_is_told(run):
    with pytest.raises(
        DefinitionError,
        match=r"there is no 'Mesure' in cohortextractor; did you mean 'Measure'\?",
    ):
        run("from cohortextractor import Mesure")


def test_values_of_a_file(run, tmp_path):
    (tmp_path / "project.yaml").touch()
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "shielded.csv").write_text(
        "patient_id,since\n1,2020-03-01\n", encoding="utf-8"
    )
    text = """
study = StudyDefinition(
    population=patients.all(),
    shielded=patients.which_exist_in_file("output/shielded.csv"),
    since=patients.with_value_from_file(
        "output/shielded.csv", returning="since", returning_type="date", date_format="YYYY-MM"
    ),
    had=patients.with_these_clinical_events(codes, on_or_after="since"),
)
"""
    rows = {**ROWS, "shielded": [{"patient_id": 1, "since": "2020-03-01"}]}
    assert run(text, rows) == [
        {"patient_id": 1, "shielded": 1, "since": "2020-03", "had": 1},
        {"patient_id": 2, "shielded": 0, "since": "", "had": 0},
    ]


def test_a_codelist_that_was_edited_by_hand_is_read_as_it_was(run, tmp_path):
    (tmp_path / "codelists").mkdir()
    rows = 'code,term,group\n413606001,a "term", with a comma,x\n1.09E+15,lost\n'
    (tmp_path / "codelists" / "bp.csv").write_text(rows, encoding="utf-8")
    text = """
bp = codelist_from_csv("codelists/bp.csv", "snomed", "code")
study = StudyDefinition(population=patients.with_these_clinical_events(bp), sex=patients.sex())
"""
    assert run(text) == [{"patient_id": 1, "sex": "F"}]


def test_a_sample_has_about_its_share_and_the_same_people_again(run):
    text = """
study = StudyDefinition(
    population=patients.all(),
    some=patients.random_sample(percent=30),
    none=patients.random_sample(percent=0),
    each=patients.random_sample(percent=100),
)
"""
    people = [
        {"patient_id": each, "date_of_birth": f"{1940 + each % 60}-06-01"}
        for each in range(1, 1001)
    ]
    homes = [
        {"patient_id": each, "address_id": each, "start_date": "2000-01-01"}
        for each in range(1, 1001)
    ]
    got = run(text, {"patients": people, "addresses": homes})
    assert 250 < sum(row["some"] for row in got) < 350
    assert {row["none"] for row in got} == {0} and {row["each"] for row in got} == {1}
    assert got == run(text, {"patients": people, "addresses": homes})
