"""Another user of the machine, who tries all doors of a run: a process that gives up
being root.

Its argument is JSON: `ports` of this machine, and `places` in the file system. What it
prints is JSON, too: every port and every path with what got through; nothing should.
"""

import asyncio
import encodings.idna  # noqa: F401 - what is loaded later, a stranger may not be able to read
import http.client
import json
import os
import socket
import ssl
import sys
from collections.abc import Callable

from distributed.core import rpc
from distributed.security import Security

NOBODY = 65534
PATIENCE = 3  # seconds
PATHS = (
    "/",
    "/api/health",
    "/api/ready",
    "/api/admin/settings",
    "/api/admin/version",
    "/docs",
    "/openapi.json",
)
PAGE = "http://elsewhere.example"  # of which a browser here has a page open


def main() -> None:
    asked = json.loads(sys.argv[1])
    become_nobody()
    doors = {
        port: [name for name, opens in DOORS.items() if _tried(opens, port)]
        for port in asked["ports"]
    }
    paths = {}
    for place in asked["places"]:
        paths.update(readable(place))
    print(json.dumps({"user": os.geteuid(), "doors": doors, "paths": paths}))


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _tried(opens: Callable[[int], bool], port: int) -> bool:
    try:
        return opens(port)
    except (TimeoutError, OSError, http.client.HTTPException, ValueError):
        return False


def speaks_dask(port: int) -> bool:
    """Whether something on this port answers as a scheduler, a nanny or a worker,
    without a key.
    """
    return _identity(f"tcp://127.0.0.1:{port}", Security(require_encryption=False))


def shows_itself_without_a_key(port: int) -> bool:
    """Whether it speaks TLS with those who show no certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), PATIENCE) as connection,
        context.wrap_socket(connection) as spoken,
    ):
        spoken.settimeout(PATIENCE)
        # a server that wants a certificate says so only now
        return bool(spoken.recv(1))


def _identity(address: str, security: Security) -> bool:
    async def ask() -> bool:
        async with rpc(
            address,
            connection_args=security.get_connection_args("client"),
            timeout=PATIENCE,
        ) as remote:
            return bool(await asyncio.wait_for(remote.identity(), PATIENCE))

    return asyncio.run(ask())


def speaks_http(port: int) -> bool:
    """Whether any request, from a page of another server or not, gets an answer but
    "no".
    """
    return any(
        _answer(port, method, path, headers)
        for path in PATHS
        for method in ("GET", "OPTIONS")
        for headers in ({}, {"Origin": PAGE, "Access-Control-Request-Method": "POST"})
    )


def tells_runs(port: int) -> bool:
    """Whether Prefect's runs, with their parameters, can be read."""
    return _answer(
        port, "POST", "/api/flow_runs/filter", {"Content-Type": "application/json"}
    )


def _answer(port: int, method: str, path: str, headers: dict[str, str]) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        asking.request(method, path, b"{}" if method == "POST" else None, headers)
        answer = asking.getresponse()
        opened = [
            name
            for name, _ in answer.getheaders()
            if name.lower().startswith("access-control")
        ]
        return (
            answer.status != http.client.UNAUTHORIZED
            or bool(opened)
            or bool(answer.read())
        )
    finally:
        asking.close()


DOORS: dict[str, Callable[[int], bool]] = {
    "dask": speaks_dask,
    "tls": shows_itself_without_a_key,
    "http": speaks_http,
    "runs": tells_runs,
}


def readable(place: str) -> dict[str, str]:
    """What can be listed, read or written below a place, that is not the place
    itself.
    """
    found = {}
    for folder, _, files in os.walk(place):
        if folder != place:
            found[folder] = "listed"
        for name in files:
            path = os.path.join(folder, name)
            if os.access(path, os.R_OK) or os.access(path, os.W_OK):
                found[path] = "open"
    return found


if __name__ == "__main__":
    main()
