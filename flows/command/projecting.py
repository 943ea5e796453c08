"""A command for a whole project: its studies one after the other, and what is said of its other actions."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from extractors.errors import ArgumentsError, CohortflowError
from flows.preparing.options import Options
from flows.preparing.prepare import keyed, prepare
from flows.project.deciding import Extract, Step, decide
from flows.project.input_files import check_format, write_input_file
from flows.project.reading import read_project
from flows.running.here import run_here
from flows.workspace.store import Workspace
from measures.closed.process import Closed
from measures.cohortextractor.asked import Wrong
from measures.cohortextractor.options import index_dates

Complain = Callable[[CohortflowError], int]
OUTPUT = "output"  # the folder below highly_sensitive


def of_project(asked: argparse.Namespace, early: Closed | None, complain: Complain) -> int:
    """Run, plan or check each study of a project; the exit code is the worst of theirs."""
    if asked.json:
        raise ArgumentsError("--json is of one study; name a definition of the project instead of its folder.")
    folder, actions = read_project(asked.study)
    steps = decide(folder, actions)
    _show(steps)
    writes = getattr(asked, "write_input_files", False)
    checks = asked.command.__name__ == "check"
    codes = [0]
    if writes:  # first, so that what `status` finds is the measures' run
        codes += [_write(extract, asked, complain) for step in steps for extract in step.extracts]
    for each in _studies(asked, steps, also_files=checks):
        codes.append(_one(each, early, complain))
        early = None
    if len(codes) == 1:
        print("No action of this project computes measures; --write-input-files makes its files of patients.")
    return max(codes)


def _show(steps: Sequence[Step]) -> None:
    console = Console()
    for step in steps:
        style = "" if step.runs else "[dim]"
        console.print(f"{style}{escape(step.action.name)}: {escape(step.said)}", highlight=False, soft_wrap=True)


def _studies(asked: argparse.Namespace, steps: Sequence[Step], *, also_files: bool) -> Iterator[argparse.Namespace]:
    """The command for each definition, each once."""
    seen: set[tuple[Path, bool]] = set()
    for step in steps:
        found = [(step.measured.definition, step.measured.arguments)] if step.measured else []
        if also_files:
            found += [(each.definition, next(_dates(each))[0]) for each in step.extracts]
        for definition, arguments in found:
            key = definition, bool(step.measured)
            if key not in seen:
                seen.add(key)
                given = {"study": str(definition), "arguments": [*arguments, *asked.arguments]}
                yield argparse.Namespace(**{**vars(asked), **given})


def _one(asked: argparse.Namespace, early: Closed | None, complain: Complain) -> int:
    """A mistake in one study keeps no other one from being run."""
    try:
        return int(asked.command(asked, early))
    except CohortflowError as error:
        return complain(error)


# files of patients -----------------------------------------------------------------------


def _write(extract: Extract, asked: argparse.Namespace, complain: Complain) -> int:
    """A file for each index date; one that cannot be made is told, and the others follow."""
    try:
        check_format(extract.format)
        for words, date in _dates(extract):
            print(f"Patients: {_write_one(extract, asked, words, date)}")
    except CohortflowError as error:
        return complain(error)
    return 0


def _dates(extract: Extract) -> Iterator[tuple[tuple[str, ...], str]]:
    """The words for each index date, and what it adds to the file's name."""
    if not extract.range:
        yield extract.arguments, ""
        return
    try:
        dates = index_dates(extract.range)
    except Wrong as wrong:
        raise ArgumentsError(f"{extract.definition.name}: {wrong}") from None
    for date in dates:
        yield ("--index-date", str(date), *extract.arguments), f"_{date}"


def _write_one(extract: Extract, asked: argparse.Namespace, words: tuple[str, ...], date: str) -> Path:
    options = Options(
        study=str(extract.definition),
        records=asked.records,
        patients=asked.patients,
        workspace=asked.workspace,
        arguments=(*words, *asked.arguments),
        moved=asked.moved,
    )
    prepared = keyed(prepare(options))
    outcome = run_here(prepared)
    workspace: Workspace = prepared.workspace
    target = workspace.folder(OUTPUT) / f"{extract.name}{date}.{extract.format}"
    write_input_file(workspace.root / str(outcome.dataset), prepared.study.forms, target)
    return target
