"""`describe`: what it says of made-up people is what SQL counts; names are text on its
page.
"""

import json
import shutil
from contextlib import redirect_stdout
from dataclasses import dataclass
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.trial.mark import MARK
from flows.command.cli import main
from tests.lib.definitions import project, write

__all__ = ["project"]
STUDY = """
from ehrql import INTERVAL, case, codelist_from_csv, create_measures, months, when
from ehrql.tables.tpp import clinical_events as events, patients, practice_registrations
codes = codelist_from_csv("codes.csv", column="code")
measures = create_measures()
seen = events.where(events.date.is_during(INTERVAL)).where(events.snomedct_code.is_in(codes))
last = events.where(events.snomedct_code.is_in(codes)).sort_by(events.date, events.numeric_value).last_for_patient()
measures.define_defaults(
    denominator=(patients.sex == "female") & patients.is_alive_on(INTERVAL.start_date),
    intervals=months(3).starting_on("2020-01-01"),
)
measures.define_measure("seen", seen.exists_for_patient())
measures.define_measure("events", seen.count_for_patient(), group_by={
    "region": practice_registrations.for_patient_on(INTERVAL.start_date).practice_nuts1_region_name,
    "age": patients.age_on("2020-01-01"),
    "born": patients.date_of_birth.to_first_of_year(),
    "odd": case(when(patients.date_of_birth < "1970-01-01").then("<b>[red]old[/red]</b>")),
})
"""
ODD = "<b>[red]old[/red]</b>"
CODES = "code,term\n60621009,body mass index\n271649006,systolic\n"
WOMEN = "sex = 'female' AND (date_of_death > DATE '{0}' OR date_of_death IS NULL)"
LAST = WOMEN.format("2020-03-01")


@dataclass(frozen=True)
class Told:
    """What the command says of one folder of made-up people."""

    folder: Path
    found: dict[str, Any]
    text: str
    page: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("described")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write("codes.csv", CODES)
        out(
            "trial",
            str(write("study.py", STUDY)),
            "--patients",
            "400",
            "--to",
            "made_up",
        )
        described = (
            "describe",
            "study.py",
            "--records",
            "made_up",
            "--from",
            "2020-01-10",
            "--to",
            "2020-03-02",
        )
        found = json.loads(out(*described, "--json"))
        text = out(*described, "--page", "told.html")
    return Told(folder, found, text, (folder / "told.html").read_text(encoding="utf-8"))


def out(*arguments: str) -> str:
    said = StringIO()
    with redirect_stdout(said):
        assert main(arguments) == 0
    return said.getvalue()


@pytest.fixture
def here(told: Told, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(told.folder)
    return told.folder


def sql(query: str) -> list[tuple]:
    """Of the folder in which a test is."""
    with duckdb.connect() as connection:
        for table, name in (
            ("patients", "p"),
            ("clinical_events", "e"),
            ("practice_registrations", "r"),
        ):
            connection.execute(
                f"CREATE VIEW {name} AS SELECT * FROM 'made_up/{table}.parquet'"
            )
        return connection.execute(query).fetchall()


def test_variables_are_what_sql_counts(told, here):
    found = told.found
    assert found["period"] == ["2020-03-01", "2020-03-31"]
    assert found["everybody"] == 400
    women = sql(f"SELECT count(*) FROM p WHERE {LAST}")[0][0]
    assert found["people"] == [
        {"name": "denominator of seen and 1 more", "people": women}
    ]
    variables = {each["variable"]: each for each in found["variables"]}
    assert list(variables) == ["region", "age", "born", "odd", "seen", "events"]
    assert {each["people"] for each in variables.values()} == {women}

    registered = f"""
        SELECT (SELECT arg_max(practice_nuts1_region_name, (start_date, end_date IS NULL, end_date)) FROM r
                WHERE r.patient_id = p.patient_id AND start_date <= DATE '2020-03-01'
                AND (end_date > DATE '2020-03-01' OR end_date IS NULL)) AS region
        FROM p WHERE {LAST}"""
    regions = dict(sql(f"SELECT region, count(*) FROM ({registered}) GROUP BY 1"))
    assert variables["region"]["missing"] == regions.pop(None, 0) > 0
    assert {
        each["value"]: each["people"] for each in variables["region"]["values"]
    } == regions

    age = "date_diff('year', date_of_birth, DATE '2020-01-01')"
    age += " - CAST(strftime(date_of_birth, '%m%d') > '0101' AS INT)"
    bands = dict(
        sql(
            f"SELECT ({age}) // 5 * 5, count(*) FROM p WHERE {LAST} AND {age} "
            "BETWEEN 0 AND 99 GROUP BY 1"
        )
    )
    told = {each["value"]: each["people"] for each in variables["age"]["values"]}
    assert [each for each in told if each[0].isdigit()] == [
        f"{low} to {low + 4}" for low in sorted(bands)
    ]
    assert {
        int(label.split()[0]): people
        for label, people in told.items()
        if " to " in label
    } == bands
    half = sql(f"SELECT quantile_disc({age}, 0.5) FROM p WHERE {LAST}")[0][0]
    assert (
        variables["age"]["shape"]["half"] == f"{half // 5 * 5} to {half // 5 * 5 + 4}"
    )

    years = dict(
        sql(f"SELECT year(date_of_birth), count(*) FROM p WHERE {LAST} GROUP BY 1")
    )
    assert {
        each["value"]: each["people"] for each in variables["born"]["values"]
    } == years
    assert [each["people"] for each in variables["seen"]["values"]] == seen_and_not(
        women
    )


def seen_and_not(women: int) -> list[int]:
    rows = (
        "SELECT 1 FROM e WHERE e.patient_id = p.patient_id AND date BETWEEN DATE "
        "'2020-03-01' AND DATE '2020-03-31'"
    )
    there = sql(
        f"SELECT count(*) FROM p WHERE {LAST} AND EXISTS ({rows} AND {IN_CODES})"
    )[0][0]
    assert 0 < there < women
    return [women - there, there]


IN_CODES = "snomedct_code IN ('60621009', '271649006')"


def test_codes_over_time_are_what_sql_counts(told, here):
    found = told.found["codelists"]
    assert [
        (each["codelist"], each["table"], each["column"], each["date"])
        for each in found
    ] == [("codes.csv", "clinical_events", "snomedct_code", "date")]
    by_month: dict[str, tuple[int, int]] = {}
    query = f"""SELECT CAST(date_trunc('month', date) AS DATE), count(DISTINCT patient_id), count(*) FROM e
        WHERE {IN_CODES} AND date BETWEEN DATE '2020-01-01' AND DATE '2020-03-31' GROUP BY 1"""
    for month, people, rows in sql(query):
        by_month[str(month)] = people, rows
    assert {
        each["start"]: (each["people"], each["rows"]) for each in found[0]["periods"]
    } == by_month
    assert len(by_month) == 3
    for each in found[0]["by_code"]:
        for step, people in zip(found[0]["periods"], each["people"], strict=True):
            where = (
                f"snomedct_code = '{each['code']}' AND date BETWEEN DATE "
                f"'{step['start']}' AND DATE '{step['end']}'"
            )
            assert (
                people
                == sql(f"SELECT count(DISTINCT patient_id) FROM e WHERE {where}")[0][0]
            )
    ever = (
        f"SELECT count(DISTINCT patient_id) FROM e WHERE {IN_CODES} AND date BETWEEN "
        "'2020-01-01' AND '2020-03-31'"
    )
    assert found[0]["people"] == sql(ever)[0][0] > 0


def test_years_and_another_period(told, here):
    words = (
        "--every",
        "year",
        "--period",
        "2020-01-01",
        "--json",
        "--page",
        "other.html",
    )
    found = json.loads(out("describe", "study.py", "--records", "made_up", *words))
    assert found["period"] == ["2020-01-01", "2020-01-31"]
    assert [each["start"] for each in found["codelists"][0]["periods"]] == [
        "2020-01-01"
    ]
    women = sql(f"SELECT count(*) FROM p WHERE {WOMEN.format('2020-01-01')}")[0][0]
    assert found["people"][0]["people"] == women


def test_text_for_people(told):
    assert ODD in told.text
    assert (
        "denominator of seen and 1 more" in told.text and "Page: told.html" in told.text
    )
    assert max(map(len, told.text.splitlines())) <= 80


def test_names_are_text_on_a_page_that_asks_for_nothing(told):
    assert ODD not in told.page and escape(ODD) in told.page
    assert "Made-up records." in told.page and "default-src 'none'" in told.page
    assert "http:" not in told.page and "https:" not in told.page


def test_without_a_name_the_page_lies_in_the_workspace(told):
    page = (
        told.folder
        / "workspace"
        / "study_described"
        / "highly_sensitive"
        / "describe.html"
    )
    assert Path(told.found["page"]) == page
    assert page.read_text(encoding="utf-8") == told.page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "2031-01-01"], "There is no period '2031-01-01'"),
        (
            ["--from", "2021-01-01", "--to", "2020-01-01"],
            "--from 2021-01-01 is after --to 2020-01-01; swap them.",
        ),
        (["--from", "soon"], "--from needs a date like 2019-04-01, got 'soon'."),
        (["--page", "nowhere/told.html"], "The page cannot be written"),
    ],
)
def test_mistakes(told, here, capsys, arguments, said):
    assert main(["describe", "study.py", "--records", "made_up", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.out == ""


def test_of_real_records_no_page_is_written_elsewhere(told, here, capsys):
    shutil.copytree("made_up", "real", ignore=shutil.ignore_patterns(MARK))
    assert (
        main(["describe", "study.py", "--records", "real", "--page", "elsewhere.html"])
        == 2
    )
    assert "of others the page is a part of the release" in capsys.readouterr().err
    assert not Path("elsewhere.html").exists()


DATASET = """
from ehrql import create_dataset, codelist_from_csv
from ehrql.tables.tpp import clinical_events as events, patients
codes = codelist_from_csv("codes.csv", column="code")
mine = events.where(events.snomedct_code.is_in(codes)).where(events.date.is_on_or_after("2021-06-01"))
dataset = create_dataset()
dataset.define_population(patients.sex == "male")
dataset.age = patients.age_on("2022-01-01")
dataset.first = mine.sort_by(events.date).first_for_patient().date
dataset.value = mine.sort_by(events.date).first_for_patient().numeric_value
dataset.measure = mine.exists_for_patient()
"""


def test_a_dataset_among_its_population(project, capsys):
    write("codes.csv", CODES)
    study = str(write("study.py", DATASET))
    assert main(["describe", study, "--patients", "300", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    men = found["people"][0]
    assert found["period"] is None
    assert men["name"] == "population" and 0 < men["people"] < 300
    variables = {each["variable"]: each for each in found["variables"]}
    assert list(variables) == ["age", "first", "value", "measure"]
    for each in variables.values():
        assert (
            each["missing"] + sum(value["people"] for value in each["values"])
            == each["people"]
            == men["people"]
        )
    there = next(
        value["people"]
        for value in variables["measure"]["values"]
        if value["value"] is True
    )
    assert variables["first"]["missing"] == men["people"] - there
    assert {value["value"] for value in variables["first"]["values"]} <= {2021, 2022}
