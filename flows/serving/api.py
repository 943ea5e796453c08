"""Prefect's server, asked without loading Prefect: health checks and alerts should cost next to nothing."""

import json
import urllib.request
from base64 import b64encode
from typing import Any

from flows.serving.setting import Setting
from flows.workspace.secrets import auth_string

LONGEST = 5  # seconds to wait for an answer


def ask(setting: Setting, path: str, question: dict[str, Any] | None = None) -> Any:
    """What the server answers to a POST of this question, to a GET without one; None if it does not answer."""
    data = None if question is None else json.dumps(question).encode()
    request = urllib.request.Request(f"{setting.api_url}/{path}", data, {"Content-Type": "application/json"})
    request.add_header("Authorization", f"Basic {b64encode(auth_string(setting.auth_file).encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=LONGEST) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return None
