"""Reads `project.yaml`: actions with the program that each runs, what it needs and what
it leaves.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from extractors.errors import ArgumentsError
from flows.project.finding import FILE

WITHOUT_VALUE = {"with-end-date-fix", "skip-existing"}  # options without a value


@dataclass(frozen=True)
class Action:
    """One action of a project."""

    # as other actions call it in their `needs`
    name: str
    # before the colon: cohortextractor, ehrql, python, …
    program: str
    # what the program is asked to do, as generate_cohort; empty for scripts
    command: str
    # words that belong to no option
    words: tuple[str, ...]
    # option -> its values, in their order; without dashes
    options: Mapping[str, tuple[str, ...]]
    # names of the actions before it
    needs: tuple[str, ...]
    # paths and globs of what it leaves
    outputs: tuple[str, ...]
    # a file in the place of made-up patients; empty for none
    dummy: str = ""
    # what is said for the program beside its command line
    config: Mapping[str, Any] = field(default_factory=dict)

    def option(self, name: str) -> str:
        """The last value of an option; empty if it is not given."""
        return self.options.get(name, ("",))[-1]


def read_project(text: str) -> tuple[Path, list[Action]]:
    """The folder of a project, and its actions, each behind those that it needs.

    Raises ArgumentsError for what is no project.
    """
    path = Path(text)
    file = path if path.name == FILE else path / FILE
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place else ""
        raise ArgumentsError(
            f"{file.name}{where} is no project file that can be read; correct it"
            f": {file}"
        ) from None
    listed = data.get("actions") if isinstance(data, dict) else None
    if not isinstance(listed, dict) or not listed:
        raise ArgumentsError(
            f"{file.name} has no actions; give it some under `actions:`: {file}"
        )
    actions = {
        str(name): _action(str(name), said, file) for name, said in listed.items()
    }
    return file.parent, list(_in_order(actions, file))


def _action(name: str, said: Any, file: Path) -> Action:
    if not isinstance(said, dict) or not isinstance(said.get("run"), str):
        raise ArgumentsError(
            f"{file.name}: the action {name!r} does not say what it runs; add `run: …`"
            f": {file}"
        )
    try:
        first, *rest = shlex.split(said["run"])
    except ValueError as error:
        raise ArgumentsError(
            f"{file.name}: what the action {name!r} runs cannot be read ({error})"
            f": {file}"
        ) from None
    program = first.partition(":")[0]
    command = rest.pop(0) if program in ("cohortextractor", "ehrql") and rest else ""
    words, options = _taken_apart(rest)
    return Action(
        name=name,
        program=program,
        command=command,
        words=tuple(words),
        options=options,
        needs=tuple(map(str, said.get("needs") or ())),
        outputs=tuple(_paths(said.get("outputs"))),
        dummy=str(said.get("dummy_data_file") or ""),
        config=said["config"] if isinstance(said.get("config"), dict) else {},
    )


def _taken_apart(rest: Sequence[str]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Words, and options with their values, given as `--name value` or
    `--name=value`.
    """
    words: list[str] = []
    options: dict[str, tuple[str, ...]] = {}
    waiting = ""
    for word in rest:
        if word.startswith("--"):
            waiting, equals, value = word[2:].partition("=")
            if equals or waiting in WITHOUT_VALUE:
                options[waiting] = (*options.get(waiting, ()), value)
                waiting = ""
        elif waiting:
            options[waiting] = (*options.get(waiting, ()), word)
            waiting = ""
        else:
            words.append(word)
    return words, options


def _paths(outputs: Any) -> Iterator[str]:
    """Of both shelves."""
    for files in outputs.values() if isinstance(outputs, dict) else ():
        yield from map(str, files.values() if isinstance(files, dict) else ())


def _in_order(actions: Mapping[str, Action], file: Path) -> Iterator[Action]:
    """Each once, behind what it needs; otherwise as they are written."""
    done: set[str] = set()
    waiting = list(actions.values())
    while waiting:
        ready = next((each for each in waiting if done.issuperset(each.needs)), None)
        if ready is None:
            stuck = waiting[0]
            missing = [need for need in stuck.needs if need not in actions]
            why = (
                f"needs {missing[0]!r}, which there is not"
                if missing
                else "needs itself in the end"
            )
            raise ArgumentsError(
                f"{file.name}: the action {stuck.name!r} {why}: {file}"
            )
        waiting.remove(ready)
        done.add(ready.name)
        yield ready
