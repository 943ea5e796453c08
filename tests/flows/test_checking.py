"""`cohortflow check`: what it counts, and what it finds that a definition can hardly mean."""

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
    return Command(environment(tmp_path / "home") | {"PREFECT_API_URL": "http://127.0.0.1:9/api"})


def definition(folder: Path, text: str) -> Path:
    (folder / "few.csv").write_text("code,term\n60621009,body mass index\n")
    (folder / "none.csv").write_text("code,term\n")
    (folder / "who.py").write_text(HEAD + text)
    return folder / "who.py"


def test_what_is_counted(offline: Command, tmp_path: Path):
    one = definition(tmp_path, 'dataset.define_population(patients.sex == "male")')
    assert offline("check", one).well().out == "who: table patients. Nothing is wrong.\n"
    more = (
        'codes = codelist_from_csv("few.csv", column="code")\n'
        "dataset.define_population(clinical_events.where(clinical_events.snomedct_code.is_in(codes)).exists_for_patient())\n"
        "dataset.sex = patients.sex\n"
    )
    said = offline("check", definition(tmp_path, more)).well().out
    assert said == "who: 1 variable, 1 codelist, tables clinical_events, patients. Nothing is wrong.\n"


def test_a_codelist_without_a_code(offline: Command, tmp_path: Path):
    text = (
        'codes = codelist_from_csv("none.csv", column="code")\n'
        "dataset.define_population(clinical_events.where(clinical_events.snomedct_code.is_in(codes)).exists_for_patient())"
    )
    said = offline("check", definition(tmp_path, text)).well().out
    assert "Nothing is wrong" not in said
    where, code = said.splitlines()[1:3]
    assert where.endswith("who.py:5: none.csv holds no code in its column code, so nothing is found by it.")
    assert code.strip() == 'codes = codelist_from_csv("none.csv", column="code")'


@pytest.mark.parametrize(
    ("condition", "strange"),
    [
        ('patients.sex == "M"', "'M'"),
        ('patients.sex != "Male"', "'Male'"),
        ('patients.sex.is_in(["male", "F", "M"])', "'F', 'M'"),
    ],
)
def test_a_value_outside_the_categories(offline: Command, tmp_path: Path, condition: str, strange: str):
    study = definition(tmp_path, f"dataset.define_population({condition})")
    assert offline("check", study, "--json").well().json["warnings"] == [
        f"patients.sex is compared with {strange}, which it never is; {CATEGORIES}"
    ]
