"""What a shell shows when the Tab key is pressed (`argcomplete`); loaded for nothing
else.

Only the parser is needed for that, so no command is loaded.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import argcomplete
from argcomplete.completers import DirectoriesCompleter, FilesCompleter

from flows.command.arguments import parser
from flows.docs.pages import CONTENTS
from measures.study import FILE, shipped_studies


def complete() -> None:
    """Answer the shell and end the process."""
    argcomplete.autocomplete(completed(), always_complete_options="long")


def completed() -> argparse.ArgumentParser:
    """The parser, with what each argument may be."""
    made = parser({})
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                for argument in command._actions:
                    _tell(argument)
    return made


def _tell(argument: argparse.Action) -> None:
    completer = {
        "STUDY": studies,
        "PAGE": pages,
        "DIR": DirectoriesCompleter(),
        "RELEASE_FOLDER": DirectoriesCompleter(),
        "FILE": FilesCompleter(),
        "WHERE": FilesCompleter(),
    }.get(str(argument.metavar))
    if completer is not None:
        argument.completer = completer  # type: ignore[attr-defined]


def studies(prefix: str, **_: object) -> Iterable[str]:
    """Shipped studies, definitions, and the folders on the way to one."""
    found = [name for name in shipped_studies() if name.startswith(prefix)]
    path = Path(prefix) if prefix.endswith("/") else Path(prefix).parent
    for each in sorted(path.glob("*")):
        shown = str(each)
        if each.is_dir() and not each.name.startswith("."):
            shown = f"{shown}/{FILE}" if (each / FILE).is_file() else f"{shown}/"
        elif each.suffix != ".py":
            continue
        if shown.startswith(prefix):
            found.append(shown)
    return found


def pages(prefix: str, **_: object) -> Iterable[str]:
    """The pages of the documentation, and `site`."""
    names = ["site", "language"]
    for section in CONTENTS.values():
        names += [name.rpartition("/")[2] for name in section]
    return [name for name in dict.fromkeys(names) if name.startswith(prefix)]
