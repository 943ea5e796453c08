"""The code reads at sight: habits that make a reader go back are not in it.

`python -m tests.test_prose [FILE …]`, from the checkout, prints every place of them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.prose import ROOMS, counted, files, total
from tests.lib.places import CHECKOUT
from tests.lib.plain import NESTED, TWO_FORS, WORDS, places, unclear, unexplained

# Of all rooms together: tokens a line at most, comments in 1,000 lines at least, and
# comprehensions in 1,000 lines at most.
TOKENS, COMMENTS, COMPREHENSIONS = 7.5, 45, 40
# Words of files that older versions wrote: the key of recipe.json over which hashes are
# made, and the key of alerts.json.
KEPT = {"flows/preparing/recipe.py": 1, "flows/serving/alerts.py": 1}


def sources() -> dict[str, str]:
    """The text of every module."""
    return {
        path.relative_to(CHECKOUT).as_posix(): path.read_text(encoding="utf-8")
        for path in modules()
    }


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from files(CHECKOUT / room)


def test_no_file_has_a_habit_that_makes_a_reader_go_back():
    """`python -m tests.test_prose FILE` says where."""
    found = {name: unclear(name, text) for name, text in sources().items()}
    kept = {name: {WORDS: number} for name, number in KEPT.items()}
    assert {name: habits for name, habits in found.items() if habits} == kept


def test_every_field_of_a_dataclass_has_its_line_of_explanation():
    found = {name: unexplained(text) for name, text in sources().items()}
    assert {name: fields for name, fields in found.items() if fields} == {}


def test_a_field_without_its_line_is_found():
    text = "@dataclass(frozen=True)\nclass A:\n  # why\n  a: int\n  b: int\n  c: int  # why"
    assert unexplained(text) == [(5, "A.b")]


def test_lines_are_light_and_explained():
    measured = total(map(counted, modules()))
    assert round(measured.tokens_a_line, 2) <= TOKENS
    assert round(measured.in_a_thousand(measured.comments), 1) >= COMMENTS
    assert round(measured.in_a_thousand(measured.comprehensions), 1) <= COMPREHENSIONS


@pytest.mark.parametrize("stem", ["windows", "steps", "trying", "structure"])
def test_one_module_or_folder_has_a_name(stem: str):
    """Of words that several ideas could be called by, each names one."""
    found: set[Path] = set()
    for path in modules():
        found.update(each for each in (path, *path.parents) if each.stem == stem)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "habits"),
    [
        ("x = [b for a in c for b in a]", {TWO_FORS: 1}),
        ("x = {b: 1 for a in c\n  for b in a}", {TWO_FORS: 1}),
        ("x = 1 if a else 2 if b else 3", {NESTED: 1}),
        ("x = f(1 if a else 2) if b else 3", {NESTED: 1}),
        ("def _told(): pass", {WORDS: 1}),
        ('raise ValueError("Somebody knows what stands there")', {WORDS: 2}),
        ("# whoever asks is owed an answer\n", {WORDS: 2}),
    ],
)
def test_habit_is_found(text, habits):
    assert unclear("extractors/a.py", text) == habits


def test_the_name_of_a_file_counts():
    assert unclear("measures/told.py", "") == {WORDS: 1}


@pytest.mark.parametrize(
    "text",
    [
        "x = [f(b for b in a) for a in c]",
        "x = (1 if a else 2) + (3 if b else 4)",
        "# A code stands for a disease; a stand-in is understood, allowed and standard.",
    ],
)
def test_its_neighbours_pass(text):
    assert unclear("extractors/a.py", text) == {}


def main() -> None:
    """Print every place, of all files or of those named."""
    for name, text in sources().items():
        if len(sys.argv) == 1 or name.startswith(tuple(sys.argv[1:])):
            for _, line, what in places(name, text):
                print(f"{name}:{line}: {what}")


if __name__ == "__main__":
    main()
