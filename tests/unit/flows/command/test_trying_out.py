"""What `cohortflow try` prints, and how it watches files."""

import datetime
import os
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from extractors.notice import Notice
from flows.command import trying_out
from flows.command.cli import main
from flows.trying.attempt import Attempt
from measures.counts.true_rows import TrueRow
from measures.study import Study
from tests.lib.definitions import START, project, write

__all__ = ["project"]


def rows(measure: str, *numerators: int, group: tuple = ()) -> list[TrueRow]:
    days = [
        datetime.date(2020, 1, 6) + datetime.timedelta(7 * n)
        for n in range(len(numerators))
    ]
    by = "sex" if group else ""
    pairs = zip(days, numerators, strict=True)
    return [
        TrueRow(measure, day, day + datetime.timedelta(6), by, group, number, 1_000)
        for day, number in pairs
    ]


def printed(attempt: Attempt, width: int = 80) -> str:
    console = Console(width=width, record=True, file=StringIO())
    trying_out.show_attempt(console, attempt)
    return console.export_text()


def made(*found: TrueRow, doubts: tuple[Notice, ...] = ()) -> Attempt:
    return Attempt(Study(Path("some.py"), "measures"), 3_000, found, (), 0, doubts)


def test_a_line_for_each_measure_and_group():
    by_sex = [
        *rows("by_sex", 5, 5, 5, group=("male",)),
        *rows("by_sex", 1, 2, 3, group=(None,)),
    ]
    text = printed(made(*rows("seen", 0, 10, 1_000), *by_sex))
    lines = [line.split() for line in text.splitlines()]
    assert ["seen", "▁▁█", "0", "to", "1", "0", "to", "1,000", "1,000"] in lines
    assert ["male", "███", "0.005", "5", "1,000"] in lines
    assert any(line[:1] == ["(missing)"] for line in lines)
    assert "There are no doubts about it." in text


def test_doubts_are_shown_whole():
    doubt = Notice(
        message="nobody is there",
        file="some.py",
        line=3,
        source="x = [1]",
        kind="empty",
    )
    assert "Doubt: some.py:3: nobody is there\n    x = [1]" in printed(
        made(*rows("seen", 1), doubts=(doubt,))
    )


def test_many_values_of_a_group_are_cut():
    found = [
        row
        for number in range(40)
        for row in rows("by_sex", 1, group=(f"value {number}",))
    ]
    text = printed(made(*found))
    assert (
        "value 11" in text and "value 12" not in text and "… and 28 more groups" in text
    )


def test_nothing_is_wider_than_the_terminal():
    text = printed(
        made(*rows("a_name_that_is_much_longer_than_others_and_goes_on", *range(100)))
    )
    assert max(map(len, text.splitlines())) <= 80


def test_watching_tries_again_when_a_file_changes(tmp_path, monkeypatch):
    study = tmp_path / "study.py"
    study.write_text("1", encoding="utf-8")
    tried: list[str] = []

    def once() -> None:
        tried.append(study.read_text(encoding="utf-8"))

    changes = iter(["", "2", "", "33"])

    def next_look(_: float) -> None:
        if text := next(changes):
            study.write_text(text, encoding="utf-8")
            os.utime(study, ns=(len(tried), len(tried)))

    monkeypatch.setattr("time.sleep", next_look)
    trying_out.again_and_again(study, once, looks=4)
    assert tried == ["1", "2", "33"]


def test_the_command(project, capsys):
    path = write("study.py", START)
    assert main(["try", str(path), "--patients", "50"]) == 0
    assert "study on 50 made-up people" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--patients", "0"], ["--records", "records"], ["--records", "omop:records"]],
)
def test_mistakes_of_the_caller(project, capsys, arguments):
    path = write("study.py", START)
    assert main(["try", str(path), *arguments]) == 2
    assert capsys.readouterr().err.startswith("cohortflow: ")


def test_a_mistake_in_the_definition(project, capsys):
    path = write("study.py", START + "measures.define_measre()\n")
    assert main(["try", str(path)]) == 2
    assert "study.py:12" in capsys.readouterr().err
