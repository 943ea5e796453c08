"""What code and pages point to is there: pages, their headings, links, and the files
that a page names.

As in `test_rooms.py`, each check gives its complaints, and is shown to complain about a
planted breach.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lib.pages import CODE, LINK, PAGE, Said, headings, said
from tests.lib.places import CHECKOUT, project_files

TEXTS = (".py", ".md", ".sql", ".toml", ".yaml", ".service", ".target")
ROOMS = ("extractors/", "measures/", "flows/", "tests/", "infra/")
HISTORY = "CHANGELOG.md"  # says what was, so its paths may be gone
PATH = re.compile(r"[\w./-]+")
PLACEHOLDER = re.compile(r"\b[A-Z]+\b")  # as in `measures/studies/NAME/definition.py`
UPPER = {"README", "SEMANTICS", "TABLES", "CONTRIBUTING", "CHANGELOG", "LICENSE"}

Check = Callable[[Path, list[str]], Iterator[str]]


def texts(names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name.endswith(TEXTS) or name.startswith((".ci/", "infra/"))
    ]


def pages(names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".md") and name != HISTORY]


def pointers(tree: Path, names: list[str]) -> Iterator[str]:
    """A page is named from the top of the project, or from the folder of the file that
    names it.
    """
    for name in texts(names):
        for line in said(tree, name):
            for match in PAGE.finditer(line.text):
                yield from missing(tree, line, match[1], match[2])


def missing(tree: Path, line: Said, page: str, section: str | None) -> Iterator[str]:
    places = [
        place
        for place in ((tree / line.file).parent / page, tree / page)
        if place.is_file()
    ]
    if not places:
        yield f"{line} points to {page}, which is not there"
    elif section and not any(section in headings(place) for place in places):
        yield f"{line} points to a heading {section!r}, which {page} does not have"


def numbered(tree: Path, names: list[str]) -> Iterator[str]:
    for name in texts(names):
        for line in said(tree, name):
            if "\N{SECTION SIGN}" in line.text:
                yield (
                    f"{line} points to a section by its number; name its page and "
                    "heading, as page.md#heading"
                )


def links(tree: Path, names: list[str]) -> Iterator[str]:
    """A link counts from the folder of its page, as every viewer of Markdown has it."""
    for name in pages(names):
        for line in said(tree, name):
            for target in LINK.findall(line.text):
                yield from broken(tree, line, target)


def broken(tree: Path, line: Said, target: str) -> Iterator[str]:
    if "://" in target:
        return
    path, _, section = target.partition("#")
    place = (tree / line.file).parent / path if path else tree / line.file
    if not place.exists():
        yield f"{line} links to {target}, which is not there"
    elif section and section not in headings(place):
        yield f"{line} links to a heading that is not there: {target}"


def files(tree: Path, names: list[str]) -> Iterator[str]:
    """A path in `code letters` that looks like one of ours is one."""
    for name in pages(names):
        for line in said(tree, name):
            for path in CODE.findall(line.text):
                if is_ours(path) and not is_there(tree, name, path):
                    yield f"{line} names {path}, which is not there"


def is_ours(path: str) -> bool:
    if not PATH.fullmatch(path) or set(PLACEHOLDER.findall(path)) - UPPER:
        return False
    return path.startswith(ROOMS) or ("/" in path and path.endswith((".py", ".sql")))


def is_there(tree: Path, name: str, path: str) -> bool:
    return (tree / path).exists() or ((tree / name).parent / path).exists()


CHECKS: list[Check] = [pointers, numbered, links, files]
BY_NAME = {check.__name__: check for check in CHECKS}

PAGES = {
    "README.md": "# House\n\n## On a *server*\n\n```\n## no heading\n```\n",
    "flows/README.md": "# Flows\n",
}
SIGN = "\N{SECTION SIGN}"
BREACHES: list[tuple[str, dict[str, str], str]] = [
    (
        "pointers",
        {"flows/a.py": '"""See DESIGN.md."""'},
        "flows/a.py:1 points to DESIGN.md",
    ),
    (
        "pointers",
        {"flows/a.py": "x = 1  # see reference/time.md"},
        "flows/a.py:1 points to reference/time.md",
    ),
    (
        "pointers",
        {"flows/a.py": 'def f():\n    """A.\n\n    B: README.md#on-a-sever"""'},
        "flows/a.py:4 points to a heading",
    ),
    (
        "pointers",
        {"flows/b/README.md": "As measures/README.md says."},
        "flows/b/README.md:1 points to measures/README.md",
    ),
    (
        "pointers",
        {"infra/run": "# README.md#no-heading"},
        "infra/run:1 points to a heading 'no-heading'",
    ),
    (
        "numbered",
        {"measures/a.py": f"# the rules, {SIGN}7"},
        "measures/a.py:1 points to a section by its number",
    ),
    (
        "links",
        {"flows/b.md": "[a](README.md) [b](flows/README.md)"},
        "flows/b.md:1 links to flows/README.md",
    ),
    (
        "links",
        {"a.md": "# A\n[b](#b)"},
        "a.md:2 links to a heading that is not there: #b",
    ),
    (
        "files",
        {"flows/b.md": "Change `flows/gone.py`."},
        "flows/b.md:1 names flows/gone.py",
    ),
    (
        "files",
        {"flows/b.md": "Change `command/gone.py`."},
        "flows/b.md:1 names command/gone.py",
    ),
]
NEIGHBOURS: list[tuple[str, dict[str, str]]] = [
    (
        "pointers",
        {
            "flows/a.py": 'x = "NEWS.md"  # README.md#on-a-server, flows/README.md#flows, '
            "../README.md"
        },
    ),
    ("pointers", {"a.md": "Written as https://example.org/NEWS.md, {folder}/NEWS.md"}),
    ("numbered", {"measures/a.py": f'x = "{SIGN}7"'}),
    (
        "links",
        {
            "flows/b.md": "[a](../README.md#on-a-server) [b](https://example.org) [c](../flows)"
        },
    ),
    (
        "files",
        {
            "flows/b.md": "`flows/README.md`, `b.md`, `flows/NAME.py`, `measures/<name>.csv`, "
            "`a = b / c.py`"
        },
    ),
    ("files", {"CHANGELOG.md": "`flows/gone.py` is gone"}),
]


@pytest.mark.parametrize("check", CHECKS)
def test_everything_that_is_pointed_to_is_there(check: Check):
    assert list(check(CHECKOUT, project_files(*ROOMS))) == []


def complaints(check: Check, tree: Path, planted: dict[str, str]) -> list[str]:
    for name, text in (PAGES | planted).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, encoding="utf-8")
    return list(check(tree, list(planted)))


@pytest.mark.parametrize(("check", "planted", "complaint"), BREACHES)
def test_what_is_not_there_is_found(check, planted, complaint, tmp_path):
    found = complaints(BY_NAME[check], tmp_path, planted)
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(("check", "planted"), NEIGHBOURS)
def test_what_is_there_is_left_alone(check, planted, tmp_path):
    assert complaints(BY_NAME[check], tmp_path, planted) == []


def test_every_check_is_shown_to_fail():
    assert (
        {check for check, *_ in BREACHES}
        == {check for check, _ in NEIGHBOURS}
        == set(BY_NAME)
    )
