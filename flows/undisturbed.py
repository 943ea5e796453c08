"""What Ctrl-C must not stop halfway: it takes a second at most, and others would print tracebacks of the halves."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block has ended; threads and processes that begin in it never hear of it.

    A terminal tells every process of a run; the command alone is to answer, and to end the others.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
