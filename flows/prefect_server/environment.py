"""Settings of Prefect for a closed place, in force unless the site has set them
otherwise.

They must stand in the environment before Prefect is loaded. Why:
flows/prefect_server/README.md#closed-places.
"""

import os

from flows.prefect_server.proxies import without_proxies

CLOSED = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_LOGGING_LOG_PRINTS": "false",
    # The command tells the terminal and states tell the UI; Prefect would add a
    # traceback for every failed period.
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    # Without its server, Prefect would print every event that it cannot send.
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    # Of a full disk, say, a temporary server would print every statement that its
    # database did not take.
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    # 20 s are too few on a busy machine
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
}


def quiet_environment() -> None:
    """Put the settings in place; no proxy is in the way of a server, of which Prefect
    would ask it.
    """
    alone = without_proxies(os.environ)
    for name in os.environ.keys() - alone.keys():
        del os.environ[name]
    os.environ.update(alone)
    for name, value in CLOSED.items():
        os.environ.setdefault(name, value)
