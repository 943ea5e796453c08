"""Load an author's definition file: run it in a closed process, take its model, check everything again.

What the author can get wrong comes back as DefinitionError with the author's own line.
"""

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError, CodelistError, DefinitionError
from measures.closed.broker import Broker
from measures.closed.conversation import MOST_ANSWER, MOST_SAID, Outcome, run_closed
from measures.closed.isolation import warn
from measures.closed.places import Places, places_of
from measures.closed.process import Closed
from measures.closed.readable import within
from measures.study import Study, check_name

MOST_MESSAGE = 4_000
MOST_DETAIL = 20_000


def load_study(
    path: Path | str,
    *,
    arguments: Sequence[str] = (),
    forbidden: Sequence[Path] = (),
    seconds: int = 60,
    early: Closed | None = None,
    on_weak: Callable[[tuple[str, ...]], None] = warn,
) -> Study:
    """The study that a definition file defines.

    `arguments` are the words after `--` on the command line, for get_parameter(). `forbidden` are
    files and folders that the file must not touch, whether they exist yet or not: the records and
    the workspace. `seconds` is how long it may take. `early` is a closed process that was started
    before it was needed, for one definition. `on_weak` learns, before the file runs, what this
    system cannot prevent; it may raise.

    Raises DefinitionError (CodelistError where a codelist is at fault) with file, line, what was
    wrong and what to do; ArgumentsError if there is no such file or it lies in a forbidden folder.
    """
    places = places_of(_existing(Path(path)), forbidden)
    if any(within(str(places.definition), str(each)) for each in places.forbidden):
        raise ArgumentsError(f"{path} lies among the records or in the workspace; keep definitions in a folder apart.")
    broker = Broker(places, on_weak)
    outcome = run_closed(_request(places, arguments), seconds, broker, early)
    _show(outcome.said)
    if broker.refused:
        raise _error(broker.refused, places, broker.handed)
    answer = _answer(outcome, places, seconds)
    if "error" in answer:
        raise _error(answer["error"], places, broker.handed)
    return _checked(answer, places, broker.handed)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ArgumentsError(f"There is no definition file {path}.")
    check_name(Study(path.resolve(), "measures").name)
    return path


def _request(places: Places, arguments: Sequence[str]) -> dict[str, Any]:
    lists = {key: list(map(str, getattr(places, key))) for key in ("folders", "modules", "own", "sources")}
    return {"definition": str(places.definition), "arguments": list(arguments), **lists}


def _show(said: bytes) -> None:
    """An author's print()s, on standard error, without what could steer a terminal."""
    text = _plain(said.decode(errors="replace"), MOST_SAID)
    if text:
        print(text, end="" if text.endswith("\n") else "\n", file=sys.stderr)
    if len(said) >= MOST_SAID:
        print("… (the definition printed more than is shown)", file=sys.stderr)


def _plain(text: object, most: int) -> str:
    """A text without what steers a terminal; what is no text came from no honest process."""
    shown = text[:most] if isinstance(text, str) else ""
    return "".join(each if each.isprintable() or each in "\n\t" else "�" for each in shown)


# What came back ------------------------------------------------------------------------------------


def _answer(outcome: Outcome, places: Places, seconds: int) -> dict[str, Any]:
    """The answer as data; DefinitionError, saying how the process ended, if there is none."""
    try:
        answer = None if outcome.late or outcome.flooded else json.loads(outcome.answer)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and ("error" in answer or "study" in answer):
        return answer
    message = f"{_shown(places.definition)}: {_ending(outcome, seconds)}"
    raise DefinitionError(message, detail=_plain(outcome.said.decode(errors="replace"), MOST_DETAIL))


def _ending(outcome: Outcome, seconds: int) -> str:
    if outcome.late or outcome.status == -signal.SIGXCPU:
        return f"reading the file took longer than {seconds} seconds and was stopped; look for a loop without end"
    if outcome.flooded:
        return f"the definition is larger than {MOST_ANSWER >> 20} MB; use fewer measures or shorter lists"
    if outcome.status == -signal.SIGKILL:
        return "the file was stopped before it was read whole: it closed its files, or memory ran out"
    if outcome.status < 0:
        return f"Python crashed while reading the file (signal {-outcome.status}); look for very deep nesting"
    return f"the file ended Python itself (status {outcome.status}) before it was read whole; remove what does that"


def _error(error: Any, places: Places, handed: Mapping[str, bytes]) -> DefinitionError:
    """The author's mistake as it is told: file:line, message, the line itself."""
    told: Mapping[str, Any] = error if isinstance(error, dict) else {}
    message = _plain(told.get("message", ""), MOST_MESSAGE) or "the file cannot be read"
    where, line = _place(told, places, handed)
    kind = CodelistError if told.get("codelist") is True else DefinitionError
    return kind(f"{where}: {message}{line}", detail=_plain(told.get("detail", ""), MOST_DETAIL))


def _place(told: Mapping[str, Any], places: Places, handed: Mapping[str, bytes]) -> tuple[str, str]:
    """A line of a file that was handed over, and of no other."""
    file, number = told.get("file"), told.get("line")
    if not isinstance(file, str) or type(number) is not int or file not in handed:
        return _shown(places.definition), ""
    lines = handed[file].decode(errors="replace").splitlines()
    line = lines[number - 1].strip() if 1 <= number <= len(lines) else ""
    return f"{_shown(Path(file))}:{number}", f"\n    {_plain(line, MOST_MESSAGE)}" if line else ""


def _shown(path: Path) -> str:
    current = Path.cwd().resolve()
    return str(path.relative_to(current) if path.is_relative_to(current) else path)


# What is checked again -----------------------------------------------------------------------------


def _checked(answer: Mapping[str, Any], places: Places, handed: Mapping[str, bytes]) -> Study:
    """The study, of which the hash covers every file that was handed over, as it was handed over."""
    try:
        study = Study.from_json(answer["study"])
    except DefinitionError as error:  # it may quote what a stranger sent
        raise DefinitionError(_plain(error.message, MOST_MESSAGE)) from None
    hashes = {file: hashlib.sha256(contents).hexdigest() for file, contents in handed.items()}
    read = {(Path(file).name, sha256) for file, sha256 in hashes.items()}
    for codelist in study.codelists:
        if (Path(codelist.name).name, codelist.sha256) not in read:
            raise CodelistError(f"The codelist {codelist.name} changed while it was being read; run again.")
    path = places.definition
    return replace(study, path=path, definition_hash=_hash(hashes, path.parent))


def _hash(hashes: Mapping[str, str], beside: Path) -> str:
    """Of names and contents; names are relative, so that a moved project keeps its hash."""
    contents = sorted((os.path.relpath(file, beside), sha256) for file, sha256 in hashes.items())
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()
