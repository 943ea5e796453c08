"""Starts the closed process. Nothing else is loaded here, because it is started early."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
# Python alone with its standard library: no site-packages, no bytecode written, nothing from the environment or
# the current folder. Not -I, which would also ignore PYTHONHASHSEED: a set in a definition must keep its order.
PYTHON = ("-s", "-S", "-P", "-B", "-u", "-X", "utf8", "-c")
BOOT = f"import sys; sys.path.append({ROOT!r}); from measures.closed.child import main; main()"
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # some Pythons do not start without


@dataclass(frozen=True)
class Closed:
    """A process that waits for its request, and ends without one when nobody is left to make it."""

    process: subprocess.Popen[bytes]
    request: int
    answer: int


def start() -> Closed:
    """A process that loads its Python while this one does other things."""
    theirs, request = os.pipe()
    answer, written = os.pipe()
    try:
        return Closed(_popen(theirs, written), request, answer)
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
        env={"PYTHONHASHSEED": "0", **{name: os.environ[name] for name in KEPT if name in os.environ}},
        start_new_session=True,
    )
