"""Paths come last in reasons: a narrow column of a page cuts off what is behind.

The words of all errors are read in the source, without a run: an f-string that an error
begins with may name a path at its end alone. The name of a file, without its folders, may
stand anywhere.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors import errors
from extractors.errors import CohortflowError
from tests.lib.places import CHECKOUT

ROOMS = ("extractors", "measures", "flows")
# what code calls a path
MARKS = set("\"'.)( ")
PATHS = {"path", "folder", "file", "place", "root", "last_run", "note", "release"}
# In these the word is none of a path on a disk.
OTHERS = {
    "measures/sites/rounds.py": "the name of a combining place",
    "flows/running/sites.py": "the name of a combining place",
    "flows/command/approving.py": "the number of a release, and the name of its file",
    "flows/project/dummies.py": "a file as project.yaml names it",
    "flows/project/deciding.py": "a file as project.yaml names it",
    "extractors/sources/with_files.py": "a file as the definition names it",
    "extractors/language/codelists.py": "a file as the definition names it",
    "extractors/language/concept_sets.py": "a file as the definition names it",
    "extractors/language/files.py": "a file as the definition names it",
    "extractors/sources/postgresql/errors.py": "the address of a server",
    "extractors/sources/elsewhere/objects.py": "the address of a store",
}


def kinds(trees: dict[str, ast.Module]) -> set[str]:
    """The names of all classes of errors."""
    found = {
        name
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, CohortflowError)
    }
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                if bases & found:
                    found.add(node.name)
    return found


def sources() -> dict[str, ast.Module]:
    found = {}
    for room in ROOMS:
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            name = path.relative_to(CHECKOUT).as_posix()
            if name not in OTHERS:
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def reasons(tree: ast.Module, names: set[str]) -> Iterator[ast.JoinedStr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func
            name = getattr(called, "id", getattr(called, "attr", ""))
            if name in names and isinstance(node.args[0], ast.JoinedStr):
                yield node.args[0]


def early_paths(words: ast.JoinedStr) -> Iterator[str]:
    """The paths in an f-string that something follows."""
    for number, part in enumerate(words.values):
        if isinstance(part, ast.FormattedValue) and _is_path(part.value):
            behind = words.values[number + 1 :]
            if any(not _is_mark(each) for each in behind):
                yield ast.unparse(part.value)


def _is_path(value: ast.expr) -> bool:
    name = getattr(value, "id", getattr(value, "attr", ""))
    return name in PATHS


def _is_mark(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and set(str(part.value)) <= MARKS


def test_paths_come_last_in_every_reason():
    trees = sources()
    names = kinds(trees)
    found = [
        f"{file}:{words.lineno} {path}"
        for file, tree in trees.items()
        for words in reasons(tree, names)
        for path in early_paths(words)
    ]
    assert found == []
    assert sum(1 for tree in trees.values() for _ in reasons(tree, names)) > 200


@pytest.mark.parametrize(
    ("text", "early"),
    [
        ('f"{path} is damaged."', ["path"]),
        ('f"There is no key {self.path}; make one."', ["self.path"]),
        ('f"{path.name} is damaged; remove it: {path}"', []),
        ("f\"There is no file '{file}'.\"", []),
    ],
)
def test_the_reader_sees_where_a_path_is(text: str, early: list[str]):
    words = ast.parse(text, mode="eval").body
    assert isinstance(words, ast.JoinedStr)
    assert list(early_paths(words)) == early


def test_what_is_left_out_is_there():
    assert [name for name in OTHERS if not Path(CHECKOUT / name).exists()] == []
