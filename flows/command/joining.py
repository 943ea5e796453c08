"""The files that the cohort-joiner actions of a project leave, each in the folder of
the study on its left.
"""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.preparing.rows import OUTPUT
from flows.project.deciding import Step
from flows.project.joined_files import join_files
from flows.project.reading import Action
from flows.workspace.store import PRIVATE, Workspace, umask
from measures.study import Study


def join_all(steps: Sequence[Step], workspace: Path) -> Iterator[str]:
    """Write the joined files of each joiner in turn, and say where they are.

    Raises ArgumentsError where a file on the left or on the right is not there.
    """
    made = list(chain.from_iterable(_made(step, workspace) for step in steps))
    # folder of a joiner, as the project calls it -> what it has left there
    left_in: dict[str, list[Path]] = {}
    for step in steps:
        if step.action.program == "cohort-joiner":
            written = list(_joined(step.action, made, left_in))
            left_in[_folder(step.action.option("output-dir"))] = written
            if written:
                yield f"{step.action.name}: {written[0].parent} ({len(written)} files)"


def _made(step: Step, workspace: Path) -> Iterator[Path]:
    """The files of patients that an action makes, where they are there."""
    for extract in step.extracts:
        output = Workspace(workspace, Study(extract.definition, "dataset").name).folder(
            OUTPUT
        )
        for date in extract.dates:
            file = output / f"{extract.name}{date}.{extract.format}"
            if file.is_file():
                yield file


def _joined(
    action: Action, made: Sequence[Path], left_in: Mapping[str, Sequence[Path]]
) -> Iterator[Path]:
    others: list[Path] = []
    for word in action.options.get("rhs", ()):
        others += _files(word, made, left_in)
    below = Path(*Path(_folder(action.option("output-dir"))).parts[1:] or ("joined",))
    for word in action.options.get("lhs", ()):
        for file in _files(word, made, left_in):
            output = next(folder for folder in file.parents if folder.name == OUTPUT)
            target = output / below / file.name
            with umask(PRIVATE):
                join_files(file, others, target)
            yield target


def _files(
    word: str, made: Sequence[Path], left_in: Mapping[str, Sequence[Path]]
) -> list[Path]:
    """Those that a path or a glob of the project names."""
    path = Path(word)
    among = left_in.get(_folder(str(path.parent)), made)
    found = [file for file in among if fnmatch(file.name, path.name)]
    if not found:
        raise ArgumentsError(
            f"no file of patients is there for {word!r}, so nothing can be joined."
        )
    return found


def _folder(path: str) -> str:
    """As it is written in any way."""
    return Path(path).as_posix()
