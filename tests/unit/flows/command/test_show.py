"""Tables that the commands print say what is true."""

import datetime
from io import StringIO
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from flows.command import show
from flows.state import words
from measures.release.headlines import Headline

DAY = datetime.date(2020, 3, 1)


def closing_table(*measures: tuple[str, int, float | None]) -> list[list[str]]:
    """The cells of the table at the end of a run of measures of (name, most, ratio)."""
    heads = tuple(
        Headline(name, 1, DAY, DAY, 7260, 180, ratio, 0.0)
        for name, _, ratio in measures
    )
    counted: Any = [
        SimpleNamespace(name=name, most=most, places=1) for name, most, _ in measures
    ]
    console = Console(record=True, width=200, file=StringIO())
    show._show_headlines(console, heads, words.means_of(counted))
    lines = console.export_text().splitlines()
    return [
        [cell.strip() for cell in line.replace("┃", "│").split("│")[1:-1]]
        for line in lines
        if line.startswith(("┃", "│"))
    ]


def test_a_mean_is_shown_as_a_mean():
    assert closing_table(("age", 1000, 40.3564)) == [
        ["measure", "from", "numerator", "denominator", "mean"],
        ["age", "2020-03-01", "7,260", "180", "40.4"],
    ]


def test_shares_and_means_have_columns_of_their_own():
    assert closing_table(
        ("age", 1000, 40.3564), ("high", 0, 0.25), ("low", 0, None)
    ) == [
        ["measure", "from", "numerator", "denominator", "per 1,000", "mean"],
        ["age", "2020-03-01", "7,260", "180", "", "40.4"],
        ["high", "2020-03-01", "7,260", "180", "250.0", ""],
        ["low", "2020-03-01", "7,260", "180", "", ""],
    ]


def test_rates_by_days_are_not_shown_as_nothing():
    rows = closing_table(
        ("rare", 0, 20 / 740_000), ("none", 0, 0.0), ("some", 0, 0.0003)
    )
    assert [row[-1] for row in rows[1:]] == ["0.027", "0.0", "0.3"]


def test_a_line_goes_over_time_and_a_sum_says_so():
    heads = (
        Headline("bp", 3, DAY, DAY, 7260, 18000, 0.4, 0.0, (0.2, None, 0.4)),
        Headline(
            "oximetry", 3, DAY, DAY, None, 180, None, 0.0, (0.1, 0.1, None), "region"
        ),
    )
    console = Console(record=True, width=200, file=StringIO())
    show._show_headlines(console, heads, {})
    text = console.export_text()
    assert "▅·█" in text and "██·" in text and "oximetry ∑" in text
    assert "∑: the sum of its groups (region)" in text


def test_names_are_whole_in_a_narrow_window():
    name = "oximetry_monthly_events_1325191000000108"
    console = Console(record=True, width=80, file=StringIO())
    show._show_headlines(
        console,
        (Headline(name, 3, DAY, DAY, 7260, 18000, 0.4, 0.0, (0.2, 0.3, 0.4)),),
        {},
    )
    assert console.export_text().splitlines()[1:] == [
        name,
        "  2020-03-01: 7,260 of 18,000, 400.0 per 1,000  ▅▆█",
    ]


MANY = [f"events_{number}" for number in range(30)]


def measure(name: str, counted: str) -> Any:
    return SimpleNamespace(
        name=name, numerator=counted, denominator=1, intervals=(), over="", most=0
    )


FAMILIES = [
    *(measure(name, name) for name in MANY),
    measure("bp", "bp"),
    measure("bp_by_sex", "bp"),
    measure("o_by_sex", "o"),
    measure("o_by_age", "o"),
]


@pytest.mark.parametrize("with_page", [True, False])
def test_a_table_of_many_families_has_the_first_and_says_where_others_are(
    tmp_path, with_page
):
    """What the author puts first, what is broken down, and others as far as there is
    room, in their order.
    """
    if with_page:
        (tmp_path / "report.html").write_text("", encoding="utf-8")
    heads = tuple(
        Headline(name, 1, DAY, DAY, 7260, 180, 0.4, 0.0) for name in [*MANY, "bp", "o"]
    )
    study = SimpleNamespace(measures=FAMILIES, described={"headline": ["events_29"]})
    prepared: Any = SimpleNamespace(
        study=study, workspace=SimpleNamespace(release=tmp_path)
    )
    console = Console(record=True, width=200, file=StringIO())
    show._show_closing(console, cast(Any, SimpleNamespace(headlines=heads)), prepared)
    lines = console.export_text().splitlines()
    names = [line.split()[1] for line in lines if line.startswith("│")]
    assert names == [*MANY[:17], "events_29", "bp", "o"]
    assert (
        lines[-1]
        == f"and 12 more, see {'report.html' if with_page else 'measures.csv'}"
    )


def test_a_run_names_the_page_before_anything_else(tmp_path):
    (tmp_path / "report.html").write_text("", encoding="utf-8")
    outcome: Any = SimpleNamespace(
        warnings=(),
        headlines=(),
        dataset=False,
        periods=("a",),
        computed=("a",),
        carried=(),
        failed={},
        waiting=(),
        seconds=1.0,
        released=True,
    )
    workspace = SimpleNamespace(
        release=tmp_path,
        trial_counts=tmp_path / "trial_counts.csv",
        doubts=tmp_path / "doubts",
    )
    records = SimpleNamespace(made_up=True)
    prepared: Any = SimpleNamespace(records=records, workspace=workspace, rows={})
    console = Console(record=True, width=200, file=StringIO())
    show.show_outcome(console, outcome, prepared)
    done, first, second, *_ = console.export_text().splitlines()
    assert done == "1 of 1 periods done, 1 of them now, in 1 s."
    assert first == f"Report of made-up records: {tmp_path / 'report.html'}"
    assert second.startswith("Released numbers of made-up records: ")
