"""`cohortflow trial` writes records in the way that was asked for, and says what was
guessed.
"""

import csv

import pytest

from flows.command import cli
from tests.lib.definitions import project

__all__ = ["project"]

DEFINITION = """
from ehrql import INTERVAL, create_measures, weeks
from ehrql.tables.tpp import clinical_events, patients

events = clinical_events.where(clinical_events.snomedct_code.is_in(["24184005", "102747008"]))
measures = create_measures()
measures.define_measure(
    "seen",
    numerator=events.where(events.date.is_during(INTERVAL)).exists_for_patient(),
    denominator=patients.date_of_birth.is_before(INTERVAL.start_date),
    intervals=weeks(2).starting_on("2020-03-02"),
)
"""


@pytest.fixture
def study(project):
    path = project / "study.py"
    path.write_text(DEFINITION, encoding="utf-8")
    return str(path)


def rows(folder, table):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_last_lines_and_the_page_say_what_was_guessed(study, project, capsys):
    assert cli.main(["trial", study, "--to", "made", "--patients", "50"]) == 0
    *_, head, line = capsys.readouterr().out.splitlines()
    assert head.startswith("Guessed (1;")
    assert "24184005" in line or "102747008" in line
    assert line.strip() in (project / "made" / "README.md").read_text(encoding="utf-8")


def test_all_columns_as_csv(study, project):
    arguments = [
        "trial",
        study,
        "--to",
        "made",
        "--patients",
        "50",
        "--format",
        "csv",
        "--all-columns",
    ]
    assert cli.main(arguments) == 0
    first, *_ = rows(project / "made", "clinical_events")
    assert {"patient_id", "date", "snomedct_code", "ctv3_code", "numeric_value"} <= set(
        first
    )
    assert {"sex", "date_of_birth", "date_of_death"} <= set(
        rows(project / "made", "patients")[0]
    )


def test_an_authors_rows_are_multiplied(study, project):
    mine = project / "mine"
    mine.mkdir()
    (mine / "clinical_events.csv").write_text(
        "patient_id,date,snomedct_code\n1,2020-03-03,24184005\n1,2020-03-10,102747008\n",
        encoding="utf-8",
    )
    assert (
        cli.main(
            [
                "trial",
                study,
                "--to",
                "made",
                "--patients",
                "40",
                "--format",
                "csv",
                "--from-rows",
                "mine",
            ]
        )
        == 0
    )
    made = rows(project / "made", "clinical_events")
    assert len(made) == 80
    assert [row["date"] for row in made[:2]] == ["2020-03-03", "2020-03-10"]
    assert len(rows(project / "made", "patients")) == 40


def test_records_of_many_people_are_no_examples(study, project, capsys):
    many = project / "many"
    many.mkdir()
    (many / "patients.csv").write_text(
        "patient_id\n" + "".join(f"{number}\n" for number in range(1, 202)),
        encoding="utf-8",
    )
    assert (
        cli.main(
            ["trial", study, "--to", "made", "--patients", "5", "--from-rows", "many"]
        )
        == 2
    )
    assert "201 people; examples are written by hand" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option, value, said",
    [
        ("--from-rows", "nowhere", "there is no such folder"),
        ("--from-rows", "others", "none of the tables that the study reads"),
        ("--shape", "nothing.csv", "cannot be read as text"),
    ],
)
def test_what_cannot_be_used_is_said(study, project, capsys, option, value, said):
    others = project / "others"
    others.mkdir()
    (others / "something.csv").write_text("patient_id\n1\n", encoding="utf-8")
    assert (
        cli.main(["trial", study, "--to", "made", "--patients", "5", option, value])
        == 2
    )
    assert said in capsys.readouterr().err
    assert not (project / "made").exists()
