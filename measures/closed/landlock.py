"""Landlock: the kernel refuses this process all files, TCP and signals to others, for
good.

There is no way to ask for it in Python's library, so this speaks to the kernel through
ctypes. Numbers are from linux/landlock.h and hold on all architectures but Alpha. No
rule is added, because the closed process opens nothing: what it may read is handed to
it. A kernel without Landlock is not an error.
"""

import ctypes
import os
import struct

CREATE_RULESET, RESTRICT_SELF = 444, 446
VERSION_FLAG, NO_NEW_PRIVS = 1, 38
# All that each version of Landlock can refuse, by the number of the highest right it
# knows.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
# bind and connect, from 4; abstract sockets and signals, from 6
ALL_TCP, ALL_SCOPES = 0b11, 0b11


def restrict() -> int:
    """The version of Landlock that holds this process from now on; 0 if there is
    none.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    asked = None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG)
    version = kernel.syscall(ctypes.c_long(CREATE_RULESET), *asked)
    if version < 1:
        return 0
    rules = _ruleset(kernel, version)
    if rules < 0:
        return 0
    kernel.prctl(NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    wanted = ctypes.c_int(rules), ctypes.c_uint32(0)
    refused = kernel.syscall(ctypes.c_long(RESTRICT_SELF), *wanted)
    os.close(rules)
    return version if refused == 0 else 0


def _ruleset(kernel: ctypes.CDLL, version: int) -> int:
    files = (1 << FILE_RIGHTS[min(version, max(FILE_RIGHTS))]) - 1
    known = 8  # bytes of the structure that this kernel knows
    if version >= 4:
        known = 16
    if version >= 6:
        known = 24
    wanted = struct.pack("=QQQ", files, ALL_TCP, ALL_SCOPES)[:known]
    size = ctypes.c_size_t(known), ctypes.c_uint32(0)
    return kernel.syscall(ctypes.c_long(CREATE_RULESET), ctypes.c_char_p(wanted), *size)
