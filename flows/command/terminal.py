"""What the command prints, where its reader is gone, or where letters are missing:
neither ends a command.
"""

import codecs
import io
import os
import sys
from typing import Any, TextIO

READABLE = "cohortflow.readable"
SIGNS = {
    "■": "#",
    "✗": "x",
    "✓": "+",
    "·": ".",
    "…": "...",
    "–": "-",
    "—": "-",
    "≥": ">=",
    "≤": "<=",
    "×": "x",
}
QUOTES = {"“": '"', "”": '"', "‘": "'", "’": "'", "∑": "sum"}
# Of lines over time: each block is the digit of its height.
HEIGHTS = {block: str(place) for place, block in enumerate("▁▂▃▄▅▆▇█", 1)}
INSTEAD = {**SIGNS, **QUOTES, **HEIGHTS}


class Unheard(io.FileIO):
    """A file that takes what it can get rid of nowhere, as `| head` has read enough."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return len(data)


def bear_with_readers() -> None:
    """Put such files in the place of standard output and error, in the encoding that
    they have.
    """
    codecs.register_error(READABLE, _readable)
    _keep_places()
    sys.stdout, sys.stderr = _borne(sys.stdout, 1), _borne(sys.stderr, 2)


def _keep_places() -> None:
    """Where standard input, output or error were closed before we began: our first pipe
    would be taken for them.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # the lowest number that is free: this one
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _borne(stream: TextIO | None, number: int) -> TextIO:
    """There is no stream where it was closed before we began."""
    if stream is None:
        return io.TextIOWrapper(_unheard(number), None, READABLE)
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    lines = stream.line_buffering or stream.write_through
    return io.TextIOWrapper(
        _unheard(stream.fileno()), stream.encoding, READABLE, line_buffering=lines
    )


def _unheard(number: int) -> io.BufferedWriter:
    return io.BufferedWriter(Unheard(number, "w", closefd=False))


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    """Letters that are like those that the encoding lacks; for others their numbers."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(
        INSTEAD.get(letter) or ascii(letter)[1:-1] for letter in missing
    ), error.end
