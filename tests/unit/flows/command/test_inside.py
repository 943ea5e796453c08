"""`explain` and `attrition`: what they show of made-up people, and where what is real
goes.
"""

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.trial.mark import MARK
from flows.command import computing
from flows.command.cli import main
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.state.outcome import Outcome
from tests.lib.definitions import project, write

__all__ = ["project"]
STUDY = """
from ehrql import INTERVAL, codelist_from_csv, create_measures, months
from ehrql.tables.tpp import clinical_events as events, patients
codes = codelist_from_csv("codes.csv", column="code")
measures = create_measures()
seen = events.where(events.date.is_during(INTERVAL)).where(events.snomedct_code.is_in(codes))
measures.define_defaults(
    denominator=(patients.sex == "female") & patients.is_alive_on(INTERVAL.start_date) & seen.exists_for_patient(),
    intervals=months(6).starting_on("2020-01-01"),
)
measures.define_measure("seen", seen.exists_for_patient())
measures.define_measure("events", seen.count_for_patient(), group_by={"sex": patients.sex})
"""
CODES = "code,term\n60621009,body mass index\n271649006,systolic\n"
JUNE, MAY = (
    (datetime.date(2020, 6, 1), datetime.date(2020, 6, 30)),
    (datetime.date(2020, 5, 1), datetime.date(2020, 5, 31)),
)


def seen(month: tuple) -> str:
    """That an event of the study lies in a month."""
    days = f"date BETWEEN DATE '{month[0]}' AND DATE '{month[1]}'"
    return (
        f"e.patient_id = p.patient_id AND {days} AND snomedct_code IN ('60621009', "
        "'271649006')"
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study and, beside it, a folder that a trial has written for it."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "study.py").write_text(STUDY, encoding="utf-8")
    (folder / "codes.csv").write_text(CODES, encoding="utf-8")
    told = (
        "--patients",
        "300",
        "--to",
        str(folder / "made_up"),
        "--workspace",
        str(folder / "workspace"),
    )
    assert main(["trial", str(folder / "study.py"), *told]) == 0
    return folder


@pytest.fixture
def records(project: Path, written: Path, capsys) -> Path:
    """A folder that a trial has written, beside its study."""
    for name in ("study.py", "codes.csv"):
        shutil.copy(written / name, name)
    shutil.copytree(written / "made_up", "made_up")
    capsys.readouterr()
    return Path("made_up")


def sql(query: str) -> list[tuple]:
    with duckdb.connect() as connection:
        for table, name in (("patients", "p"), ("clinical_events", "e")):
            connection.execute(
                f"CREATE VIEW {name} AS SELECT * FROM 'made_up/{table}.parquet'"
            )
        return connection.execute(query).fetchall()


def answer(capsys, *arguments: str) -> dict:
    assert main([*arguments, "--records", "made_up", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("month", "period"), [(JUNE, []), (MAY, ["--period", "2020-05-01"])]
)
def test_who_is_left_is_what_sql_counts(records, capsys, month, period):
    found = answer(capsys, "attrition", "study.py", *period)["attrition"]
    alive = (
        f"sex = 'female' AND (date_of_death > DATE '{month[0]}' OR date_of_death IS "
        "NULL)"
    )
    wheres = [
        "true",
        "sex = 'female'",
        alive,
        f"{alive} AND EXISTS (SELECT 1 FROM e WHERE {seen(month)})",
    ]
    expected = [sql(f"SELECT count(*) FROM p WHERE {where}")[0][0] for where in wheres]
    assert [line["left"] for line in found] == expected
    assert expected[0] > expected[1] > expected[3] > 0
    assert [line["condition"] for line in found][:2] == [
        "",
        "sex in patients is “female”",
    ]
    assert {line["of"] for line in found} == {"denominator of seen and 1 more"}


def test_a_patient_is_explained(records, capsys):
    patient, rows = sql(
        f"SELECT p.patient_id, count(*) FROM p, e WHERE {seen(JUNE)} GROUP BY 1 "
        "ORDER BY 2 DESC, 1 LIMIT 1"
    )[0]
    found = answer(capsys, "explain", "study.py", "--patient", str(patient))
    assert found["patient"] == str(patient)
    own = sql(
        f"SELECT date FROM e WHERE patient_id = {patient} AND snomedct_code IN "
        "('60621009', '271649006')"
    )
    assert {row["date"] for row in found["rows"]["clinical_events"]} == {
        str(date) for (date,) in own
    }
    first = found["trees"]["numerator of events"][0]
    assert (first["depth"], first["value"]) == (0, rows)
    words = {
        line["words"]: line["value"] for line in found["trees"]["numerator of events"]
    }
    assert words["rows where date is in the period"] >= rows
    assert list(found["trees"]) == [
        "denominator of seen",
        "numerator of seen",
        "numerator of events",
        "sex of events",
    ]


def test_one_measure_and_text_for_people(records, capsys):
    arguments = [
        "explain",
        "study.py",
        "--patient",
        "7",
        "--measure",
        "seen",
        "--records",
        "made_up",
    ]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "patients: 1 row that may matter" in said
    assert "numerator of seen" in said and "numerator of events" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--patient", "7000"], "There is no patient '7000' in the records."),
        (["--patient", "O'Brien"], 'There is no patient "O\'Brien" in the records.'),
        (["--patient", "7.0"], "There is no patient '7.0' in the records."),
        (
            ["--patient", "7", "--measure", "sen"],
            "There is no measure 'sen'; there are seen, events.",
        ),
        (
            ["--patient", "7", "--period", "2031-01-01"],
            "There is no period '2031-01-01'",
        ),
    ],
)
@pytest.mark.parametrize("real", [False, True])
def test_what_is_not_there(records, capsys, arguments, said, real):
    if real:
        (records / MARK).unlink()
    assert main(["explain", "study.py", "--records", "made_up", *arguments]) == 2
    assert said in capsys.readouterr().err


def explained(capsys, patient: str, records: str = "made_up") -> dict:
    """What `explain` writes of a real patient, of whom it prints nothing."""
    assert (
        main(
            [
                "explain",
                "study.py",
                "--records",
                records,
                "--patient",
                patient,
                "--json",
            ]
        )
        == 0
    )
    captured = capsys.readouterr()
    path = Path(captured.out.strip())
    assert path.parent == Path("workspace/study/highly_sensitive/explain").absolute()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )
    assert captured.err == ""
    return json.loads(path.read_text(encoding="utf-8"))


def test_real_records_are_explained_on_the_shelf_before_any_run(records, capsys):
    made_up = answer(capsys, "explain", "study.py", "--patient", "7")
    (records / MARK).unlink()
    assert explained(capsys, "7") == made_up
    assert made_up["rows"]["clinical_events"]
    assert explained(capsys, "8")["patient"] == "8"  # beside the other's file
    assert len(list(Path("workspace/study/highly_sensitive/explain").iterdir())) == 2
    assert not list(Path("workspace/study/highly_sensitive/snapshots").glob("*/"))


def test_a_patient_with_a_text_as_id_is_explained(records, capsys):
    before = answer(capsys, "explain", "study.py", "--patient", "7")
    Path("texts").mkdir()
    with duckdb.connect() as connection:
        for file in records.glob("*.parquet"):
            rows = f"SELECT * REPLACE ('P-' || patient_id AS patient_id) FROM '{file}'"
            connection.execute(f"COPY ({rows}) TO 'texts/{file.name}' (FORMAT parquet)")
    found = explained(capsys, "P-7", "texts")
    assert found["trees"] == before["trees"]
    assert main(["explain", "study.py", "--records", "texts", "--patient", "7"]) == 2
    assert "There is no patient '7' in the records." in capsys.readouterr().err


def test_damage_is_told_without_a_value(records, capsys):
    (records / MARK).unlink()
    with duckdb.connect() as connection:
        rows = (
            "SELECT * REPLACE (if(patient_id = 7, DATE '3021-04-05', date_of_death) "
            "AS date_of_death)"
        )
        connection.execute(f"CREATE TABLE p AS {rows} FROM 'made_up/patients.parquet'")
        connection.execute("INSERT INTO p BY NAME SELECT * FROM p WHERE patient_id = 7")
        connection.execute("COPY p TO 'made_up/patients.parquet' (FORMAT parquet)")
    assert main(["explain", "study.py", "--records", "made_up", "--patient", "7"]) == 2
    said = capsys.readouterr()
    assert (
        "one row per patient" in said.err and "3021" not in said.err and said.out == ""
    )


def test_a_population_is_looked_through(project, capsys):
    text = """
from ehrql import create_dataset
from ehrql.tables.tpp import patients
dataset = create_dataset()
dataset.define_population((patients.sex == "male") & (patients.date_of_birth < "1950-01-01"))
dataset.sex = patients.sex
"""
    assert (
        main(["attrition", str(write("study.py", text)), "--patients", "200", "--json"])
        == 0
    )
    found = json.loads(capsys.readouterr().out)["attrition"]
    assert [line["of"] for line in found] == ["population"] * 3
    assert found[0]["left"] == 200 > found[1]["left"] > found[2]["left"] > 0
    assert datetime.date(1950, 1, 1).isoformat() in found[2]["condition"]


def test_real_records_are_prepared_once(records, capsys, monkeypatch):
    (records / MARK).unlink()
    released = Path("workspace/study_attrition/moderately_sensitive/measures.csv")
    prepared = []

    def prepare_counted(*told: Any, **more: Any) -> Prepared:
        prepared.append(told)
        return prepare(*told, **more)

    monkeypatch.setattr(computing, "prepare", prepare_counted)
    monkeypatch.setattr(computing, "start_server", lambda: "a server")

    def run(made, *_: object, **__: object) -> Outcome:
        released.parent.mkdir(parents=True)
        rows = [f"{measure.name},10,300" for measure in made.study.measures]
        released.write_text(
            "\n".join(["measure,numerator,denominator", *rows]), encoding="utf-8"
        )
        return Outcome(made.options, ("2020-06",))

    monkeypatch.setattr(computing, "_run_in_flow", run)
    monkeypatch.setattr("flows.command.show.show_outcome", lambda *_: None)
    assert main(["attrition", "study.py", "--records", "made_up"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert len(prepared) == 1
    assert "everybody of whom there are records 300" in said
    assert "and sex in patients is “female” 10" in said
