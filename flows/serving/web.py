"""Prefect's server, whose pages may speak to it alone, and our own pages beside them.

Its second UI calls an analytics company from the browser that opens it, whatever
the server's analytics switch says (seen with 3.8.8: requests to amplitude.com from
every page). A Content-Security-Policy keeps the browser from it.
"""

import sys
from typing import Any

import uvicorn
from prefect.server.api.server import create_app
from prefect.settings import get_current_settings

from flows.prefect_server.doors import without_cors
from flows.serving.grid.pages import OwnPages
from flows.serving.setting import setting
from flows.workspace.secrets import auth_string

POLICY = "; ".join(
    [
        "default-src 'self'",
        # as Prefect builds its pages
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",  # charts
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
    ]
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]


def closed(app: Any) -> Any:
    """An ASGI application that answers as `app` does, and tells the browser to ask
    nobody else.
    """

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {
                    **message,
                    "headers": [*message.get("headers", ()), *HEADERS],
                }
            await send(message)

        await app(scope, receive, send_with_headers)

    return answer


def main() -> int:
    """As `prefect server start` does it, with our headers."""
    where, server = setting(), get_current_settings().server
    prefect = closed(without_cors(create_app(final=True)))
    uvicorn.run(
        OwnPages(prefect, where, auth_string(where.auth_file)),
        host=where.bind,
        port=where.port,
        timeout_keep_alive=server.api.keepalive_timeout,
        log_level=server.logging_level.lower(),
        server_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
