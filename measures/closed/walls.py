"""Builds the walls of the closed process, outermost rights first, and says what they
hold.

Each purpose is held by several mechanisms of the system, so that one that a kernel
lacks does not open it. A purpose that nothing holds makes the isolation weak.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from measures.closed import limits

KERNEL = "rights", "landlock", "seccomp"
# What no definition may do -> the mechanisms of which each alone prevents it.
PURPOSES = {
    "reading files": {"seccomp", "landlock", "descriptors"},
    "using the network": {"seccomp", "descriptors"},
    "starting processes": {"seccomp", "processes"},
    # Landlock refuses most of these two, but not changes of a file's rights, nor shared
    # memory
    "changing files": {"seccomp"},
    "reaching other processes": {"seccomp"},
    "keeping root's rights": {"rights"},
}


def kernel(private: Callable[[str], Any]) -> dict[str, Any]:
    """The modules that speak to Linux, as `private` loads them; none where they
    cannot.
    """
    try:
        return (
            {name: private(name) for name in KERNEL} if sys.platform == "linux" else {}
        )
    except ImportError:  # a Python without ctypes
        return {}


def build(
    linux: dict[str, Any], seconds: int, memory: int, without: frozenset[str]
) -> list[str]:
    """Build them all, and say which purposes nothing holds.

    `linux` are the modules that `kernel` loaded. `without` are mechanisms that a test
    leaves out.
    """
    held = set()
    rights = linux.get("rights")
    if "rights" not in without and (rights.drop() if rights else _is_ordinary()):
        held.add("rights")
    if rights:
        rights.tie_to_starter()
    if linux and "landlock" not in without and linux["landlock"].restrict():
        held.add("landlock")
    if "limits" not in without:
        held |= _limits(seconds, memory)
    if linux and "seccomp" not in without and linux["seccomp"].restrict():
        held.add("seccomp")
    return [what for what, by in PURPOSES.items() if not by & held]


def _is_ordinary() -> bool:
    """Whether the user has no special rights, as far as the system says: Windows says
    nothing.
    """
    return hasattr(os, "geteuid") and os.geteuid() != 0


def _limits(seconds: int, memory: int) -> set[str]:
    no_process = limits.limit(seconds, memory)
    held = {"descriptors"} if limits.open_nothing() else set()
    # the number of processes binds everybody but root
    return held | {"processes"} if no_process and _is_ordinary() else held
