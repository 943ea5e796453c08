"""`cohortflow check`: what it counts, and what it finds that a definition can hardly
mean.
"""

from pathlib import Path

import pytest

from tests.flows.commands import Command
from tests.lib.prefect_server import environment

HEAD = """
from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events, patients
dataset = create_dataset()
"""
CATEGORIES = "its categories are female, male, intersex, unknown"


@pytest.fixture
def offline(tmp_path: Path) -> Command:
    return Command(
        environment(tmp_path / "home") | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    )


def definition(folder: Path, text: str) -> Path:
    (folder / "few.csv").write_text(
        "code,term\n60621009,body mass index\n", encoding="utf-8"
    )
    (folder / "none.csv").write_text("code,term\n", encoding="utf-8")
    (folder / "who.py").write_text(HEAD + text, encoding="utf-8")
    return folder / "who.py"


def test_what_is_counted(offline: Command, tmp_path: Path):
    one = definition(
        tmp_path,
        'dataset.define_population(patients.sex == "male")\ndataset.born = '
        "patients.date_of_birth",
    )
    assert (
        offline("check", one).well().out
        == "who: 1 variable, table patients. Nothing is wrong.\n"
    )
    more = (
        'codes = codelist_from_csv("few.csv", column="code")\n'
        "dataset.define_population(clinical_events.where(clinical_events.snomedct_code.is_in(codes)).exists_for_patient())\n"
        "dataset.sex = patients.sex\n"
    )
    said = offline("check", definition(tmp_path, more)).well().out
    assert said == (
        "who: 1 variable, 1 codelist, tables clinical_events, patients. Nothing "
        "is wrong.\n"
    )


def test_a_codelist_without_a_code(offline: Command, tmp_path: Path):
    text = (
        'codes = codelist_from_csv("none.csv", column="code")\n'
        "dataset.define_population(clinical_events.where(clinical_events.snomedct_code.is_in(codes)).exists_for_patient())"
    )
    said = offline("check", definition(tmp_path, text)).well().out
    assert "Nothing is wrong" not in said
    where, code = said.splitlines()[1:3]
    assert where.endswith(
        "who.py:5: none.csv holds no code in its column code, so nothing is found by "
        "it."
    )
    assert code.strip() == 'codes = codelist_from_csv("none.csv", column="code")'


@pytest.mark.parametrize(
    ("condition", "strange"),
    [
        ('patients.sex == "M"', "'M'"),
        ('patients.sex != "Male"', "'Male'"),
        ('patients.sex.is_in(["male", "F", "M"])', "'F', 'M'"),
    ],
)
def test_a_value_outside_the_categories(
    offline: Command, tmp_path: Path, condition: str, strange: str
):
    study = definition(
        tmp_path,
        f"dataset.define_population({condition})\ndataset.born = "
        "patients.date_of_birth",
    )
    assert offline("check", study, "--json").well().json["warnings"] == [
        f"patients.sex is compared with {strange}, which it never is; {CATEGORIES}"
    ]


CODED = """
events = clinical_events.where(clinical_events.snomedct_code == "60621009")
dataset.define_population(patients.exists_for_patient())
dataset.date = events.sort_by(events.date).last_for_patient().date
"""
NO_CODES = (
    "clinical_events.csv: it has no column snomedct_code, in which the definition "
    "looks for codes"
)


def records(folder: Path, **tables: str) -> Path:
    (folder / "records").mkdir()
    for name, text in tables.items():
        (folder / "records" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder / "records"


@pytest.mark.parametrize(
    ("tables", "missing"),
    [
        ({"patients": "patient_id\n1\n"}, "There is no table clinical_events"),
        (
            {
                "patients": "patient_id\n1\n",
                "clinical_events": "patient_id,date\n1,2020-01-05\n",
            },
            NO_CODES,
        ),
        pytest.param(
            {
                "patients": "id\n1\n",
                "clinical_events": "patient_id,date\n1,2020-01-05\n",
            },
            NO_CODES,
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_is_missing_ends_check_plan_and_run_alike(
    cohortflow: Command, tmp_path: Path, tables: dict[str, str], missing: str
):
    where = (
        "--records",
        records(tmp_path, **tables),
        "--workspace",
        tmp_path / "workspace",
    )
    study = definition(tmp_path, CODED)
    for command in ("check", "plan", "run"):
        ended = cohortflow(command, study, *where)
        assert ended.code == 2 and missing in ended.err, command


def test_rows_are_looked_at_if_that_is_asked_for(offline: Command, tmp_path: Path):
    events = (
        "patient_id,date,snomedct_code\n1,2020/01/05,60621009\n2,2020-01-05, 60621009\n"
    )
    where = records(tmp_path, patients="patient_id\n1\n", clinical_events=events)
    arguments = (
        "check",
        definition(tmp_path, CODED),
        "--records",
        where,
        "--workspace",
        tmp_path / "workspace",
    )
    said = offline(*arguments).well().out
    assert said.endswith(
        "Nothing is wrong. The rows of the records were not looked at; --rows does "
        "that.\n"
    )
    assert offline(*arguments, "--json").well().json["rows_looked_at"] is False
    ended = offline(*arguments, "--rows")
    assert (
        ended.code == 2
        and "column date: some rows are not dates (YYYY-MM-DD)" in ended.err
    )
    (report,) = (tmp_path / "workspace").glob("*/highly_sensitive/dirt.json")
    assert (
        '"rows": 1' in report.read_text(encoding="utf-8")
        and report.stat().st_mode & 0o777 == 0o600
    )
    (where / "clinical_events.csv").write_text(
        events.replace("/", "-"), encoding="utf-8"
    )
    said = offline(*arguments, "--rows").well().out
    assert (
        "column snomedct_code: some rows are codes with blanks around them"
        in " ".join(said.split())
    )
    assert "not looked at" not in said
