"""Where in an author's file something happens: file, line, and the columns at fault, in
bytes.
"""

import sys
from collections.abc import Callable
from itertools import islice
from types import CodeType, FrameType, TracebackType

from extractors.language.reading import Place

IsOwn = Callable[[str], bool]


def of_traceback(
    trace: TracebackType | None, is_own: IsOwn
) -> tuple[FrameType | None, Place]:
    """The author's innermost frame in a traceback."""
    frame, place = None, Place()
    while trace is not None:
        if is_own(trace.tb_frame.f_code.co_filename):
            frame = trace.tb_frame
            place = _place(frame.f_code, trace.tb_lasti, trace.tb_lineno)
        trace = trace.tb_next
    return frame, place


def of_caller(is_own: IsOwn) -> Place:
    """The author's innermost line that is being run."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if is_own(frame.f_code.co_filename):
            return _place(frame.f_code, frame.f_lasti, frame.f_lineno)
        frame = frame.f_back
    return Place()


def of_syntax(error: SyntaxError) -> Place:
    line, text = error.lineno or 0, error.text or ""
    first, last = error.offset or 0, error.end_offset or 0
    if first < 1:
        return Place(str(error.filename), line)
    end = last if error.end_lineno == line and last > first else first + 1
    return Place(str(error.filename), line, _bytes(text, first), _bytes(text, end))


def _bytes(text: str, column: int) -> int:
    return len(text[: column - 1].encode()) + 1


def _place(code: CodeType, instruction: int, line: int) -> Place:
    positions = next(islice(code.co_positions(), max(instruction, 0) // 2, None), None)
    if positions is None:
        return Place(code.co_filename, line)
    first_line, last_line, first, last = positions
    if first_line != line or first is None or last is None:
        return Place(code.co_filename, line)
    end = last + 1 if last_line == first_line else 0
    return Place(code.co_filename, line, first + 1, end)
