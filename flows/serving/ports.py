"""The ports where a server listens, which another program may have."""

import errno
import os
import socket

from extractors.errors import ArgumentsError
from flows.serving.setting import DASK_PORT, PORT, Setting


def refuse_taken(setting: Setting, *names: str) -> None:
    """Raise ArgumentsError where nothing can listen at one of the ports, or one of
    those of these names.
    """
    for name in names or (PORT, DASK_PORT):
        if why := taken(setting, name):
            raise ArgumentsError(f"{why}.")


def taken(setting: Setting, name: str) -> str:
    """Why nothing can listen at the port of this name, and what to do; nothing if it
    can.
    """
    port = {PORT: setting.port, DASK_PORT: setting.dask_port}[name]
    family = socket.AF_INET6 if ":" in setting.bind else socket.AF_INET
    try:
        # as a part would take it
        socket.create_server((setting.bind, port), family=family).close()
    except OSError as error:
        remedy = f"set {name} to a free port, or see to COHORTFLOW_BIND"
        return (
            f"Nothing can listen at port {port} of {setting.bind} ({_why(error)}); "
            f"{remedy}"
        )
    return ""


def _why(error: OSError) -> str:
    """The system's word, without the address that Python adds to it."""
    return (
        os.strerror(error.errno)
        if error.errno and error.errno in errno.errorcode
        else str(error.strerror or error)
    )
