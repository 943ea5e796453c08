"""Values that the command line gives to a definition: `-- --name value [value …]`."""

from collections.abc import Callable, Sequence
from typing import Any

from extractors.errors import DefinitionError
from extractors.language.reading import Reading, current

BOOLS = {"1": True, "True": True, "true": True, "0": False, "False": False, "false": False}


def get_parameter(name: str, type: Callable[[str], Any] = str, default: Any = None) -> Any:
    """The value of `--name`, or a list if there are several; DefinitionError if it is needed and not given.

    `type` makes the value from a word: str, int, float, bool or any function of one string.
    """
    reading = current()
    reading.parameters.add(name)
    words = parse(reading.arguments).get(name)
    if words is None and default is None:
        raise DefinitionError(f"the parameter {name!r} is needed; add `-- --{name} VALUE` to the command")
    if words is None:
        return default
    values = [_value(word, type, name) for word in words]
    return values[0] if len(values) == 1 else values


def parse(words: Sequence[str]) -> dict[str, list[str]]:
    """Name -> words; a name that comes twice keeps its last words."""
    found: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            found[name] = [value] if equals else []
        elif not name:
            raise DefinitionError(f"the parameter {word!r} has no name; write --name {word}")
        else:
            found[name].append(word)
    return _with_values(found)


def refuse_unasked(reading: Reading) -> None:
    """DefinitionError for parameters that were given and never asked for: most often a slip in a name."""
    unasked = [name for name in parse(reading.arguments) if name not in reading.parameters]
    if unasked:
        known = ", ".join(sorted(reading.parameters)) or "none"
        raise DefinitionError(f"the definition asks for no parameter {unasked[0]!r}; it asks for {known}")


def _with_values(found: dict[str, list[str]]) -> dict[str, list[str]]:
    for name, words in found.items():
        if not words:
            raise DefinitionError(f"the parameter {name!r} has no value; write --{name} VALUE")
    return found


def _value(word: str, type_: Callable[[str], Any], name: str) -> Any:
    try:
        return BOOLS[word] if type_ is bool else type_(word)
    except (KeyError, ValueError):
        expected = f"one of {', '.join(BOOLS)}" if type_ is bool else f"a value of type {_name(type_)}"
        raise DefinitionError(f"the parameter {name!r} needs {expected}, got {word!r}") from None


def _name(type_: Callable[[str], Any]) -> str:
    return getattr(type_, "__name__", str(type_))
