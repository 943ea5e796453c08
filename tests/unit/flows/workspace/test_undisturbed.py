"""Ctrl-C waits for what must not be stopped halfway, and what begins meanwhile does not
hear of it.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from flows.workspace.undisturbed import undisturbed

BLOCKED = (
    "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, "
    "()))"
)


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Also where the tests themselves are in the background of a script, and do not
    hear of Ctrl-C.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_it_waits():
    done = []
    with pytest.raises(KeyboardInterrupt), undisturbed():
        interrupt()
        done.append("all of it")
    assert done


def test_another_thread_is_told():
    """The system chooses one that does not keep it waiting."""
    done, go = [], threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    with pytest.raises(KeyboardInterrupt), undisturbed():
        interrupt()
        done.append("all of it")
    go.set()
    thread.join()
    assert done


def test_where_nobody_listens():
    """As in the background of a script."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with undisturbed():
        interrupt()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_nobody_interrupts():
    with undisturbed():
        pass
    with pytest.raises(LookupError, match="its own"), undisturbed():
        raise LookupError("its own")
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def blocked_in_a_child() -> bool:
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout == "True\n"


def test_what_begins_meanwhile_does_not_hear_of_it():
    """A thread that goes on, and what that starts later, too."""
    found, go = [], threading.Event()

    def work() -> None:
        go.wait()
        found.append(blocked_in_a_child())

    with undisturbed():
        thread = threading.Thread(target=work)
        thread.start()
    go.set()
    thread.join()
    assert found == [True] and not blocked_in_a_child()
