"""Limits that every Unix keeps, and that a process without root's rights cannot take
back.
"""

from contextlib import suppress

try:
    import resource
except ImportError:  # no such thing on Windows, which has none of these limits
    resource = None  # type: ignore[assignment]


def limit(seconds: int, memory: int) -> bool:
    """Time and memory, and nothing written, no core, no new process; whether the last
    of these holds.
    """
    for name, value in {
        "AS": memory,
        "CPU": seconds + 1,
        "CORE": 0,
        "FSIZE": 0,
    }.items():
        _set(name, value)
    return _set("NPROC", 0)


def open_nothing() -> bool:
    """Nothing more is opened: no file, socket, pipe or copy; what is open stays so."""
    return _set("NOFILE", 0)


def _set(name: str, value: int) -> bool:
    if not resource:
        return False
    # not every system knows or changes each of them
    with suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
        return True
    return False
