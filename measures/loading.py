"""Load an author's definition file: run it in a closed process, take its model, check
everything again.

What the author can get wrong comes back as DefinitionError with the author's own line.
"""

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError, CodelistError, DefinitionError
from extractors.language.codelists import codes_of
from extractors.model import json as model
from extractors.model import nodes
from extractors.notice import Notice
from measures.arrival import check_nodes
from measures.closed.broker import Broker
from measures.closed.conversation import MOST_ANSWER, MOST_SAID, Outcome, run_closed
from measures.closed.isolation import warn
from measures.closed.lent import lent
from measures.closed.places import Places, places_of
from measures.closed.process import Closed
from measures.closed.readable import within
from measures.study import ShownTable, Study, StudyTest, check_name

# Windows has neither: how a process ended says less there.
TOO_LONG, KILLED = (getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL"))
MOST_MESSAGE = 4_000
MOST_KIND = 40
MOST_DETAIL = 20_000
AMONG_RECORDS = (
    "The definition lies among the records or in the workspace; keep definitions in a "
    "folder apart"
)
MOST_SOURCE = 400_000  # of a definition's text, for its checkers


def load_study(
    path: Path | str,
    *,
    arguments: Sequence[str] = (),
    dataset: str = "",
    forbidden: Sequence[Path] = (),
    results: bool = False,
    named: Sequence[Path] = (),
    seconds: int = 60,
    early: Closed | None = None,
    on_weak: Callable[[tuple[str, ...]], None] = warn,
) -> Study:
    """The study that a definition file defines.

    `arguments` are the words after `--` on the command line, for get_parameter() and
    sys.argv. `dataset` chooses one of the datasets of the file by its name. `forbidden`
    are files and folders that the file must not touch, whether they exist yet or not:
    the records and the workspace. `results`: whether it may read what earlier actions
    left in `output/`. `named` are files that it may read wherever they lie. `seconds`
    is how long it may take. `early` is a closed process that was started before it was
    needed, for one definition. `on_weak` learns, before the file runs, what this system
    cannot prevent; it may raise.

    Raises DefinitionError (CodelistError where a codelist is at fault) with file, line,
    what was wrong and what to do; ArgumentsError if there is no such file or it lies in
    a forbidden folder.
    """
    places = places_of(_existing(Path(path)), forbidden, results=results, named=named)
    if any(within(str(places.definition), str(each)) for each in places.forbidden):
        raise ArgumentsError(f"{AMONG_RECORDS}: {path}")
    broker = Broker(places, on_weak)
    outcome = run_closed(_request(places, arguments, dataset), seconds, broker, early)
    _show(outcome.said)
    answer = _answer(outcome)
    noted = [each for each in broker.noted if each["kind"] == "doubt"]
    doubts = [_notice(each, places, broker.handed) for each in noted]
    mistakes = _mistakes(broker, answer, lambda: _ending(outcome, seconds))
    if mistakes:
        raise _refusal(mistakes, doubts, broker, places)
    study = _checked(answer, places, broker.handed)
    return replace(
        study,
        warnings=tuple(doubts),
        defined=_defined(answer, places, broker.handed),
        tests=tuple(_tests(answer, places, broker.handed)),
        shown=tuple(_shown_tables(answer, places, broker.handed)),
    )


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ArgumentsError(f"There is no definition file {path}.")
    check_name(Study(path.resolve(), "measures").name)
    return path


def _request(places: Places, arguments: Sequence[str], dataset: str) -> dict[str, Any]:
    lists = {}
    for key in ("folders", "modules", "own", "sources"):
        lists[key] = list(map(str, getattr(places, key)))
    lists["own"] += map(str, places.named)
    asked = {"arguments": list(arguments), "dataset": dataset, "lent": lent()}
    return {"definition": str(places.definition), **asked, **lists}


def _show(said: bytes) -> None:
    """An author's print()s, on standard error, without what could steer a terminal."""
    text = _plain(said.decode(errors="replace"), MOST_SAID)
    if text:
        print(text, end="" if text.endswith("\n") else "\n", file=sys.stderr)
    if len(said) >= MOST_SAID:
        print("… (the definition printed more than is shown)", file=sys.stderr)


def _plain(text: object, most: int) -> str:
    """A text without what steers a terminal; what is no text came from no honest
    process.
    """
    shown = text[:most] if isinstance(text, str) else ""
    return "".join(
        each if each.isprintable() or each in "\n\t" else "�" for each in shown
    )


# What came back -----------------------------------------------------------------------


def _answer(outcome: Outcome) -> dict[str, Any]:
    """The answer as data; nothing if there is none."""
    try:
        answer = None if outcome.late or outcome.flooded else json.loads(outcome.answer)
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {}


def _mistakes(
    broker: Broker, answer: Mapping[str, Any], ending: Callable[[], str]
) -> list[Mapping[str, Any]]:
    """All that the file was refused for, in the order in which it was found; none if
    there is a study.
    """
    found: list[Mapping[str, Any]] = []
    for each in broker.noted:
        if each["kind"] == "mistake":
            found.append(each)
    if broker.refused:
        found.append(broker.refused)
    elif isinstance(answer.get("error"), dict):
        found.append(answer["error"])
    elif "study" not in answer and not (found and "mistaken" in answer):
        found.append({"message": ending()})
    return found


def _ending(outcome: Outcome, seconds: int) -> str:
    if outcome.late or outcome.status == -TOO_LONG:
        return (
            f"reading the file took longer than {seconds} seconds and was stopped; "
            "look for a loop without end"
        )
    if outcome.flooded:
        return (
            f"the definition is larger than {MOST_ANSWER >> 20} MB; use fewer "
            "measures or shorter lists"
        )
    if outcome.status == -KILLED:
        return (
            "the file was stopped before it was read whole: it closed its files, or "
            "memory ran out"
        )
    if outcome.status < 0:
        return (
            f"Python crashed while reading the file (signal {-outcome.status}); look "
            "for very deep nesting"
        )
    return (
        f"the file ended Python itself (status {outcome.status}) before it was read "
        "whole; remove what does that"
    )


def _refusal(
    mistakes: Sequence[Mapping[str, Any]],
    doubts: Sequence[Notice],
    broker: Broker,
    places: Places,
) -> DefinitionError:
    """All mistakes as an author reads them: file:line, message, the line itself with a
    caret.
    """
    found = list(
        dict.fromkeys(_notice(each, places, broker.handed) for each in mistakes)
    )
    kind = (
        CodelistError
        if any(each.get("codelist") is True for each in mistakes)
        else DefinitionError
    )
    message = "\n".join(map(str, found))
    if len(found) > 1:
        message = f"{len(found)} mistakes in {_shown(places.definition)}\n{message}"
    details = (_plain(each.get("detail", ""), MOST_DETAIL) for each in mistakes)
    return kind(message, "\n".join(details)[:MOST_DETAIL], found, doubts)


def _defined(
    answer: Mapping[str, Any], places: Places, handed: Mapping[str, bytes]
) -> dict[str, Notice]:
    """The lines that define things, as a stranger noted them."""
    given = answer.get("defined")
    if not isinstance(given, dict):
        return {}
    found = {}
    for what, place in given.items():
        if isinstance(place, dict):
            found[_plain(what, MOST_MESSAGE)] = _notice(
                {**place, "message": what}, places, handed
            )
    return found


def _tests(
    answer: Mapping[str, Any], places: Places, handed: Mapping[str, bytes]
) -> Iterator[StudyTest]:
    """The author's tests; what of them is no test, a stranger sent."""
    given = answer.get("tests")
    for test in given if isinstance(given, list) else ():
        try:
            records = {}
            for table, rows in test["records"].items():
                records[str(table)] = list(map(dict, rows))
            expected = list(map(dict, test["expected"]))
            place = _notice(
                {**test["place"], "message": "this test fails"}, places, handed
            )
        except (TypeError, ValueError, KeyError, AttributeError):
            raise DefinitionError(
                "The tests of the definition did not arrive as tests."
            ) from None
        yield StudyTest(records, expected, place)


def _shown_tables(
    answer: Mapping[str, Any], places: Places, handed: Mapping[str, bytes]
) -> Iterator[ShownTable]:
    """What the author wants to see; what of it is none, a stranger sent."""
    given = answer.get("shown")
    for each in given if isinstance(given, list) else ():
        try:
            columns = model.load(each["graph"])
            check_nodes(columns.values())
            place = _notice(
                {**each["place"], "message": "this cannot be shown"}, places, handed
            )
            counts = (max(0, int(each["head"])), max(0, int(each["tail"])))
            label = _plain(each["label"], MOST_MESSAGE)
        except (TypeError, ValueError, KeyError, AttributeError):
            raise DefinitionError(
                "What the definition wants to show did not arrive as that."
            ) from None
        series = {}
        for name, node in columns.items():
            if isinstance(node, nodes.Series):
                series[_plain(name, MOST_KIND)] = node
        yield ShownTable(label, series, *counts, place)


def _notice(
    noted: Mapping[str, Any], places: Places, handed: Mapping[str, bytes]
) -> Notice:
    """A mistake or doubt as a stranger noted it: of a line of a file that was handed
    over, and of no other.
    """
    message = (
        _plain(noted.get("message", ""), MOST_MESSAGE) or "the file cannot be read"
    )
    file, number = noted.get("file"), noted.get("line")
    if not isinstance(file, str) or type(number) is not int or file not in handed:
        return Notice(message=message, file=_shown(places.definition))
    lines = handed[file].splitlines()
    line = lines[number - 1] if 1 <= number <= len(lines) else b""
    return Notice(
        message=message,
        file=_shown(Path(file)),
        line=number,
        column=_characters(line, noted.get("column")),
        end=_characters(line, noted.get("end"))
        or len(line.decode(errors="replace")) + 1,
        source=_plain(line.decode(errors="replace"), MOST_MESSAGE),
        kind=_plain(noted.get("doubt", ""), MOST_KIND),
    )


def _characters(line: bytes, column: object) -> int:
    """A column in characters, from one in bytes; 0 if it is none."""
    if type(column) is not int or not 1 <= column <= len(line) + 1:
        return 0
    return len(line[: column - 1].decode(errors="replace")) + 1


def _shown(path: Path) -> str:
    current = Path.cwd().resolve()
    return str(path.relative_to(current) if path.is_relative_to(current) else path)


# What is checked again ----------------------------------------------------------------


def _checked(
    answer: Mapping[str, Any], places: Places, handed: Mapping[str, bytes]
) -> Study:
    """The study, of which the hash covers every file that was handed over, as it was
    handed over.
    """
    try:
        study = Study.from_json(answer["study"])
    except DefinitionError as error:  # it may quote what a stranger sent
        raise DefinitionError(_plain(error.message, MOST_MESSAGE)) from None
    hashes = {
        file: hashlib.sha256(contents).hexdigest() for file, contents in handed.items()
    }
    read = {(Path(file).name, sha256) for file, sha256 in hashes.items()}
    for codelist in study.codelists:
        if (Path(codelist.name).name, codelist.sha256) not in read:
            raise CodelistError(
                f"The codelist {codelist.name} changed while it was being read; run "
                "again."
            )
    path = places.definition
    return replace(
        study,
        path=path,
        definition_hash=_hash(hashes, path.parent),
        codes=_codes(study, handed),
        sources=_sources(path, handed),
    )


def _codes(study: Study, handed: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """The codes of each codelist, from its file: what the file is said to hold was said
    by a stranger.
    """
    by_hash = {
        hashlib.sha256(contents).hexdigest(): contents for contents in handed.values()
    }
    found: dict[str, frozenset[str]] = {}
    for codelist in study.codelists:
        codes = codes_of(by_hash[codelist.sha256], codelist)
        found[codelist.name] = found.get(codelist.name, frozenset()) | codes
    return found


def _sources(definition: Path, handed: Mapping[str, bytes]) -> dict[str, str]:
    """The definition and the author's modules, by names that say nothing of this
    machine.
    """
    files = sorted(file for file in handed if file.endswith(".py"))
    beside = definition.parent
    inside = [file for file in files if Path(file).is_relative_to(beside)]
    return {
        Path(file).relative_to(beside).as_posix(): _plain(
            handed[file].decode(errors="replace"), MOST_SOURCE
        )
        for file in inside
    }


def _hash(hashes: Mapping[str, str], beside: Path) -> str:
    """Of names and contents; names are relative, so that a moved project keeps its
    hash.
    """
    contents = sorted(
        (os.path.relpath(file, beside), sha256) for file, sha256 in hashes.items()
    )
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()
