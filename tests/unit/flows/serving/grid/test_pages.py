"""The door of our own pages: the grid and the metrics need the word, the health does
not, all else is Prefect's.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from flows.prefect_server.asking import authorization
from flows.serving.grid import pages
from flows.serving.grid.pages import OwnPages
from flows.serving.setting import setting
from tests.lib.noted_studies import noted_study

WORD = "me:secret"


async def prefect(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"prefect"})


class Door:
    """Asks the pages as a browser does."""

    def __init__(self, workspace: Path):
        self.app = OwnPages(prefect, setting(str(workspace)), WORD)

    def ask(
        self, path: str, word: str = "", method: str = "GET", page: str = ""
    ) -> tuple[int, dict[str, str], str]:
        """`page`: whose it is that asks, as a browser says it."""
        return asyncio.run(self._ask(path, word, method, page))

    async def _ask(
        self, path: str, word: str, method: str, page: str
    ) -> tuple[int, dict[str, str], str]:
        said: list[dict] = []

        async def send(message: dict) -> None:
            said.append(message)

        shown = [(b"authorization", authorization(word).encode())] if word else []
        shown += [(b"sec-fetch-site", page.encode())] if page else []
        scope = {"type": "http", "method": method, "path": path, "headers": shown}
        await self.app(scope, None, send)  # type: ignore[arg-type]
        start, body = said
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, body["body"].decode()


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    noted_study(tmp_path, "weekly")
    monkeypatch.setattr("flows.serving.grid.overview.look", lambda *_: None)
    monkeypatch.setattr(pages, "health", lambda _: {"database": True, "runner": True})
    return Door(tmp_path)


@pytest.mark.parametrize("path", ["/cohortflow", "/cohortflow/", "/metrics"])
def test_without_the_word_there_is_nothing(door: Door, path: str):
    for word in ("", "me:secre", "me:secret2"):
        status, headers, body = door.ask(path, word)
        assert (status, headers["www-authenticate"][:5]) == (401, "Basic")
        assert "weekly" not in body


def test_with_the_word(door: Door):
    status, headers, body = door.ask("/cohortflow", WORD)
    assert status == 200 and "weekly" in body
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert (
        'cohortflow_periods{study="weekly",state="done"} 1'
        in door.ask("/metrics", WORD)[2]
    )
    assert door.ask("/cohortflow", WORD, "HEAD")[2] == ""
    assert door.ask("/cohortflow", WORD, "POST")[0] == 405


def test_health_is_open_and_says_no_more(
    door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    status, _, body = door.ask("/health")
    assert (status, json.loads(body)) == (
        200,
        {"healthy": True, "parts": {"database": True, "runner": True}},
    )
    monkeypatch.setattr(pages, "health", lambda _: {"database": False, "runner": True})
    status, _, body = Door(tmp_path).ask("/health")
    assert (status, json.loads(body)["healthy"]) == (503, False)


def test_all_else_is_prefects(door: Door):
    for path in ("/", "/api/health", "/cohortflow/x", "/metricsx"):
        assert door.ask(path)[0] == 299


@pytest.mark.parametrize("page", ["cross-site", "same-site"])
def test_no_page_of_another_server_changes_anything(door: Door, page: str):
    """A browser shows the word that it was told once, for whichever page it asks."""
    for method in ("POST", "DELETE", "PATCH"):
        assert (
            door.ask("/api/deployments/1/pause_deployment", WORD, method, page)[0]
            == 403
        )
    assert door.ask("/api/deployments/1", WORD, "GET", page)[0] == 299, (
        "it cannot read the answer"
    )
    for own in ("same-origin", "none", ""):
        assert door.ask("/api/deployments/1", WORD, "POST", own)[0] == 299


def test_who_asks_often_costs_one_look(
    door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    looks: list[object] = []

    def look(where: object) -> dict[str, bool]:
        looks.append(where)
        return {"database": True}

    monkeypatch.setattr(pages, "health", look)
    door = Door(tmp_path)
    for _ in range(20):
        door.ask("/health")
    assert len(looks) == 1
