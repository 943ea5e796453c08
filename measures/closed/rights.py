"""The rights of the closed process: root becomes a user without
rights, and no process outlives its starter.

It speaks to Linux through ctypes; elsewhere `drop` does what Python's library can.
"""

import ctypes
import os
import struct
from contextlib import suppress

# the user that Linux calls the overflow user: the highest that every container has
OVERFLOW = 65534
SET_DEATH_SIGNAL, SET_DUMPABLE, NO_NEW_PRIVS = 1, 4, 38
KILL = 9  # the signal; Python's module of signals would be loaded for this alone
KILL_OTHERS = 5  # the number of the right to end processes of others
CAPABILITIES = 0x20080522  # the version of the structure that holds all of them


def drop() -> bool:
    """Keep no more rights than an ordinary user has. False if root's rights stay."""
    if os.geteuid() != 0:
        return True
    if not _may_kill():
        return _drop_capabilities()
    try:
        os.setgroups([])
        os.setresgid(OVERFLOW, OVERFLOW, OVERFLOW)
        os.setresuid(OVERFLOW, OVERFLOW, OVERFLOW)
    except (
        AttributeError,
        OSError,
    ):  # a container that has one user, or allows no change
        return _drop_capabilities()
    return os.geteuid() == OVERFLOW


def _may_kill() -> bool:
    """Whether root here may end another user's process, which this one is about to
    become.
    """
    try:
        number = os.open("/proc/self/status", os.O_RDONLY)
        status = os.read(number, 1 << 16).decode()
        os.close(number)
        return bool(
            int(status.partition("CapEff:")[2].split()[0], 16) & 1 << KILL_OTHERS
        )
    except (OSError, ValueError, IndexError):
        return True


def _drop_capabilities() -> bool:
    """Root without capabilities is an ordinary user who owns root's files."""
    try:
        kernel = ctypes.CDLL(None, use_errno=True)
        version = ctypes.c_char_p(struct.pack("=Ii", CAPABILITIES, 0))
        return kernel.capset(version, ctypes.c_char_p(bytes(24))) == 0
    except (AttributeError, OSError):
        return False


def tie_to_starter() -> None:
    """End with the process that started this one, leave no core, and gain no rights
    from now on.
    """
    with suppress(AttributeError, OSError):
        kernel = ctypes.CDLL(None, use_errno=True)
        for option, value in (
            (SET_DEATH_SIGNAL, KILL),
            (SET_DUMPABLE, 0),
            (NO_NEW_PRIVS, 1),
        ):
            kernel.prctl(option, *map(ctypes.c_ulong, (value, 0, 0, 0)))
