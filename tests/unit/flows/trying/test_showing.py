"""`show(…)`: what an author sees of made-up people, and where nothing is seen."""

import datetime

from flows.command.cli import main
from flows.preparing.options import Options
from flows.trying.attempt import Attempt, attempt
from tests.lib.definitions import START, load, project, write

__all__ = ["project"]
SHOW = f"{START}from ehrql import show\n"
LINE = SHOW.count("\n") + 1


def tried(text: str) -> Attempt:
    return attempt(Options(str(write("study.py", f"{SHOW}{text}\n")), patients=100))


def test_series_of_patients_are_one_table(project):
    (table,) = tried(
        'show(patients.sex, patients.date_of_birth, label="who", head=3, tail=2)'
    ).shown
    assert (table.label, table.columns, table.all_rows) == (
        "who",
        ("patient_id", "sex", "date_of_birth"),
        100,
    )
    assert [row[0] for row in table.rows] == [1, 2, 3, 99, 100]
    assert isinstance(table.rows[0][2], datetime.date)


def test_rows_of_a_frame(project):
    (table,) = tried(
        'show(clinical_events.where(clinical_events.date > "2020-01-01"))'
    ).shown
    assert table.columns[:3] == ("patient_id", "date", "snomedct_code")
    assert len(table.rows) == 10 < table.all_rows
    assert all(row[1] > datetime.date(2020, 1, 1) for row in table.rows)


def test_interval_is_the_last_period(project):
    (table,) = tried(
        "show(patients.age_on(INTERVAL.start_date), patients.date_of_birth, head=100)"
    ).shown
    assert table.columns == ("patient_id", "value", "date_of_birth")
    assert {
        age for _, age, born in table.rows if born == datetime.date(2000, 1, 1)
    } <= {20}
    assert all(
        age == 2020 - born.year - (born > datetime.date(born.year, 1, 13))
        for _, age, born in table.rows
    )


def test_rows_that_hang_on_interval_are_doubted(project):
    found = tried(
        "show(clinical_events.where(clinical_events.date.is_during(INTERVAL)).date)"
    )
    assert found.shown == ()
    assert [(each.kind, each.line) for each in found.doubts] == [("unshown", LINE)]


def test_other_values_are_printed(project, capsys):
    found = tried('show(3, label="three")')
    assert found.shown == () and "three 3" in capsys.readouterr().err


def test_what_is_shown_changes_no_count(project):
    with_show, without = (tried(text) for text in ("show(patients.date_of_death)", ""))
    assert [row.group for row in with_show.rows] == [row.group for row in without.rows]
    assert (
        with_show.as_json()["shown"][0]["all_rows"] == 100
        and "shown" not in without.as_json()
    )


def test_elsewhere_nothing_is_shown(project, capsys):
    assert main(["check", str(write("study.py", f"{SHOW}show(patients.sex)\n"))]) == 0
    assert capsys.readouterr().out == (
        "study: 1 measure, 2 periods, tables clinical_events, patients. Nothing "
        "is wrong.\n"
    )
    assert len(load(f"{SHOW}show(patients.sex)\n").shown) == 1


def test_on_the_terminal(project, capsys):
    assert (
        main(
            [
                "try",
                str(
                    write(
                        "study.py", f'{SHOW}show(patients.sex, label="[who]", head=1)\n'
                    )
                ),
                "--patients",
                "9",
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "[who]" in said and "1 of 9 rows" in said
