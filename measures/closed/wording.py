"""What Python says of a series, a table or a function of ours, in words that say what
to do.

Python names our classes, which no author knows, and knows nothing of what they are for.
"""

import re
import sys
from collections.abc import Iterator
from types import FunctionType

from extractors.language.base import REGISTRY, BaseSeries
from extractors.language.frames import BaseFrame, declared
from extractors.model.nearest import nearest
from extractors.model.types import name_of

ROOMS = ("extractors", "measures")
AWAY = "its values are in the records, and Python has none of them here"
# How Python begins, and how we go on about what it names.
OF_OURS: tuple[tuple[str, str], ...] = (
    (
        r"'(\w+)' object is not iterable",
        "{} cannot be gone through: {away}; sum_for_patient() and the like add up",
    ),
    (
        r"object of type '(\w+)' has no len\(\)",
        "{} has no length: {away}; count_for_patient() counts rows",
    ),
    (
        r"'(\w+)' object is not subscriptable",
        "{} takes no [ ]; rows are chosen by .where(…), columns named as in "
        "events.date",
    ),
    (
        r"'(\w+)' object is not callable",
        "{} takes no ( ); remove them",
    ),
    (
        r"unhashable type: '(\w+)'",
        "{} cannot be a key of a dict; names are, and series are what they stand for",
    ),
    (
        r"bad operand type for unary \S+: '(\w+)'",
        "{} has no sign; `~` turns a condition round, and last_for_patient() takes "
        "the other end of sorted rows",
    ),
    (
        r"\w+\(\) argument must be .* not '(\w+)'",
        "{} is not turned into a value by Python: {away}; as_int() and as_float() do "
        "it",
    ),
    (
        r"type (\w+) doesn't define __round__ method",
        "{} is not rounded by Python: {away}; as_int() cuts decimals off",
    ),
)
UNEXPECTED = re.compile(r"([\w.]+)\(\) got an unexpected keyword argument '(\w+)'")
MISSING = re.compile(
    r"([\w.]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)"
)
TOO_MANY = re.compile(r"([\w.]+)\(\) takes .* positional arguments? but .*")


def in_words(said: str) -> str:
    """The words for what a TypeError says; as Python says it where it is of nothing of
    ours.
    """
    for pattern, words in OF_OURS:
        found = re.match(pattern, said)
        if found and (called := type_in_words(found[1])):
            return words.format(called, away=AWAY)
    return _of_arguments(said) or said


def type_in_words(name: str) -> str:
    """What a class of ours is, by its name: a series of some type, or a table; empty
    for others.
    """
    for (of, _), kind in REGISTRY.items():
        if kind.__name__ == name:
            return f"a series of {name_of(of)}"
    if name in declared:
        return f"the table {name}"
    return ""


def _of_arguments(said: str) -> str:
    """Of a call of a function of ours, how it is called."""
    if found := UNEXPECTED.fullmatch(said):
        if _function(found[1]):
            arguments = _arguments(found[1])
            close = nearest(found[2], arguments)
            takes = (
                f"it takes {', '.join(arguments)}"
                if arguments
                else "it takes values without names"
            )
            hint = f"did you mean {close!r}?" if close else takes
            return f"{_short(found[1])}() has no argument {found[2]!r}; {hint}"
    elif found := MISSING.fullmatch(said):
        if arguments := _arguments(found[1]):
            return (
                f"{_short(found[1])}() lacks {found[2]}; write "
                f"{_short(found[1])}({_written(found[1])})"
            )
    elif (found := TOO_MANY.fullmatch(said)) and _function(found[1]):
        return (
            f"{_short(found[1])}() got too many values; write "
            f"{_short(found[1])}({_written(found[1])})"
        )
    return ""


def _short(name: str) -> str:
    """As an author writes it: without our class."""
    return name.rpartition(".")[2]


def _arguments(name: str) -> list[str]:
    function = _function(name)
    if function is None:
        return []
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return [each for each in names if each != "self" and not each.startswith("_")]


def _written(name: str) -> str:
    """The arguments as they are written: those that need their names have them."""
    function = _function(name)
    if function is None:
        return ""
    named = function.__code__.co_varnames[function.__code__.co_argcount :]
    return ", ".join(
        f"{each}=…" if each in named else each for each in _arguments(name)
    )


def _function(name: str) -> FunctionType | None:
    """A function of ours by the name that Python gives it, such as
    `Measures.define_measure`.
    """
    for found in _places(name):
        if isinstance(found, FunctionType) and found.__qualname__ == name:
            return found
    return None


def _places(name: str) -> Iterator[object]:
    owner, _, method = name.rpartition(".")
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").partition(".")[0] in ROOMS:
            place = vars(module).get(owner or method)
            yield (
                vars(place).get(method) if isinstance(place, type) and owner else place
            )


def is_ours(value: object) -> bool:
    """Whether it is a series or a frame of the language."""
    return isinstance(value, BaseSeries | BaseFrame)
