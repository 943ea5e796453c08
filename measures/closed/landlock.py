"""Landlock: the Linux kernel refuses this process files, networks and programs from here on.

There is no way to ask for it in Python's library, so this speaks to the kernel through ctypes; the
closed process loads this module under no name and forgets ctypes afterwards. Numbers are from
linux/landlock.h and hold on all architectures but Alpha. A kernel without Landlock is not an error.
"""

import ctypes
import os
import struct
from collections.abc import Iterable, Iterator, Sequence

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, RULE_PATH_BENEATH, NO_NEW_PRIVS = 1, 1, 38
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# All that each version of Landlock can refuse, by the number of the highest right it knows.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
ALL_TCP, ALL_SCOPES = 0b11, 0b11  # bind and connect, from 4; abstract sockets and signals, from 6


def restrict(readable: Iterable[str], listed: Iterable[str], forbidden: Sequence[str]) -> bool:
    """Allow this process, for good, only to read below `readable` and to list `listed`.

    Nothing below `forbidden` is allowed, also where it lies in a readable folder; a rule cannot be
    taken back, so such a folder's entries get rules of their own. False where the kernel has no Landlock.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    version = kernel.syscall(ctypes.c_long(CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG))
    if version < 1:
        return False
    rules = _ruleset(kernel, version)
    for folder in readable:
        for path in without(folder, forbidden):
            _allow(kernel, rules, path, READ_FILE | READ_DIR)
    for folder in listed:
        _allow(kernel, rules, folder, READ_DIR)
    kernel.prctl(NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    refused = kernel.syscall(ctypes.c_long(RESTRICT_SELF), ctypes.c_int(rules), ctypes.c_uint32(0))
    os.close(rules)
    return refused == 0


def without(folder: str, forbidden: Sequence[str]) -> Iterator[str]:
    """The folder, or those of its entries that together are it without what is forbidden."""
    inside = folder.rstrip("/") + "/"
    if any(inside.startswith(path.rstrip("/") + "/") for path in forbidden):
        return
    if not any(path.startswith(inside) for path in forbidden):
        yield folder
    elif not os.path.islink(folder) and os.path.isdir(folder):
        for name in sorted(os.listdir(folder)):
            yield from without(inside + name, forbidden)


def _ruleset(kernel: ctypes.CDLL, version: int) -> int:
    files = (1 << FILE_RIGHTS[min(version, max(FILE_RIGHTS))]) - 1
    known = 8  # bytes of the structure that this kernel knows
    if version >= 4:
        known = 16
    if version >= 6:
        known = 24
    wanted = struct.pack("=QQQ", files, ALL_TCP, ALL_SCOPES)[:known]
    return kernel.syscall(
        ctypes.c_long(CREATE_RULESET), ctypes.c_char_p(wanted), ctypes.c_size_t(known), ctypes.c_uint32(0)
    )


def _allow(kernel: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    """Links are not followed: what an allowed name points to must be allowed itself."""
    try:
        folder = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    rule = struct.pack("=Qi", rights if os.path.isdir(path) else rights & READ_FILE, folder)
    kernel.syscall(
        ctypes.c_long(ADD_RULE), ctypes.c_int(rules), ctypes.c_int(RULE_PATH_BENEATH),
        ctypes.c_char_p(rule), ctypes.c_uint32(0),
    )  # fmt: skip
    os.close(folder)
