"""The command line as a page, from the words that the parser is made of."""

import argparse
from collections.abc import Iterator, Mapping

from flows.docs.markdown import table


def command_reference(
    parser: argparse.ArgumentParser, examples: Mapping[str, tuple[str, ...]]
) -> str:
    """Every command with its arguments and what typing it looks like.

    `examples`: name of a command -> lines to type.
    """
    parts = []
    for name, command in commands(parser).items():
        parts.append(f"## {name}")
        parts.append(command.description or "")
        parts.append("\n".join(f"    {line}" for line in examples.get(name, ())))
        parts.append(table(["argument", "means", "default"], _arguments(command)))
    return "\n\n".join(parts)


def commands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Name -> the parser of a command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


def _arguments(command: argparse.ArgumentParser) -> Iterator[list[str]]:
    for action in command._actions:
        if not isinstance(action, argparse._HelpAction):
            yield [
                _typed(action),
                (action.help or "").replace("%%", "%"),
                _default(action),
            ]


def _typed(action: argparse.Action) -> str:
    """An argument as it is typed, with the name of its value."""
    value = action.metavar if isinstance(action.metavar, str) else ""
    if action.choices and action.option_strings:
        value = "|".join(map(str, action.choices))
    if action.nargs == 0:
        value = ""
    name = action.option_strings[-1] if action.option_strings else ""
    return f"`{' '.join(part for part in (name, value or ('' if name else action.dest)) if part)}`"


def _default(action: argparse.Action) -> str:
    plain = action.default not in (None, "", [], False, True)
    return (
        f"`{action.default}`"
        if plain and action.option_strings and action.nargs != 0
        else ""
    )
