"""`cohortflow new`: a folder that runs."""

import shlex
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from extractors.errors import ArgumentsError
from measures.study import Kind, check_name

EXAMPLE = "my-study"  # how the files in `study/` call the new study
# A file whose name begins with a dot is easily left out of a package.
HIDDEN = {"vscode": ".vscode", "gitignore": ".gitignore"}


def new_study(folder: Path, kind: Kind) -> list[str]:
    """Write the files of a study of this kind; their names, from the folder.

    Raises ArgumentsError where the folder exists, or where its name cannot be a
    study's.

        new_study(Path("my-study"), "measures")
    """
    name = folder.resolve().name
    check_name(name)
    if folder.exists():
        raise ArgumentsError(
            "The folder exists already; give another name, or remove it first"
            f": {folder}"
        )
    written = []
    for path, text in sorted(_texts(kind)):
        _write(folder / path, text.replace(EXAMPLE, shlex.quote(name)))
        written.append(path)
    return written


def _texts(kind: Kind) -> Iterator[tuple[str, str]]:
    """Path in the new folder and text, of what every study has and of this kind."""
    top = files(__package__).joinpath("study")
    for part in ("both", kind):
        yield from _below(top.joinpath(part))


def _below(folder: Traversable, path: str = "") -> Iterator[tuple[str, str]]:
    for each in folder.iterdir():
        name = f"{path}{HIDDEN.get(each.name, each.name)}"
        if each.name == "__pycache__":
            continue
        if each.is_dir():
            yield from _below(each, f"{name}/")
        else:
            yield name, each.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    """With the line ends of Unix everywhere, so that a study has the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
