"""A listener in the place of a proxy, which keeps whatever it hears."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

NAMES = (
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
)


@dataclass
class Listener:
    """`heard`: the first bytes of each connection."""

    port: int
    heard: list[bytes] = field(default_factory=list)

    def environment(self, scheme: str = "http") -> dict[str, str]:
        """What a managed machine says, with an exception that does not cover
        127.0.0.1.
        """
        named = dict.fromkeys(NAMES, f"{scheme}://127.0.0.1:{self.port}")
        return {**named, "NO_PROXY": "localhost", "no_proxy": ""}


@contextmanager
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Listener(listening.getsockname()[1])
        thread = threading.Thread(target=_listen, args=(listening, found))
        thread.start()
        try:
            yield found
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _listen(listening: socket.socket, found: Listener) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(5)
            found.heard.append(connection.recv(1000))
            connection.sendall(
                b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
