"""`cohortflow codelists` says what is wrong with a study's lists; `check` tells a
mistyped digit.
"""

import json

import pytest

from flows.command import cli
from measures.codelists.site import SETTING
from tests.lib.definitions import project

__all__ = ["project"]

DEFINITION = """
from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events, patients

asthma = codelist_from_csv("codelists/asthma.csv", column="code")
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.asthma = clinical_events.where(clinical_events.snomedct_code.is_in(asthma)).exists_for_patient()
dataset.one = clinical_events.where(clinical_events.snomedct_code == "38341004").exists_for_patient()
"""
LIST = "code,term\n195967001,Asthma\n195967002,mistyped\n"


@pytest.fixture
def study(project, monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    (project / "codelists").mkdir(exist_ok=True)
    (project / "codelists" / "asthma.csv").write_text(LIST, encoding="utf-8")
    (project / "study.py").write_text(DEFINITION, encoding="utf-8")
    return "study.py"


def test_check_tells_mistyped_digits_with_file_and_line_and_goes_on(study, capsys):
    assert cli.main(["check", study, "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    (in_list,) = [note for note in notes if "195967002" in note["message"]]
    assert in_list["message"].startswith(
        "codelists/asthma.csv, line 3: the last digit of '195967002'"
    )
    assert in_list["line"] == 8
    (in_line,) = [note for note in notes if "38341004" in note["message"]]
    assert (
        in_line["message"].startswith("the last digit of '38341004'")
        and in_line["line"] == 9
    )


def test_the_lists_of_a_study_are_checked(study, capsys):
    assert cli.main(["codelists", "check", study]) == 0
    out = capsys.readouterr().out
    assert "asthma.csv, line 3: the last digit of '195967002'" in out
    assert out.splitlines()[-1].startswith("1 list in ")


def test_a_list_that_is_not_the_wanted_one_is_wrong(study, project, capsys):
    (project / "codelists" / "codelists.txt").write_text(
        "opensafely/copd/v1\n", encoding="utf-8"
    )
    assert cli.main(["codelists", "check", study, "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in found["findings"]] == ["missing", "check digit"]
    assert SETTING in found["not_asked"]


def test_the_lists_are_shown(study, capsys):
    assert cli.main(["codelists", "show", study, "--json"]) == 0
    (shown,) = json.loads(capsys.readouterr().out)["codelists"]
    assert (shown["file"], shown["codes"], shown["system"], shown["column"]) == (
        "asthma.csv",
        2,
        "SNOMED CT",
        "code",
    )
    assert cli.main(["codelists", "show", study]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("asthma.csv  2")


def test_codes_that_no_record_has_are_written_to_the_shelf_and_not_said(
    study, project, capsys
):
    records = project / "theirs"
    records.mkdir()
    (records / "patients.csv").write_text(
        "patient_id,date_of_birth\n1,1980-01-01\n", encoding="utf-8"
    )
    (records / "clinical_events.csv").write_text(
        "patient_id,date,snomedct_code\n1,2020-01-01,195967001\n", encoding="utf-8"
    )
    assert (
        cli.main(
            ["codelists", "check", study, "--records", "theirs", "--workspace", "made"]
        )
        == 0
    )
    assert "highly_sensitive/codelists.json" in capsys.readouterr().out
    written = json.loads(
        (project / "made" / "study" / "highly_sensitive" / "codelists.json").read_text(
            encoding="utf-8"
        )
    )
    (asthma,) = [
        each
        for each in written["codelists"]
        if each["codelist"] == "codelists/asthma.csv"
    ]
    assert asthma["unseen"] == ["195967002"] and asthma["codes"] == 2


@pytest.mark.parametrize(
    "words, said",
    [
        (
            ["codelists", "update", "study.py"],
            "does not say where codelists are published",
        ),
        (
            ["codelists", "show", "study.py", "--records", "trial"],
            "--records is for `codelists check`",
        ),
        (["codelists", "show", "/"], "There is no folder codelists/"),
    ],
)
def test_what_cannot_be_done_is_said(study, project, capsys, words, said):
    (project / "codelists" / "codelists.txt").write_text(
        "opensafely/copd/v1\n", encoding="utf-8"
    )
    assert cli.main(words) == 2
    assert said in capsys.readouterr().err
