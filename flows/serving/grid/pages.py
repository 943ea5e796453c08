"""Our own pages on the port of Prefect's server: the grid and the metrics behind its
word, and the open health.
"""

import asyncio
import datetime
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Generic, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from flows.prefect_server.doors import from_another_page, shows_word
from flows.serving.grid.health import health
from flows.serving.grid.html import POLICY, page
from flows.serving.grid.metrics import TYPE, metrics
from flows.serving.grid.overview import Overview, overview
from flows.serving.setting import Setting

GRID, METRICS, HEALTH = "/cohortflow", "/metrics", "/health"
# seconds for which an answer is given again: those who ask often cost no more
FRESH = 10.0
BASIC = {"www-authenticate": 'Basic realm="cohortflow", charset="UTF-8"'}
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
Known = TypeVar("Known")


@dataclass(frozen=True)
class Answer:
    """What a page answers."""

    # the body
    text: str
    # its media type
    kind: str = "text/plain; charset=utf-8"
    # of HTTP
    status: HTTPStatus = HTTPStatus.OK
    # those beside the usual ones
    headers: Mapping[str, str] = field(default_factory=dict)


FOREIGN = Answer("not for a page of another server\n", status=HTTPStatus.FORBIDDEN)


class Fresh(Generic[Known]):
    """Something that is looked up in a thread, by one at a time, and known for a
    while.
    """

    def __init__(self, look_up: Callable[[], Known]):
        self._look_up = look_up
        self._known: tuple[float, Known] | None = None
        self._looking = asyncio.Lock()

    async def get(self) -> Known:
        async with self._looking:
            if self._known is None or time.monotonic() - self._known[0] > FRESH:
                found = await asyncio.to_thread(self._look_up)
                self._known = (time.monotonic(), found)
            return self._known[1]


class OwnPages:
    """An ASGI application: our pages, and for all else another application."""

    def __init__(self, app: ASGIApp, setting: Setting, word: str):
        self._app, self._word = app, word
        self._overview: Fresh[Overview] = Fresh(lambda: overview(setting, _now()))
        self._health: Fresh[dict[str, bool]] = Fresh(lambda: health(setting))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").rstrip("/")
        if scope["type"] == "http" and from_another_page(scope):
            await _send(FOREIGN, scope, send)
            return
        if scope["type"] != "http" or path not in (GRID, METRICS, HEALTH):
            await self._app(scope, receive, send)
            return
        answer = await self._answer(scope, path)
        await _send(answer, scope, send)

    async def _answer(self, scope: Scope, path: str) -> Answer:
        if scope["method"] not in ("GET", "HEAD"):
            return Answer("only GET\n", status=HTTPStatus.METHOD_NOT_ALLOWED)
        if path == HEALTH:
            return _health(await self._health.get())
        if not shows_word(scope, self._word):
            return Answer(
                "the word, please\n", status=HTTPStatus.UNAUTHORIZED, headers=BASIC
            )
        seen = await self._overview.get()
        if path == GRID:
            return Answer(page(seen), "text/html; charset=utf-8")
        return Answer(metrics(seen, await self._health.get()), TYPE)


def _health(found: Mapping[str, bool]) -> Answer:
    well = all(found.values())
    answer = json.dumps({"healthy": well, "parts": dict(found)})
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(f"{answer}\n", "application/json", status)


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    body = answer.text.encode()
    every = {
        **HEADERS,
        **answer.headers,
        "content-type": answer.kind,
        "content-length": str(len(body)),
    }
    headers = [(name.encode(), value.encode()) for name, value in every.items()]
    await send(
        {"type": "http.response.start", "status": answer.status, "headers": headers}
    )
    shown = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": shown})


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
