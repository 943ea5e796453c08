"""Values that the command line gives to a definition: the words behind `--`.

A file reads them by get_parameter, as `--name value [value …]`, or by itself from
sys.argv, as argparse does. Either way it sees them as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex, TypeVar, overload

from extractors.errors import DefinitionError
from extractors.language.reading import Reading, current

Value = TypeVar("Value")
BOOLS = {
    "1": True,
    "True": True,
    "true": True,
    "0": False,
    "False": False,
    "false": False,
}
BEHIND = "words for the file follow --, as in: cohortflow run STUDY -- WORD"


# Several words behind one name are a list; a checker that knew would ask every author
# of one word about it.
@overload
def get_parameter(name: str, *, default: object = None) -> str | Any: ...
@overload
def get_parameter(
    name: str, type: Callable[[str], Value], default: object = None
) -> Value | Any: ...
def get_parameter(
    name: str, type: Callable[[str], Any] = str, default: Any = None
) -> Any:
    """The value of `--name`, or a list if there are several.

    `type` makes the value from a word: str, int, float, bool or any function of one
    string.

        start = get_parameter("start", default="2022-01-01")

    Raises DefinitionError if it is needed and not given, or is no value of the type.
    """
    reading = current()
    reading.parameters.add(name)
    words = parse(reading.arguments).get(name)
    if words is None and default is None:
        raise DefinitionError(
            f"the parameter {name!r} is needed; add `-- --{name} VALUE` to the command"
        )
    if words is None:
        return default
    if not words:
        raise DefinitionError(
            f"the parameter {name!r} has no value; write --{name} VALUE"
        )
    values = [_value(word, type, name) for word in words]
    return values[0] if len(values) == 1 else values


def parse(words: Sequence[str]) -> dict[str, list[str]]:
    """Name -> words; a name that comes twice keeps its last words. Words before any
    name have none.
    """
    found: dict[str, list[str]] = {}
    for given in _given(words):
        found[given.name] = given.words
    found.pop("", None)
    return found


def unread(reading: Reading) -> str:
    """The first word that the definition does not read, often a slip in a name; empty
    if it reads all.
    """
    for given in _given(reading.arguments):
        if given.name in reading.parameters or given.place in reading.seen:
            continue
        if given.name:
            known = ", ".join(sorted(reading.parameters)) or "none"
            return (
                f"the definition asks for no parameter {given.name!r}; it asks for "
                f"{known}"
            )
        for place, word in enumerate(given.words):
            if place not in reading.seen:
                return f"the definition does not read the word {word!r} behind --"
    return ""


class Words(list):
    """sys.argv as a definition has it: a list that remembers which of its words were
    read.
    """

    def __init__(self, file: str, reading: Reading):
        super().__init__([file, *reading.arguments])
        self._seen = reading.seen

    def __getitem__(self, key: Any) -> Any:
        try:
            found = super().__getitem__(key)
        except IndexError:
            raise IndexError(
                f"the file reads sys.argv[{key}], which is not given; {BEHIND}"
            ) from None
        places = range(len(self))[key]
        self._see(*(places if isinstance(key, slice) else [places]))
        return found

    def __iter__(self) -> Iterator[Any]:
        self._see(*range(len(self)))
        return super().__iter__()

    def __contains__(self, word: object) -> bool:
        here = [
            place
            for place in range(len(self))
            if super(Words, self).__getitem__(place) == word
        ]
        self._see(*here)
        return bool(here)

    def index(self, word: Any, *bounds: SupportsIndex) -> int:
        place = super().index(word, *bounds)
        self._see(place)
        return place

    def pop(self, place: SupportsIndex = -1) -> Any:
        """Later places are no longer those of the words, so all count as read."""
        self._see(*range(len(self)))
        return super().pop(place)

    def copy(self) -> list:
        return list(self)

    def __add__(self, other: Any) -> Any:
        return list(self) + other

    def _see(self, *places: int) -> None:
        """The file's own name comes first and is no word."""
        self._seen.update(place - 1 for place in places if place)


@dataclass(frozen=True)
class Given:
    """A name on the command line, with its words."""

    # where the name is, from 0; -1 for what comes before any name
    place: int
    # without its dashes; empty for what comes before any name
    name: str
    # the words behind it
    words: list[str]


def _given(arguments: Sequence[str]) -> list[Given]:
    """All names in their order; first, without a name, the words before them."""
    found = [Given(-1, "", [])]
    for place, word in enumerate(arguments):
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            found.append(Given(place, name, [value] if equals else []))
        else:
            found[-1].words.append(word)
    return found


def _value(word: str, type_: Callable[[str], Any], name: str) -> Any:
    try:
        return BOOLS[word] if type_ is bool else type_(word)
    except (KeyError, ValueError):
        expected = f"a value of type {_name(type_)}"
        if type_ is bool:
            expected = f"one of {', '.join(BOOLS)}"
        raise DefinitionError(
            f"the parameter {name!r} needs {expected}, got {word!r}"
        ) from None


def _name(type_: Callable[[str], Any]) -> str:
    return getattr(type_, "__name__", str(type_))
