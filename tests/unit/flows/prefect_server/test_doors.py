"""What a Prefect server answers to those without the word, and to pages of other
servers.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from flows.prefect_server.asking import authorization
from flows.prefect_server.doors import needs_word, without_cors

WORD = "cohortflow:a word"


async def prefect(_scope: Scope, _receive: Receive, send: Send) -> None:
    """As Prefect answers: to everybody."""
    headers = [
        (b"content-type", b"text/plain"),
        (b"Access-Control-Allow-Origin", b"*"),
        (b"access-control-allow-credentials", b"true"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"runs"})


def answer(
    *headers: tuple[bytes, bytes], kind: str = "http"
) -> list[MutableMapping[str, Any]]:
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    app = without_cors(needs_word(prefect, WORD))

    async def ask() -> None:
        await app({"type": kind, "headers": list(headers)}, receive, send)

    asyncio.run(ask())
    return said


@pytest.mark.parametrize(
    "shown", ["", "Basic", authorization("cohortflow:another"), f"Bearer {WORD}"]
)
def test_without_the_word_nothing_is_said(shown: str):
    start, body = answer((b"authorization", shown.encode()))
    assert start["status"] == 401 and not start["headers"] and body["body"] == b""


def test_with_it_no_other_page_may_read_the_answer():
    start, body = answer(
        (b"authorization", authorization(WORD).encode()),
        (b"origin", b"http://elsewhere.example"),
    )
    assert (start["status"], start["headers"]) == (
        200,
        [(b"content-type", b"text/plain")],
    )
    assert body["body"] == b"runs"


def test_websockets_show_it_in_their_first_message():
    assert answer(kind="websocket")[0]["status"] == 200
