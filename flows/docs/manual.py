"""The manual of the language as Markdown, from its executable specification."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from flows.docs.real_tables import in_real_tables
from flows.docs.specification import Chapter, Example, Section, read_specification

# In a checkout, or as setup.py has put it into a wheel.
CHECKOUT, PACKED = (
    Path(__file__).resolve().parents[2] / "tests" / "spec",
    Path(__file__).with_name("spec"),
)
SPECIFICATION = PACKED if PACKED.is_dir() else CHECKOUT
TITLE = "The language of cohortflow"
CALL = re.compile(r"(`[^`]*`|[A-Za-z_][\w.]*\([^()]*\)(?:\.\w+\([^()]*\))*)")
SPECIAL = str.maketrans({"*": r"\*", "<": "&lt;", "|": r"\|"})


def language_manual(folder: Path = SPECIFICATION) -> str:
    """The manual as Markdown text; ArgumentsError where there is no specification."""
    introduction, chapters = read_specification(folder)
    title, _, more = introduction.partition("\n\n")
    parts = [
        f"# {TITLE}",
        prose(title),
        more,
        "## Contents",
        "\n".join(_contents(chapters)),
    ]
    for number, chapter in enumerate(chapters, 1):
        parts += _chapter(number, chapter)
    return "\n\n".join(parts) + "\n"


def _contents(chapters: Sequence[Chapter]) -> Iterator[str]:
    for number, chapter in enumerate(chapters, 1):
        yield f"{number}. {_link(f'{number}. {chapter.title}', chapter.title)}"
        for section in chapter.sections:
            yield f"    - {_link(section.title, section.title)}"


def _link(heading: str, shown: str) -> str:
    """A link as Markdown readers make them from headings: small letters, spaces as
    dashes, no marks.
    """
    anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    return f"[{shown}](#{anchor})"


def _chapter(number: int, chapter: Chapter) -> Iterator[str]:
    yield f"## {number}. {chapter.title}"
    yield chapter.introduction
    for section in chapter.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"### {section.title}"
    drawn: Mapping[str, str] = {}
    for example in map(in_real_tables, section.examples):
        yield f"**{prose(example.statement)}.**"
        if example.drawings and example.drawings != drawn:
            yield from _drawings(example.drawings)
            drawn = example.drawings
        yield from _proof(example)
    yield f"<sub>Tested in `tests/spec/{section.file}`.</sub>"


def _proof(example: Example) -> Iterator[str]:
    yield f"```python\n{example.code.strip()}\n```"
    if example.expected is not None:
        yield (
            _expected(example.expected)
            if example.expected
            else "No patient gets a row."
        )
    if example.counts:
        yield _table(*_read(example.counts))
    if example.gives:
        yield f"{prose(example.gives)}."


def _drawings(drawings: Mapping[str, str]) -> Iterator[str]:
    for frame, drawing in drawings.items():
        header, rows = _read(drawing)
        yield f"`{frame}`:"
        yield _table(["patient", *header[1:]], rows)


def _read(drawing: str) -> tuple[list[str], list[list[str]]]:
    header, _, *rows = [_cells(line) for line in drawing.splitlines() if line.strip()]
    return header, rows


def _cells(line: str) -> list[str]:
    found: list[str] = []
    for cell in map(str.strip, line.split("|")):
        found.append(f"`{cell}`" if cell == '""' else cell.strip())
    return found


def _expected(values: Mapping[int, Mapping[str, Any]]) -> str:
    """Patients across, since there are more of them than values."""
    names = dict.fromkeys(chain.from_iterable(values.values()))
    rows = [
        [name or "value", *(_shown(value[name]) for value in values.values())]
        for name in names
    ]
    return _table(["patient", *map(str, values)], rows)


def _shown(value: Any) -> str:
    if value is None:
        return "NULL"
    if value == "":
        return '`""`'
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(header), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(
        f"| {' | '.join(cell.translate(SPECIAL) for cell in line)} |" for line in lines
    )


def prose(text: str) -> str:
    """A sentence in Markdown: calls such as where(…) as code, and nothing read as a
    mark that is none.
    """
    words = " ".join(text.split())
    return "".join(_part(part) for part in CALL.split(words) if part)


def _part(part: str) -> str:
    if part.startswith("`"):
        return part
    return f"`{part}`" if CALL.fullmatch(part) else part.translate(SPECIAL)
