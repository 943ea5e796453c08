"""The working words of planner and disclosure are defined where their glossaries say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.places import CHECKOUT

PAGES = ("extractors/planner/README.md", "measures/disclosure/README.md")
ROW = re.compile(r"^\| ([a-z]+) \| .+ \| `([^`]+\.py)` \|$", re.MULTILINE)
FEWEST = 25  # words of a page; fewer would not be all


def entries(page: str) -> list[tuple[str, str]]:
    """The words of a page, each with the file that defines it."""
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    _, _, below = text.partition("\n## Words\n")
    section, _, _ = below.partition("\n## ")
    return ROW.findall(section)


def names(path: Path) -> Iterator[str]:
    """What a module is called, and all that it names."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name


def is_named(word: str, path: Path) -> bool:
    """Whether a name of the module begins with the word, or has it behind a `_`."""
    begins = re.compile(rf"(^|_){word}|{word.capitalize()}", re.IGNORECASE)
    return any(begins.search(name) for name in names(path))


@pytest.mark.parametrize("page", PAGES)
def test_each_word_is_a_name_where_the_page_says(page: str):
    found = entries(page)
    assert len(found) >= FEWEST
    missing = [
        f"{word} in {where}"
        for word, where in found
        if not (CHECKOUT / where).exists() or not is_named(word, CHECKOUT / where)
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_each_word_has_one_meaning(page: str):
    words = [word for word, _ in entries(page)]
    assert len(words) == len(set(words))


def test_a_word_that_is_nowhere_is_missed():
    assert not is_named("firmament", CHECKOUT / "extractors/planner/kinds.py")
