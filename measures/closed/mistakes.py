"""What is told of an error in an author's file: where it is, what was wrong, what exists instead."""

import builtins
import re
import sys
import traceback
from collections.abc import Callable
from difflib import get_close_matches
from types import TracebackType
from typing import Any

from extractors.errors import CodelistError, CohortflowError

OURS = ("ehrql", "extractors", "measures")
NO_SUCH_NAME = re.compile(r"cannot import name '(\w+)'")
REFUSED = "a definition may not do this: it only describes what is wanted, so remove this line"
MOST_CHARACTERS = 20_000  # of a traceback: the middle of a deep recursion helps nobody
Mistake = dict[str, str | int]


def mistake(error: BaseException, is_own: Callable[[str], bool]) -> Mistake:
    """As plain data: file and line in the author's own files, message, and the whole traceback as detail."""
    frame, line = _innermost(error.__traceback__, is_own)
    file = frame.f_code.co_filename if frame else ""
    if isinstance(error, SyntaxError) and is_own(str(error.filename)):
        file, line = str(error.filename), error.lineno or 0
    message, codelist = _safely(lambda: _say(error, frame)), isinstance(error, CodelistError)
    return {"file": file, "line": line, "message": message, "codelist": codelist, "detail": _traceback(error)}


def _innermost(trace: TracebackType | None, is_own: Callable[[str], bool]) -> tuple[Any, int]:
    frame, line = None, 0
    while trace is not None:
        if is_own(trace.tb_frame.f_code.co_filename):
            frame, line = trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    return frame, line


def _say(error: BaseException, frame: Any) -> str:
    match error:
        case CohortflowError():
            return error.message
        case SystemExit() | NameError(name="exit" | "quit"):
            return "the file ends itself with exit(); remove it, because everything up to the last line must run"
        case MemoryError():
            return "the definition needs too much memory; look for a list or loop that grows without end"
        case RecursionError():
            return "a function calls itself without end; give it a condition to stop"
        case SyntaxError():
            return f"Python cannot read this line: {error.msg}"
        case ImportError():
            return _say_import(error)
        case NameError():
            return f"{error}{_nearest(error.name, _names_of(frame), str(error))}"
        case AttributeError():
            nearest = _nearest(error.name, dir(error.obj), str(error))
            return str(error).rstrip(".") + nearest if nearest else str(error)
        case PermissionError():  # the kernel's word, where the guard was not asked
            return f"{error} ({REFUSED})"
        case TypeError() | ValueError():
            return str(error)
        case _:
            return f"{type(error).__name__}: {error}"


def _say_import(error: ImportError) -> str:
    name, missing = error.name or "", NO_SUCH_NAME.match(str(error))
    if missing and name in sys.modules:
        names = public_names(sys.modules[name])
        return f"there is no {missing[1]!r} in {_as_written(name)}; {_hint(missing[1], names)}"
    if name.partition(".")[0] in OURS:
        modules = sorted(module for module in sys.modules if module == "extractors" or module.startswith("ehrql"))
        modules += sorted(module for module in sys.modules if module.startswith("extractors.tables."))
        return f"there is no module {name!r}; {_hint(name, modules)}"
    if isinstance(error, ModuleNotFoundError):
        return (
            f"there is no module {name!r} here; a definition may import Python's own library, "
            "ehrql (or extractors and measures), and files that lie beside it"
        )
    return str(error)


def public_names(module: Any) -> list[str]:
    return list(getattr(module, "__all__", ())) or [name for name in dir(module) if not name.startswith("_")]


def _as_written(module: str) -> str:
    return module.removeprefix("measures.") if module.startswith("measures.ehrql") else module


def _names_of(frame: Any) -> list[str]:
    return [*frame.f_locals, *frame.f_globals, *dir(builtins)] if frame else []


def _nearest(name: str | None, names: list[str], said: str) -> str:
    close = get_close_matches(name or "", names, n=1)
    return f"; did you mean {close[0]!r}?" if close and "did you mean" not in said else ""


def _hint(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}"


def _traceback(error: BaseException) -> str:
    text = _safely(lambda: "".join(traceback.format_exception(error, limit=-50)))
    half = MOST_CHARACTERS // 2
    return text if len(text) <= MOST_CHARACTERS else f"{text[:half]}\n…\n{text[-half:]}"


def _safely(say: Callable[[], str]) -> str:
    """An error of the author's own making may fail even to be printed."""
    try:
        return say()
    except Exception as problem:
        return f"an error that cannot be printed ({type(problem).__name__})"
