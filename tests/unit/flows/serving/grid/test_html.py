"""The page of all studies: whole by itself, a mark and words for every period, and
nothing executable in a name.
"""

import datetime
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.serving.grid.html import POLICY, page, size
from flows.serving.grid.metrics import metrics
from flows.serving.grid.overview import Disk, Overview
from flows.serving.runs import Runs, Seen
from flows.state.grid import grid
from tests.lib.noted_studies import PERIODS, RUNS, noted_study

AT = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)
WORDS = "</script><img src=x onerror=alert(1)> \"and\" 'so'"


def seen(id: str, study: str, state: str = "running", **others: str) -> Seen:
    facts = {
        "name": f"{study} run",
        "state_id": id,
        "due": "2026-12-07T06:00:00+00:00",
        "begun": "",
        "ended": "",
        "message": "",
    }
    return Seen(id=id, study=study, state=state, deployed=True, **(facts | others))


@pytest.fixture
def overview(tmp_path: Path) -> Overview:
    """Two studies, one of them at work on its third period."""
    hostile = [RUNS[0], RUNS[1] | {"failed": {PERIODS[0]: WORDS}}]
    noted_study(tmp_path, "weekly", RUNS)
    noted_study(tmp_path, "pressure", hostile)
    runs = Runs(
        at_work=(seen("r", "weekly"),),
        waiting=(seen("q", "pressure", "scheduled", due="2026-11-30T11:00:00+00:00"),),
        next=(seen("n", "weekly", "scheduled"),),
        badly=(
            seen(
                "b",
                "pressure",
                "failed",
                ended="2026-11-30T11:30:00+00:00",
                message=WORDS,
            ),
        ),
        in_hand={"r": frozenset({PERIODS[2]})},
    )
    return Overview(
        AT,
        tuple(grid(tmp_path)),
        runs,
        Disk(5 * 10**9, 10**10, {"weekly": 1_234, "pressure": 0}),
    )


class Tags(HTMLParser):
    """The elements of a page, and the text of its scripts."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "script":
            self.scripts.append(data)


def test_every_period_has_a_mark_and_words(overview: Overview):
    buttons = [
        attributes for tag, attributes in Tags(page(overview)).found if tag == "button"
    ]
    assert len(buttons) == 8
    said = [button["aria-label"] for button in buttons[4:]]
    states = ["done", "failed", "at work", "to come"]
    assert said == [
        f"{period}: {state}" for period, state in zip(PERIODS, states, strict=True)
    ]
    assert [button["tabindex"] for button in buttons] == ["0", "-1", "-1", "-1"] * 2, (
        "one stop for a study"
    )


def test_the_page_asks_for_nothing_and_runs_nothing_of_a_reason(overview: Overview):
    text = page(overview)
    tags = Tags(text)
    assert not {"link", "img", "iframe", "form", "object"} & {
        tag for tag, _ in tags.found
    }
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text)
    assert not [
        name
        for _, attributes in tags.found
        for name in attributes
        if name.startswith("on")
    ]
    assert len([tag for tag, _ in tags.found if tag == "script"]) == 2
    assert "default-src 'none'" in POLICY and "unsafe" not in POLICY


def test_what_the_script_shows(overview: Overview):
    told = json.loads(Tags(page(overview)).scripts[0])
    period, state, attempts, seconds, reason, past = told["studies"]["weekly"][0]
    assert (period, state, attempts, seconds, told["reasons"][reason]) == (
        PERIODS[0],
        "done",
        1,
        2.5,
        "",
    )
    assert [(each[1], told["reasons"][each[3]]) for each in past] == [
        ("failed", "a worker died"),
        ("done", ""),
    ]
    assert WORDS in told["reasons"]


def test_what_is_so_now(overview: Overview):
    text = page(overview)
    assert "At work: weekly (weekly run)." in text
    assert "Waiting: pressure, since 2026-11-30 11:00 UTC." in text
    assert "Next: weekly, 2026-12-07 06:00 UTC." in text
    assert "5.0 GB free of 10.0 GB; the studies take 1.2 kB." in text
    assert "1 run: 1 failing, 1 failed and mended since" in text
    assert overview.trouble(overview.rows[0]) == WORDS, (
        "Prefect alone knows of that run"
    )
    assert overview.trouble(overview.rows[1]) == ""


def test_a_run_that_the_workspace_does_not_know_is_the_last_one(overview: Overview):
    """Of a lost key: the table once said that all was well, beside the reason."""
    assert overview.runs is not None
    assert '<span class="bad">2026-11-30 11:30, failed</span>' in page(overview)
    pressure, weekly = overview.rows
    assert overview.unnoted(weekly) is None
    begun = datetime.datetime.fromisoformat(pressure.runs[-1].begun)
    before = (begun - datetime.timedelta(seconds=1)).isoformat()
    (run,) = overview.runs.badly
    same = replace(overview.runs, badly=(replace(run, begun=before),))
    noted = replace(overview, runs=same)
    assert noted.unnoted(pressure) is None, "the workspace says how it ended"
    assert noted.trouble(pressure) == WORDS
    never = replace(pressure, runs=())
    assert noted.unnoted(never) is not None


def test_the_clean_up_is_named(overview: Overview):
    """It is of no study, and no study has its name."""
    assert overview.runs is not None
    clean = seen("c", "", "scheduled", due="2026-12-01T02:00:00+00:00")
    text = page(
        replace(overview, runs=replace(overview.runs, at_work=(clean,), next=(clean,)))
    )
    assert (
        "At work: clean-up ( run)." in text
        and "Next: clean-up, 2026-12-01 02:00 UTC." in text
    )
    assert text.count("<section") == 2


def test_without_prefect(overview: Overview):
    text = page(replace(overview, runs=None))
    assert "server does not answer" in text and text.count("<button") == 8


def test_sizes():
    assert [size(number) for number in (0, 999, 1_500, 2_000_000, 10**13)] == [
        "0 B", "999 B", "1.5 kB", "2.0 MB", "10.0 TB",
    ]  # fmt: skip


def test_metrics(overview: Overview):
    rows = tuple(
        replace(row, study='a "b"\\c') if row.study == "pressure" else row
        for row in overview.rows
    )
    lines = metrics(
        replace(overview, rows=rows), {"database": True, "runner": False}
    ).splitlines()
    assert 'cohortflow_up{part="runner"} 0.0' in lines
    assert 'cohortflow_periods{study="weekly",state="failed"} 1' in lines
    assert 'cohortflow_periods{study="a \\"b\\"\\\\c",state="done"} 1' in lines
    assert 'cohortflow_last_run_seconds{study="weekly"} 60.0' in lines
    assert 'cohortflow_last_run_end_seconds{study="weekly"} 1796018460.0' in lines, (
        "to the second"
    )
    assert 'cohortflow_last_run_well{study="weekly"} 0.0' in lines
    assert 'cohortflow_runs{state="waiting"} 1' in lines
    assert "cohortflow_disk_free_bytes 5000000000" in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)), "each name once"
