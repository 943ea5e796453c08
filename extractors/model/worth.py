"""What operations are worth in Python, where some of their values are NULL or unknown.

None is NULL. UNKNOWN is what only the records, or the period, can tell.
"""

import re
from collections.abc import Callable
from typing import Any

Worth = Callable[..., Any]
UNKNOWN = object()


def both(a: Any, b: Any) -> Any:
    """False beats what is missing or unknown."""
    if a is False or b is False:
        return False
    if UNKNOWN in (a, b):
        return UNKNOWN
    return None if None in (a, b) else True


def either(a: Any, b: Any) -> Any:
    """True beats what is missing or unknown."""
    if a is True or b is True:
        return True
    if UNKNOWN in (a, b):
        return UNKNOWN
    return None if None in (a, b) else False


def is_null(a: Any) -> Any:
    return UNKNOWN if a is UNKNOWN else a is None


def coalesce(*values: Any) -> Any:
    """The first value that is not NULL; UNKNOWN where that comes first, as it may be
    any.
    """
    return next((value for value in values if value is not None), None)


def is_in(a: Any, members: Any) -> Any:
    """An empty set holds nothing, not even NULL."""
    if members is UNKNOWN:
        return UNKNOWN
    if not members:
        return False
    if a is UNKNOWN or a is None:
        return a
    return a in members


def case(*values: Any) -> Any:
    """Condition, value, condition, value, …, default: the first True wins."""
    for condition, value in zip(values[0:-1:2], values[1:-1:2], strict=True):
        if condition is UNKNOWN:
            return UNKNOWN
        if condition is True:
            return value
    return values[-1]


def maximum_of(*values: Any) -> Any:
    return _best(max, values)


def minimum_of(*values: Any) -> Any:
    return _best(min, values)


def _best(best: Worth, values: tuple[Any, ...]) -> Any:
    """NULL is left out; one UNKNOWN may be better than all others."""
    there = [value for value in values if value is not None]
    if UNKNOWN in there:
        return UNKNOWN
    return best(there) if there else None


def divide(a: Any, b: Any) -> Any:
    return a / b if b else None


def floor_divide(a: Any, b: Any) -> Any:
    return a // b if b else None


def word_begins(text: str, words: str) -> bool:
    """Whether a word of the text, behind what is neither letter nor digit, begins with
    one of some words.
    """
    wanted = re.findall("[0-9A-Za-z]+", words)
    return any(re.search(f"[^0-9A-Za-z]{word}", text) for word in wanted)
