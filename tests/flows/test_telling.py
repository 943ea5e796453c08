"""What a run shows in Prefect's UI beside its states: a bar, every period, what was
released.
"""

import base64
import http.server
import json
import re
import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.settings import Settings

from flows.preparing.options import Options
from flows.telling.board import Board
from flows.telling.page import _line, run_command
from measures.release.chart import chart
from measures.release.reading import Point, Total
from tests.flows.conftest import Undisturbed
from tests.flows.shelves import days
from tests.flows.story import BROKEN, PERIODS, REASON, Story, printed_command
from tests.lib.prefect_api import Prefect
from tests.lib.prefect_server import Server


@pytest.fixture
def shown(undisturbed: Undisturbed, server: Server) -> dict[str, dict[str, Any]]:
    """The artifacts of a run that nothing happened to."""
    prefect = Prefect(server.url)
    return prefect.artifacts(
        prefect.runs("pressure 2021-05-01..2021-06-01", undisturbed.shelves.workspace)[
            0
        ]
    )


@pytest.fixture
def failing(story: Story, server: Server) -> dict[str, dict[str, Any]]:
    """The artifacts of a run in which a period failed."""
    prefect = Prefect(server.url)
    return prefect.artifacts(
        prefect.runs("weekly 2020-03-02..2020-03-23", story.shelves.workspace)[0]
    )


def test_the_bar_has_moved_to_its_end(shown, failing):
    for artifacts, study in ((shown, "pressure"), (failing, "weekly")):
        assert float(artifacts[f"{study}-progress"]["data"]) == 100
    assert (
        failing["weekly-progress"]["description"]
        == "ended: 4 periods: 3 done, 1 failed"
    )


def test_the_table_holds_every_period_as_status_does(shown, undisturbed: Undisturbed):
    rows = json.loads(shown["pressure-periods"]["data"])
    said = undisturbed.result.json["periods"]
    assert {row["period"] for row in rows} == {period["period"] for period in said}
    assert {(row["state"], row["attempts"], row["reason"]) for row in rows} == {
        ("✔ done", 1, "")
    }
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row["last run (UTC)"])
        for row in rows
    )


def test_what_failed_comes_first(failing):
    first, *others = json.loads(failing["weekly-periods"]["data"])
    assert (first["period"], first["state"]) == (BROKEN, "✗ failed") and first[
        "attempts"
    ] >= 1
    assert REASON in first["reason"]
    assert [row["state"] for row in others] == ["✔ done"] * 3


def test_periods_that_were_not_chosen_are_in_the_table(story: Story, server: Server):
    prefect = Prefect(server.url)
    (run, *_) = prefect.runs("weekly 2020-03-23..2020-03-23", story.shelves.workspace)
    rows = json.loads(prefect.artifacts(run)["weekly-periods"]["data"])
    assert [(row["period"], row["state"][0]) for row in rows] == [
        *((period, "·") for period in PERIODS[:3]),
        (PERIODS[3], "✔"),
    ]


def test_the_page_says_how_to_run_what_failed_again(failing, story: Story):
    page = failing["weekly-release"]["data"]
    assert (
        "**4 periods: 3 done, 1 failed.**" in page and "Nothing was released." in page
    )
    assert f"| {BROKEN} |" in page
    blocks = re.findall(r"^```\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    command, deployed = (block for block in blocks if "rerun" in block)
    assert command in story.failed.out and printed_command(story.failed)[:2] == [
        "cohortflow",
        "rerun",
    ]
    assert deployed.startswith(
        "prefect deployment run cohortflow/rerun-failed --param study="
    )
    assert "■✗■■" in page


def test_warnings_come_without_counts_of_rows(failing):
    page = failing["weekly-release"]["data"]
    assert (
        "**Warning:** patients.parquet: column date\\_of\\_death: some rows are NULL"
        in page
    )


def test_the_page_shows_the_numbers_of_the_release(shown, undisturbed: Undisturbed):
    page = shown["pressure-release"]["data"]
    lines = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in page.splitlines()
        if line.startswith("| ")
    ]
    rows = undisturbed.shelves.rows()
    for measure, start, numerator, denominator, ratio in lines[1:]:
        last = [
            row for row in rows if row["measure"] == measure and row["group_by"] == ""
        ][-1]
        assert start == last["interval_start"]
        assert numerator.replace(",", "") == last["numerator"].replace(
            "[REDACTED]", "redacted"
        )
        assert denominator.replace(",", "") == last["denominator"].replace(
            "[REDACTED]", "redacted"
        )
        assert (f"{float(last['ratio']) * 1000:,.1f}" if last["ratio"] else "") == ratio
    assert {line[0] for line in lines[1:]} == {
        row["measure"] for row in rows if row["group_by"] == ""
    }


def test_the_chart_is_drawn_from_the_release(shown, undisturbed: Undisturbed):
    (drawn,) = re.findall(
        r"!\[taken, per 1,000\]\((.*?)\)", shown["pressure-release"]["data"]
    )
    released = [
        row
        for row in undisturbed.shelves.rows()
        if row["measure"] == "taken" and row["group_by"] == ""
    ]
    highest = max(float(row["ratio"]) for row in released if row["ratio"]) * 1000
    svg = base64.b64decode(drawn.split(",")[1]).decode()
    assert f">{highest:,.4g}<" in svg
    assert (
        f">{released[0]['interval_start']}<" in svg
        and f">{released[-1]['interval_start']}<" in svg
    )


def _total(*ratios: float | None) -> Total:
    (start, _) = days(PERIODS[0])
    return Total("a<b", tuple(Point(start, 1, 2, ratio) for ratio in ratios))


def _drawn(*ratios: float | None) -> str:
    return base64.b64decode(chart(_total(*ratios)).split(",")[1]).decode()


def test_a_redacted_period_is_a_gap():
    svg = _drawn(0.1, 0.2, None, 0.3, None, 0.2, 0.1)
    assert (svg.count("<polyline"), svg.count("<circle")) == (2, 1)
    assert "a&lt;b" in svg
    assert not _total(None, 0.1).can_be_drawn


def test_a_mean_is_drawn_as_it_is():
    mean = replace(_total(20.0, 40.4), mean=True)
    svg = base64.b64decode(chart(mean).split(",")[1]).decode()
    assert ">a&lt;b, mean<" in svg and ">40.4<" in svg and "per 1,000" not in svg
    assert _line(mean).endswith("| 40.4 (mean) |") and _line(_total(0.0404)).endswith(
        "| 40.4 |"
    )


def test_nothing_but_zeros_is_a_line_at_the_bottom():
    assert "64.0,144.0 664.0,144.0" in _drawn(0.0, 0.0)


def test_the_command_asks_for_what_the_run_was_asked_for():
    wish = Options(
        "a study.py",
        "omop:x",
        periods=("2020-03-02",),
        complete_by="2021-01-01",
        arguments=("--n", "1"),
    )
    said = (
        "cohortflow run 'a study.py' --records=omop:x --complete-by=2021-01-01 "
        "--periods=2020-03-02 -- --n 1"
    )
    assert run_command(wish) == said
    assert run_command(Options("s")) == "cohortflow run s"


def test_a_run_that_stopped_says_why(dirty, server: Server):
    prefect = Prefect(server.url)
    pages = prefect.ask(
        "artifacts/filter", {"artifacts": {"key": {"any_": ["weekly-release"]}}}
    )
    stopped, *_ = [page["data"] for page in pages if "spreadsheet" in page["data"]]
    assert (
        "The run stopped" in stopped
        and "```\ncohortflow run " in stopped
        and "--records=" in stopped
    )


class Busy(http.server.BaseHTTPRequestHandler):
    """A server that takes nothing; `asked` counts how often it was asked to."""

    asked = 0

    def do_GET(self) -> None:  # of the client's own accord, once
        self.send_error(404)

    def do_POST(self) -> None:
        Busy.asked += 1
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


def test_a_server_that_takes_nothing_does_not_hold_up_a_run():
    """Prefect's client would ask six times, in a minute."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Busy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with SyncPrefectClient(f"http://127.0.0.1:{server.server_port}/api") as client:
            board = Board(client, uuid4())
            board.put("markdown", "a-key", "text", "about")
            assert Busy.asked == 1
            board.put("markdown", "a-key", "text", "about")
            assert Busy.asked == 1, "for a while it is left alone"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Moody:
    """A client whose server is too busy for the first request."""

    def __init__(self) -> None:
        self.asked, self.taken = list[str](), list[str]()

    def create_artifact(self, made: ArtifactCreate) -> SimpleNamespace:
        self.asked.append(str(made.key))
        if len(self.asked) == 1:
            raise OSError("database is locked")
        self.taken.append(str(made.key))
        return SimpleNamespace(id=uuid4())


def test_what_a_busy_server_did_not_take_comes_at_the_end():
    client = Moody()
    board = Board(cast("SyncPrefectClient", client), uuid4())
    for key in ("periods", "release"):
        board.put("markdown", key, "text", "about")
    assert client.asked == ["periods"], "for a while it is left alone"
    board.end()
    assert client.taken == ["periods", "release"]


def test_settings_are_read_once_and_not_for_each_request(
    monkeypatch: pytest.MonkeyPatch,
):
    """To read them takes Prefect longer than a request."""
    read = list[object]()
    made = Settings.__init__

    def noted(self: Settings, *inputs: Any, **given: Any) -> None:
        read.append(self)
        made(self, *inputs, **given)

    client = Moody()
    board = Board(cast("SyncPrefectClient", client), uuid4())
    monkeypatch.setattr(Settings, "__init__", noted)
    Settings()
    assert len(read) == 1, "this is how they are read"
    for key in ("periods", "release", "progress"):
        board._silent_until = 0.0
        board.put("markdown", key, "text", "about")
    assert client.taken
    assert len(read) == 1


class Forgetful(Moody):
    """A client whose server does not take the first lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def create_logs(self, lines: list[dict[str, Any]]) -> None:
        self.asked.append("lines")
        if len(self.asked) == 1:
            raise OSError("database is locked")
        self.lines += lines


def test_lines_of_the_log_come_together_and_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("flows.telling.board.MOST_LINES", 3)
    client, run = Forgetful(), uuid4()
    board = Board(cast("SyncPrefectClient", client), run)
    board.say("one")
    board._show_lines()
    assert client.lines == [], "the server was busy"
    for words in ("two", "three", "four"):
        board.say(words)
    board.end()
    assert [line["message"] for line in client.lines] == ["one", "two", "three"], (
        "no more than so many wait"
    )
    assert {line["flow_run_id"] for line in client.lines} == {str(run)}
    board.end()
    assert len(client.lines) == 3
