"""What an author has asked for, with the line that asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.errors import DefinitionError
from extractors.language.reading import Place, current


@dataclass(frozen=True, eq=False)
class Asked:
    """One call of a function of `patients`."""

    # the function's name
    function: str
    # by name; what is not said is None or the function's own default
    arguments: Mapping[str, Any]
    # the columns that are arguments of the call, in their order; they are computed, not
    # output
    hidden: Mapping[str, "Asked"] = field(default_factory=dict)
    # the author's line
    place: Place = field(default_factory=lambda: current().locate())

    def __getitem__(self, name: str) -> Any:
        return self.arguments.get(name)


class RefusedAt(DefinitionError):
    """Mistakes of an old study, each at the line that asks for what cannot be.

    The columns of a study are translated together, long after their lines have run.
    """

    refusals: tuple[tuple[str, Place], ...] = ()

    @classmethod
    def of(cls, refusals: Sequence[tuple[str, Place]]) -> "RefusedAt":
        """With the first of them as its message. An error is made of texts, so that it
        can be sent.
        """
        error = cls(refusals[0][0])
        error.refusals = tuple(refusals)
        return error


class Wrong(Exception):
    """What is wrong with the column that is being translated."""


class Consequence(Exception):
    """A column uses another one that is refused, so nothing more can be said of it."""


def one_of_these(value: Any, options: Iterable[str], what: str) -> str:
    """The value, or Wrong where it is none of the options."""
    known = list(options)
    if value not in known:
        raise Wrong(f"{what} cannot be {value!r}; it is one of {', '.join(known)}")
    return str(value)
