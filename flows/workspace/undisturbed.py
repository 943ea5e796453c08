"""What Ctrl-C must not stop halfway: it takes a second at most, and others would print
tracebacks of the halves.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block has ended; threads and processes that begin in it
    never hear of it.

    A terminal tells every process of a run; the command alone is to answer, and to end
    the others.
    """
    before, asked = signal.getsignal(signal.SIGINT), []
    heard = threading.current_thread() is threading.main_thread() and callable(before)
    if heard:  # for the system may tell another thread of this process
        signal.signal(signal.SIGINT, lambda *signals: asked.append(signals))
    # Windows has no masks; there it reaches all processes of a terminal, and a trial is
    # made anew
    masks = hasattr(signal, "pthread_sigmask")
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else set()
    try:
        yield
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if heard:
            signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt
