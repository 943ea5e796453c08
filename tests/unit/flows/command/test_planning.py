"""`plan` says what a definition asks, what is read of its tables, and how its series
are computed.
"""

from collections.abc import Sequence
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from extractors.language.dataset import patient_node
from extractors.planner.kinds import Kind, Part
from extractors.planner.needs import table_needs
from extractors.tables import tpp
from flows.command import planning

events: Any = tpp.clinical_events
CODED = events.snomedct_code == "60621009"
LATE = events.date >= "2020-01-01"


@pytest.mark.parametrize(
    ("series", "rows"),
    [
        ([events.where(CODED)], "those with the study's codes"),
        ([events.where(CODED).where(LATE)], "those with the study's codes"),
        ([events.where(LATE)], "those chosen by date"),
        (
            [events.where(CODED), events.where(LATE)],
            "those with the study's codes and those chosen by date",
        ),
        ([events], "all"),
        ([events, events.where(CODED)], "all"),
    ],
    ids=["codes", "codes and dates", "dates", "either", "no condition", "some without"],
)
def test_which_rows_of_a_table_are_read(series: Sequence[Any], rows: str):
    (need,) = table_needs(
        [patient_node(frame.exists_for_patient(), "a series") for frame in series]
    )
    assert planning._rows(need) == rows


def printed(show: Any, *what: Any) -> str:
    """What is shown, as one line."""
    console = Console(record=True, width=1000, file=StringIO())
    show(console, *what)
    return " ".join(console.export_text().split())


def measure(
    name: str,
    family: int,
    numerator: str,
    denominator: str = "people who live",
    **groups: str,
) -> dict:
    return {
        "name": name,
        "family": family,
        "numerator": numerator,
        "denominator": denominator,
        "groups": groups,
    }


def test_each_question_is_said_once_with_all_its_groups():
    asked = [
        measure("seen", 0, "people for whom there is a row"),
        measure(
            "seen_by_sex", 0, "people for whom there is a row", sex="sex in patients"
        ),
        measure(
            "seen_by_both",
            0,
            "people for whom there is a row",
            sex="sex in patients",
            age="the age",
        ),
    ]
    assert printed(planning._show_questions, asked) == (
        "Of people who live: seen: people for whom there is a row; by sex, sex and age "
        "Groups sex: sex in patients age: the age"
    )


def test_questions_of_one_code_each_are_said_once():
    codes = ["413606001", "413605002", "314446007"]
    asked = [
        measure(f"m_{code}", place, f"rows with the code {code}")
        for place, code in enumerate(codes)
    ]
    said = printed(planning._show_questions, asked)
    assert said == (
        "Of people who live: m_413606001 (and 2 more, each of another code): "
        "rows with the code 413606001"
    )


def test_what_differs_in_more_than_a_code_is_said():
    asked = [
        measure("at_40", 0, "people above 40"),
        measure("at_50", 1, "people above 50"),
    ]
    said = printed(planning._show_questions, asked)
    assert said == "Of people who live: at_40: people above 40 at_50: people above 50"


def test_who_counts_everybody_is_no_riddle():
    asked = [measure("make_up", 0, "people who live", sex="sex in patients")]
    said = printed(planning._show_questions, asked)
    assert said == (
        "Of people who live: make_up: all of them; by sex Groups sex: sex in patients"
    )


def test_words_of_an_author_are_no_markup():
    said = printed(
        planning._show_questions, [measure("seen", 0, "rows with [red]x[/]")]
    )
    assert "[red]x[/]" in said


def test_series_of_a_kind_are_one_row_and_each_has_its_own_if_asked():
    parts = {
        f"s{number}": Part(Kind.TIMELINE, "a rule", "changes at known dates")
        for number in range(6)
    }
    parts["sex"] = Part(Kind.STATIC, "static", "does not mention INTERVAL")
    short = planning._kinds_table(parts)
    assert list(short.columns[0].cells) == ["sex", "s0, s1, s2, s3, … (6 of them)"]
    assert list(planning._series_table(parts).columns[0].cells) == list(parts)
