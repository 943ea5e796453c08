"""The label that tells the process of a run from all others, now and later."""

import os
import socket
from pathlib import Path

import psutil

LABEL = "cohortflow.process"
# a start of the machine; there on Linux alone
BOOT = Path("/proc/sys/kernel/random/boot_id")


def mark() -> dict[str, str]:
    """The label that tells this process from all others, now and later."""
    return {LABEL: f"{socket.gethostname()} {os.getpid()} {time_of_birth(os.getpid())}"}


def time_of_birth(pid: int) -> str:
    """When a process began. On Linux not by the clock: whenever that is set, all would
    have begun at another time.
    """
    if not BOOT.exists():
        return f"{psutil.Process(pid).create_time():.2f}"
    ticks = (
        Path(f"/proc/{pid}/stat")
        .read_text(encoding="utf-8")
        .rpartition(")")[2]
        .split()[19]
    )  # starttime of proc(5), since boot
    return f"{BOOT.read_text(encoding='utf-8').strip()}:{ticks}"
