"""The server of one run, as a process: it gets a socket, and whose end is its own."""

import gc
import os
import socket
import sys
import threading
import time

gc.disable()  # no search for garbage while it starts: 2.3 s become 1.8

import uvicorn  # noqa: E402
from prefect.server.api.server import create_app  # noqa: E402

from flows.prefect_server.doors import needs_word, without_cors  # noqa: E402
from flows.prefect_server.home import close_home  # noqa: E402
from flows.prefect_server.temporary_server import SERVER_WORD  # noqa: E402


class Server(uvicorn.Server):
    """A server that looks for garbage once it has started."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()  # what is there now stays
        gc.enable()


def main() -> None:
    """As Prefect starts its own; the arguments are the descriptor of a socket, and the
    process of the run.
    """
    descriptor, parent = map(int, sys.argv[1:])
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    close_home()
    app = without_cors(needs_word(create_app(), os.environ[SERVER_WORD]))
    # critical: at every request that its database does not take, as on a full disk, it
    # would print a traceback
    config = uvicorn.Config(app, log_level="critical", server_header=False)
    Server(config).run([socket.socket(fileno=descriptor)])


def _end_with(parent: int) -> None:
    """A run that is killed leaves no server behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
