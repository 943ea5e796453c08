"""The message for an error in an author's file: where it is, what was wrong, what
exists instead.
"""

import builtins
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

from extractors.errors import CodelistError, CohortflowError
from extractors.language.reading import Place
from extractors.model.nearest import nearest
from measures.closed.identity import AsksPython
from measures.closed.positions import IsOwn, of_syntax, of_traceback
from measures.closed.wording import in_words, type_in_words
from measures.cohortextractor.asked import RefusedAt

OURS = ("cohortextractor", "ehrql", "extractors", "measures")
BEHIND = "they follow --, as in: cohortflow check STUDY -- --name value"
NO_SUCH_DAY = re.compile(r"^(day is out of range for month|month must be in 1\.\.12)$")
NO_SUCH_NAME = re.compile(r"cannot import name '(\w+)'")
# how Python says it, with the names of our classes
OPERANDS = re.compile(r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'")
REFUSED = (
    "a definition may not do this: it only describes what is wanted, so remove this "
    "line"
)
# What other Python has in a definition's place, and ehrQL has not either.
INSTEAD = {
    "pandas": "; read a file of codes with codelist_from_csv(…) or with Python's csv",
    "numpy": "; Python's range() and lists do what a definition needs",
}
MOST_CHARACTERS = (
    20_000  # of a traceback: the middle of a deep recursion helps no author
)
Mistake = dict[str, str | int]


def mistakes(error: BaseException, is_own: IsOwn) -> list[Mistake]:
    """All that an error tells: of an old study one for each column, else one."""
    own = mistake(error, is_own)
    if not isinstance(error, RefusedAt):
        return [own]
    found = []
    for message, place in error.refusals:
        known = as_data(place) if place.line else {}
        found.append({**own, **known, "message": message})
    return found


def mistake(error: BaseException, is_own: IsOwn) -> Mistake:
    """As plain data: its place in the author's own files, message, and the whole
    traceback as detail.
    """
    frame, place = of_traceback(error.__traceback__, is_own)
    if isinstance(error, SyntaxError) and is_own(str(error.filename)):
        place = of_syntax(error)
    message = _safely(lambda: _say(error, frame))
    codelist = isinstance(error, CodelistError)
    return {
        **as_data(place),
        "message": message,
        "codelist": codelist,
        "detail": _traceback(error),
    }


def as_data(place: Place) -> Mistake:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end": place.end,
    }


def _say(error: BaseException, frame: FrameType | None) -> str:
    match error:
        case CohortflowError():
            return error.message
        case SystemExit() if said := _said_by_argparse(error):
            return f"the file's own argparse refuses its arguments: {said}; {BEHIND}"
        case SystemExit() if isinstance(error.code, str):
            return f"the file ends itself: {error.code}"
        case SystemExit() | NameError(name="exit" | "quit"):
            return (
                "the file ends itself with exit(); remove it, because everything up "
                "to the last line must run"
            )
        case MemoryError():
            return (
                "the definition needs too much memory; look for a list or loop that "
                "grows without end"
            )
        case RecursionError():
            return "a function calls itself without end; give it a condition to stop"
        case AsksPython():
            return error.msg
        case SyntaxError():
            return f"Python cannot read this line: {error.msg}"
        case ImportError():
            return _say_import(error)
        case NameError():
            return f"{error}{_nearest(error.name, _names_of(frame), str(error))}"
        case AttributeError():
            close = _nearest(error.name, dir(error.obj), str(error))
            return str(error).rstrip(".") + close if close else str(error)
        case PermissionError():  # the kernel's word, where the guard was not asked
            return f"{error} ({REFUSED})"
        case IndexError() if "sys.argv" in str(error):
            return str(error)
        case TypeError() if operands := OPERANDS.fullmatch(str(error)):
            symbol, *types = operands.groups()
            return (
                f"`{symbol}` does not take {' and '.join(map(_type_as_written, types))}"
            )
        case TypeError():
            return in_words(str(error))
        case ValueError():
            return NO_SUCH_DAY.sub(r"there is no such day: \1", str(error))
        case RuntimeError() if "can't start new thread" in str(error):
            return f"{error} ({REFUSED})"
        case _:
            return f"{type(error).__name__}: {error}"


def _type_as_written(name: str) -> str:
    """A type in Python's words; of our series, what they are series of."""
    return type_in_words(name) or name


def _say_import(error: ImportError) -> str:
    name, missing = error.name or "", NO_SUCH_NAME.match(str(error))
    if missing and name in sys.modules:
        names = public_names(sys.modules[name])
        return (
            f"there is no {missing[1]!r} in {_as_written(name)}; "
            f"{_hint(missing[1], names)}"
        )
    if name.partition(".")[0] in OURS:
        modules = sorted(
            module
            for module in sys.modules
            if module == "extractors" or module.startswith("ehrql")
        )
        modules += sorted(
            module for module in sys.modules if module.startswith("extractors.tables.")
        )
        return f"there is no module {name!r}; {_hint(name, modules)}"
    if "attempted relative import" in str(error):
        return (
            "files beside a definition are imported by their names alone; remove the "
            "dots in front"
        )
    if isinstance(error, ModuleNotFoundError):
        return (
            f"there is no module {name!r} here; a definition may import Python's own "
            "library, dateutil, yaml, ehrql (or extractors and measures), and files "
            f"that lie beside it{_instead(name)}"
        )
    return str(error)


def _instead(name: str) -> str:
    """How a definition does what it has the module for."""
    return INSTEAD.get(name.partition(".")[0], "")


def public_names(module: Any) -> list[str]:
    return list(getattr(module, "__all__", ())) or [
        name for name in dir(module) if not name.startswith("_")
    ]


def _as_written(module: str) -> str:
    if module.startswith("measures.cohortextractor"):
        return "cohortextractor"
    if module.startswith("measures.standin."):
        return module.removeprefix("measures.standin.")
    return module


def _names_of(frame: FrameType | None) -> list[str]:
    return [*frame.f_locals, *frame.f_globals, *dir(builtins)] if frame else []


def _nearest(name: str | None, names: Iterable[str], said: str) -> str:
    close = nearest(name or "", [each for each in names if not each.startswith("_")])
    return f"; did you mean {close!r}?" if close and "did you mean" not in said else ""


def _hint(name: str, names: list[str]) -> str:
    close = nearest(name, names)
    return f"did you mean {close!r}?" if close else f"there are {', '.join(names)}"


def _said_by_argparse(error: BaseException) -> str:
    """What an author's own parser said before it ended the file; empty if it was no
    parser.
    """
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if (
            frame.f_globals.get("__name__") == "argparse"
            and frame.f_code.co_name == "error"
        ):
            return str(frame.f_locals.get("message", ""))
        trace = trace.tb_next
    return ""


def _traceback(error: BaseException) -> str:
    text = _safely(lambda: "".join(_lines(error)))
    half = MOST_CHARACTERS // 2
    return text if len(text) <= MOST_CHARACTERS else f"{text[:half]}\n…\n{text[-half:]}"


def _lines(error: BaseException) -> Iterator[str]:
    """The traceback without marks below its lines.

    To set those, Python 3.13 compiles parts of lines. Where one is no statement, it
    looks for a file `<unknown>` to show, which the guard takes for the author's wish.
    """
    shown = traceback.TracebackException.from_exception(error, limit=-50)
    parts = [shown]
    while parts:
        part = parts.pop()
        parts += filter(
            None, (part.__cause__, part.__context__, *(part.exceptions or ()))
        )
        for frame in part.stack:
            frame.colno = frame.end_colno = None
    return shown.format()


def _safely(say: Callable[[], str]) -> str:
    """An error of the author's own making may fail even to be printed."""
    try:
        return say()
    except Exception as problem:
        return f"an error that cannot be printed ({type(problem).__name__})"
