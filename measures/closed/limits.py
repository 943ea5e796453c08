"""Limits that every Unix keeps, and that a process without root's rights cannot take back."""

import resource
from contextlib import suppress


def limit(seconds: int, memory: int) -> None:
    """Time and memory, and nothing written, no core, no new process."""
    most = {"AS": memory, "CPU": seconds + 1, "CORE": 0, "FSIZE": 0, "NPROC": 0}
    for name, value in most.items():
        _set(name, value)


def open_nothing() -> bool:
    """Nothing more is opened: no file, socket, pipe or copy; what is open stays so."""
    return _set("NOFILE", 0)


def _set(name: str, value: int) -> bool:
    # not every system knows or changes each of them
    with suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
        return True
    return False
