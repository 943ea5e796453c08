"""The glossary explains words that the code has, each of them once a room."""

import re
from pathlib import Path

import pytest

from tests.lib.places import CHECKOUT

PAGE = CHECKOUT / "flows" / "docs" / "pages" / "reference" / "glossary.md"
# the heading of a table -> where its words are at work
ROOMS = {
    "How time is planned": ("extractors",),
    "How counts are protected": ("measures/disclosure", "measures/counts"),
}
WORD = re.compile(r"^\| ([a-z]+) \|", re.MULTILINE)


def words(heading: str) -> list[str]:
    """The first column of the table below a heading."""
    below = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    found = WORD.findall(below.partition("\n## ")[0])
    return [word for word in found if word != "word"]


def names(room: str) -> set[str]:
    """Every word of a name, also of the parts of `CamelCase` and `snake_case`."""
    found: set[str] = set()
    for path in Path(CHECKOUT / room).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found.update(part.lower() for part in re.findall(r"[A-Z]?[a-z]+", text))
    return found


@pytest.mark.parametrize("heading", ROOMS)
def test_each_word_is_one_of_the_code(heading: str):
    known: set[str] = set()
    for room in ROOMS[heading]:
        known |= names(room)
    listed = words(heading)
    assert len(listed) > 15
    assert set(listed) - known == set()


@pytest.mark.parametrize("heading", ROOMS)
def test_a_word_is_explained_once(heading: str):
    listed = words(heading)
    assert len(listed) == len(set(listed))
