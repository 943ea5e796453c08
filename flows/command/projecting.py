"""A command for a whole project: its studies one after the other, and what is said of
its other actions.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from extractors.engine import Engine
from extractors.errors import ArgumentsError, CohortflowError
from extractors.sources import TRIAL
from flows.command.arguments import Command
from flows.command.joining import join_all
from flows.preparing.options import Options
from flows.preparing.prepare import keyed, prepare
from flows.preparing.rows import OUTPUT
from flows.project.deciding import Extract, Step, days_of, decide
from flows.project.dummies import put_dummy
from flows.project.reading import read_project
from flows.running.here import run_here
from flows.running.input_files import write_dataset_file
from flows.state.standing import refuse_to_replace
from flows.workspace.settings import settings
from flows.workspace.store import Workspace
from measures.closed.process import Closed
from measures.cohortextractor.options import (
    INDEX_DATE,
    INDEX_DATES,
    INPUT_FILES,
    ONLY_FILES,
    PARAM,
)
from measures.loading import load_study

Complain = Callable[[CohortflowError], int]
# What `describe` is asked beside what `run` is.
DESCRIBED = {"period": "", "every": "", "file": "", "first": "", "last": ""}


def of_project(
    asked: argparse.Namespace,
    early: Closed | None,
    complain: Complain,
    describe: Command,
) -> int:
    """Run, plan or check each study of a project; the exit code is the worst of theirs.

    `describe` is the command that describes a study's variables.
    """
    if asked.json:
        raise ArgumentsError(
            "--json is of one study; name a definition of the project instead of its "
            "folder."
        )
    folder, actions = read_project(asked.study)
    steps = decide(folder, actions)
    _show(steps)
    writes = getattr(asked, "write_input_files", False)
    checks = asked.command.__name__ == "check"
    codes = [0]
    if writes:  # first, so that what `status` finds is the measures' run
        steps = [_without_dummies(step, asked.records == TRIAL) for step in steps]
        for extract in chain.from_iterable(step.extracts for step in steps):
            if extract.dummy or not extract.range:
                codes.append(_write(extract, asked, complain))
    for each in _studies(asked, steps, files=writes, checks=checks):
        codes.append(_one(each, early, complain))
        early = None
    if writes:
        codes.append(_join(steps, asked, complain))
    if asked.command.__name__ == "run":
        for extract in chain.from_iterable(step.described for step in steps):
            codes.append(_describe(extract, asked, describe, complain))
    if len(codes) == 1:
        print(
            "No action of this project computes measures; --write-input-files makes "
            "its files of patients."
        )
    return max(codes)


def _show(steps: Sequence[Step]) -> None:
    console = Console()
    for step in steps:
        style = "" if step.runs else "[dim]"
        console.print(
            f"{style}{escape(step.action.name)}: {escape(step.said)}",
            highlight=False,
            soft_wrap=True,
        )


def _studies(
    asked: argparse.Namespace, steps: Sequence[Step], *, files: bool, checks: bool
) -> Iterator[argparse.Namespace]:
    """The command for each definition. `files`: it also writes files of patients;
    `checks`: looks at them.
    """
    found = (
        _with_files(steps)
        if files
        else chain.from_iterable(_one_by_one(step, checks) for step in steps)
    )
    for definition, arguments in dict.fromkeys(found):
        given = {"study": str(definition), "arguments": [*arguments, *asked.arguments]}
        yield argparse.Namespace(**{**vars(asked), **given})


def _one_by_one(step: Step, checks: bool) -> Iterator[tuple[Path, tuple[str, ...]]]:
    if step.measured:
        yield step.measured.definition, step.measured.arguments
    for each in step.extracts if checks else ():
        first = _at_first_date(each)
        yield each.definition, (*first, *each.arguments)


def _at_first_date(extract: Extract) -> tuple[str, ...]:
    """The words for the first of its index dates; none where the study has its own."""
    return (f"--{INDEX_DATE}", str(days_of(extract.range)[0])) if extract.range else ()


def _one(asked: argparse.Namespace, early: Closed | None, complain: Complain) -> int:
    """A mistake in one study keeps no other one from being run."""
    try:
        return int(asked.command(asked, early))
    except CohortflowError as error:
        return complain(error)


# descriptions -------------------------------------------------------------------------


def _describe(
    extract: Extract, asked: argparse.Namespace, describe: Command, complain: Complain
) -> int:
    """The data report of a study at the first of its index dates."""
    words = [*_at_first_date(extract), *extract.arguments, *asked.arguments]
    given = {
        "command": describe,
        "study": str(extract.definition),
        "arguments": words,
        **DESCRIBED,
    }
    return _one(argparse.Namespace(**{**vars(asked), **given}), None, complain)


# files of patients --------------------------------------------------------------------


def _with_files(steps: Sequence[Step]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The runs that write files at index dates, each with the words behind `--`.

    Where measures of the same study are computed, one run does both.
    """
    every = [step.measured for step in steps if step.measured]
    measured = {_key(each.definition, each.arguments): each for each in every}
    files: dict[tuple[Path, tuple[str, ...]], list[Extract]] = {}
    for step in steps:
        for extract in step.extracts:
            if extract.range and not extract.dummy:
                files.setdefault(
                    _key(extract.definition, extract.arguments), []
                ).append(extract)
    for key, extracts in files.items():
        asked = [f"{each.name}.{each.format}={each.range}" for each in extracts]
        known = measured.pop(key, None)
        if known:
            yield known.definition, (*known.arguments, f"--{INPUT_FILES}", *asked)
        else:
            dates = "; ".join(dict.fromkeys(each.range for each in extracts))
            yield (
                key[0],
                (
                    f"--{INDEX_DATES}",
                    dates,
                    *extracts[0].arguments,
                    f"--{ONLY_FILES}",
                    *asked,
                ),
            )
    for each in measured.values():
        yield each.definition, each.arguments


def _key(definition: Path, arguments: Sequence[str]) -> tuple[Path, tuple[str, ...]]:
    """A study and its parameters: what shares these is one run."""
    words = list(arguments)
    start = words.index(f"--{PARAM}") if f"--{PARAM}" in words else len(words)
    end = next(
        (
            place
            for place in range(start + 1, len(words))
            if words[place].startswith("--")
        ),
        len(words),
    )
    return definition, tuple(words[start:end])


def _write(extract: Extract, asked: argparse.Namespace, complain: Complain) -> int:
    """A file of dummy data, or that of a study at its own index date.

    It says why a file cannot be made, and goes on with the others.
    """
    try:
        written = (
            _write_dummy(extract, asked)
            if extract.dummy
            else _write_one(extract, asked)
        )
        print(f"Patients: {written}")
    except CohortflowError as error:
        return complain(error)
    return 0


def _join(steps: Sequence[Step], asked: argparse.Namespace, complain: Complain) -> int:
    try:
        for said in join_all(steps, Path(asked.workspace).absolute()):
            print(f"Joined by {said}")
    except CohortflowError as error:
        return complain(error)
    return 0


def _without_dummies(step: Step, is_trial: bool) -> Step:
    """On records that are not made up, an action's dummy data are ignored."""
    if is_trial or not any(extract.dummy for extract in step.extracts):
        return step
    print(
        f"{step.action.name}: its dummy_data_file is ignored, because there are "
        "records; --records trial takes it"
    )
    return replace(
        step, extracts=tuple(replace(each, dummy=None) for each in step.extracts)
    )


def _write_dummy(extract: Extract, asked: argparse.Namespace) -> str:
    """The file of dummy data at each index date; the study says which columns it must
    have.
    """
    assert extract.dummy is not None
    words = (*_at_first_date(extract), *extract.arguments, *asked.arguments)
    study = load_study(extract.definition, arguments=words, results=True)
    workspace = Workspace(Path(asked.workspace).absolute(), study.name)
    output = workspace.folder(OUTPUT)
    targets = [
        output / f"{extract.name}{date}.{extract.format}" for date in extract.dates
    ]
    with workspace.locked():
        refuse_to_replace(workspace, made_up=True)
        put_dummy(extract.dummy, study.forms, targets)
    files = (
        f"{extract.name}{extract.dates[0]}"
        if len(targets) == 1
        else f"{extract.name}_DATE"
    )
    return (
        f"{output / files}.{extract.format} (dummy data of {extract.dummy}; measures "
        "count made-up records)"
    )


def _write_one(extract: Extract, asked: argparse.Namespace) -> Path:
    options = Options(
        study=str(extract.definition),
        records=asked.records,
        patients=asked.patients,
        workspace=asked.workspace,
        arguments=(*extract.arguments, *asked.arguments),
        moved=asked.moved,
    )
    prepared = keyed(prepare(options))
    outcome = run_here(prepared)
    workspace: Workspace = prepared.workspace
    target = workspace.folder(OUTPUT) / f"{extract.name}.{extract.format}"
    with Engine(memory=settings().worker_memory, spill=workspace.spill) as engine:
        write_dataset_file(
            engine, workspace.root / str(outcome.dataset), prepared.study.forms, target
        )
    return target
