"""Starts the closed process. Nothing else is loaded here, because it is started
early.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = str(Path(__file__).resolve().parents[2])
# Python alone with its standard library: no site-packages, no bytecode written, nothing
# from the environment or the current folder. Not -I, which would also ignore
# PYTHONHASHSEED: a set in a definition must keep its order.
PYTHON = ("-s", "-S", "-P", "-B", "-u", "-X", "utf8", "-c")
BOOT = (
    f"import sys; sys.path.append({ROOT!r}); from measures.closed.child import main; "
    "main()"
)
# some Pythons do not start without
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
# Where groups of processes are known, a process can be given pipes, and pipes can be
# waited for. Not so on Windows.
HAS_GROUPS = hasattr(os, "killpg")
STREAMS = "streams"  # in place of the numbers of pipes


@dataclass(frozen=True)
class Closed:
    """A process that waits for its request, and ends without one when no process is
    left to make it.
    """

    # Python, without rights
    process: subprocess.Popen[bytes]
    # the descriptor that the request is written to
    request: int
    # the descriptor that questions and the answer come from
    answer: int
    # what it prints
    said: IO[bytes]


def start() -> Closed:
    """A process that loads its Python while this one does other things."""
    return _with_pipes() if HAS_GROUPS else _with_streams()


def _with_streams() -> Closed:
    """It speaks through standard input and output, and prints to standard error
    (`child.channel_of`).
    """
    process = subprocess.Popen(
        [sys.executable, *PYTHON, BOOT, STREAMS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
    )
    assert process.stdin and process.stdout and process.stderr
    request, answer = os.dup(process.stdin.fileno()), os.dup(process.stdout.fileno())
    process.stdin.close()
    process.stdout.close()
    return Closed(process, request, answer, process.stderr)


def _with_pipes() -> Closed:
    theirs, request = os.pipe()
    answer, written = os.pipe()
    try:
        process = _popen(theirs, written)
        assert process.stdout
        return Closed(process, request, answer, process.stdout)
    except BaseException:
        os.close(request)
        os.close(answer)
        raise
    finally:
        os.close(theirs)
        os.close(written)


def _popen(request: int, answer: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *PYTHON, BOOT, str(request), str(answer)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(request, answer),
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    return {
        "PYTHONHASHSEED": "0",
        **{name: os.environ[name] for name in KEPT if name in os.environ},
    }
