"""What the command says, where nobody reads it any more, or where letters are missing: neither ends a command."""

import codecs
import io
import sys
from typing import Any, TextIO

READABLE = "cohortflow.readable"
INSTEAD = {"■": "#", "✗": "x", "✓": "+", "·": ".", "…": "...", "–": "-", "—": "-", "≥": ">=", "≤": "<=", "×": "x"}


class Unheard(io.FileIO):
    """A file that takes what it can get rid of nowhere, as `| head` has read enough."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return len(data)


def bear_with_readers() -> None:
    """Put such files in the place of standard output and error, in the encoding that they have."""
    codecs.register_error(READABLE, _readable)
    sys.stdout, sys.stderr = _borne(sys.stdout), _borne(sys.stderr)


def _borne(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):  # closed before we began: then it is None
        return stream
    file = io.BufferedWriter(Unheard(stream.fileno(), "w", closefd=False))
    lines = stream.line_buffering or stream.write_through
    return io.TextIOWrapper(file, stream.encoding, READABLE, line_buffering=lines)


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    """Letters that are like those that the encoding lacks; for others their numbers."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(INSTEAD.get(letter) or ascii(letter)[1:-1] for letter in missing), error.end
