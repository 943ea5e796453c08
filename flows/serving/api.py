"""Prefect's server, asked without loading Prefect: health checks and alerts should cost
next to nothing.
"""

import json
from http.client import HTTPException
from typing import Any
from urllib.request import Request

from flows.prefect_server.asking import authorization, direct
from flows.serving.setting import Setting
from flows.workspace.secrets import auth_string

LONGEST = 5  # seconds to wait for an answer


def ask(setting: Setting, path: str, question: dict[str, Any] | None = None) -> Any:
    """What the server answers to a POST of this question, to a GET without one; None if
    it does not answer.
    """
    data = None if question is None else json.dumps(question).encode()
    return _answer(_request(setting, path, data))


def change(setting: Setting, path: str, what: dict[str, Any]) -> bool:
    """Whether the server has changed something as it was asked to."""
    request = _request(setting, path, json.dumps(what).encode())
    request.method = "PATCH"
    try:
        with direct().open(request, timeout=LONGEST):
            return True
    except (OSError, HTTPException):
        return False


def _request(setting: Setting, path: str, data: bytes | None) -> Request:
    """A request that shows the word."""
    request = Request(
        f"{setting.api_url}/{path}", data, {"Content-Type": "application/json"}
    )
    request.add_header("Authorization", authorization(auth_string(setting.auth_file)))
    return request


def is_healthy(setting: Setting) -> bool:
    """Whether a server answers. It is not shown the word: it may be another program."""
    return _answer(Request(f"{setting.api_url}/health")) is True


def is_ready(setting: Setting) -> bool:
    """Whether Prefect's server answers and has its database."""
    return isinstance(_answer(Request(f"{setting.api_url}/ready")), dict)


def _answer(request: Request) -> Any:
    """What is answered, past every proxy; None if nothing is, or nothing that a Prefect
    server says.
    """
    try:
        with direct().open(request, timeout=LONGEST) as answer:
            return json.load(answer)
    except (OSError, ValueError, HTTPException):
        return None
