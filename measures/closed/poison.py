"""What stands for a value that a refused line would have made, so that the lines below
it can be read.
"""

from collections.abc import Iterator
from typing import Any


class Poison:
    """Takes part in everything and comes to nothing. A line that fails because of it is
    no further mistake.
    """

    def __init__(self, *_: Any, **__: Any) -> None:
        """Also as the class of an author's class that derives from one."""

    def _same(self, *_: Any, **__: Any) -> Any:
        return self

    __call__ = __getitem__ = __enter__ = _same
    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = _same
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = (
        __rpow__
    ) = _same
    __and__ = __or__ = __xor__ = __rand__ = __ror__ = __rxor__ = _same
    __lt__ = __le__ = __gt__ = __ge__ = _same
    __eq__ = __ne__ = _same
    __neg__ = __pos__ = __invert__ = __abs__ = _same
    __hash__ = object.__hash__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, _: Any) -> None:
        """Nothing is kept of it."""

    def __setitem__(self, *_: Any) -> None:
        """Nothing is kept of it."""

    def __exit__(self, *_: Any) -> None:
        """Nothing was entered."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, _: Any) -> bool:
        return False

    def __bool__(self) -> bool:
        return False


def holds_poison(value: Any) -> bool:
    """Whether a value is one, or a collection with one in it."""
    if type(value) is Poison:
        return True
    if type(value) in (list, tuple, set, frozenset):
        return any(type(each) is Poison for each in value)
    return type(value) is dict and any(type(each) is Poison for each in value.values())
