"""Warnings of what a definition may say and hardly means."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.language.reading import CodelistFile, current
from extractors.model import nodes
from extractors.model.verhoeff import has_check_digit

MOST_NAMED = 5


def strange_values(column: nodes.Column, values: Iterable[Any]) -> str:
    """Values with which a column is compared although it never holds them; empty if
    there are none.
    """
    schema = column.source.table.schema
    categories = schema.column(column.name).categories
    strange = [
        repr(value) for value in values if value is not None and value not in categories
    ]
    if not categories or not strange:
        return ""
    return (
        f"{schema.name}.{column.name} is compared with {', '.join(strange)}, which "
        f"it never is; its categories are {', '.join(map(str, categories))}"
    )


def note_strange_values(compared: nodes.Series, values: Iterable[Any]) -> None:
    """Note them at the author's line."""
    if isinstance(compared, nodes.Column) and (
        doubt := strange_values(compared, values)
    ):
        current().note(doubt)


def without_codes(codelist: CodelistFile) -> str:
    """That nothing is found by a codelist; empty if it has codes."""
    if codelist.codes:
        return ""
    return (
        f"{codelist.name} holds no code in its column {codelist.columns[0]}, so "
        "nothing is found by it"
    )


@dataclass(frozen=True)
class ListRow:
    """A row of a codelist file."""

    # where it ends in the file, from 1
    line: int
    # the code and, if there is one, its category
    cells: tuple[str, ...]
    # all that the file says of them
    whole: tuple[str, ...]


def twice(rows: Iterable[ListRow], filename: str) -> Iterator[str]:
    """That codes are in a file more than once: with several categories, or in rows that
    are the same.

    Published lists have a row for each term of a code, which says nothing.
    """
    by_code: dict[str, list[ListRow]] = {}
    by_row: dict[tuple[str, ...], list[ListRow]] = {}
    for row in rows:
        by_code.setdefault(row.cells[0], []).append(row)
        by_row.setdefault(row.whole, []).append(row)
    torn = {code: found for code, found in by_code.items() if _differ(found)}
    if torn:
        said = _places(torn)
        yield (
            f"{filename}: {said}, each time in another category; the last one "
            "counts, so keep the one that is right"
        )
    again = {found[0].cells[0]: found for found in by_row.values() if len(found) > 1}
    if again:
        yield f"{filename}: {_places(again)}, in rows that are the same; it counts once"


def _differ(rows: Iterable[ListRow]) -> bool:
    return len({row.cells for row in rows}) > 1


def _places(again: Mapping[str, Sequence[ListRow]]) -> str:
    """The first code that is there again, and in which lines; of the others, how many
    they are.
    """
    (code, rows), *others = again.items()
    *first, last = [str(row.line) for row in rows]
    return (
        f"the code {code!r} is in lines {', '.join(first)} and "
        f"{last}{_and_others(len(others))}"
    )


def _and_others(count: int) -> str:
    if count == 0:
        return ""
    return (
        " (and so is 1 more code)"
        if count == 1
        else f" (and so are {count} more codes)"
    )


def blank_header(header: Iterable[str], filename: str) -> str:
    """That names in a header have blanks around them, so that they look like others;
    empty if none has.
    """
    blank = [repr(name) for name in header if name != name.strip()]
    if not blank:
        return ""
    return (
        f"{filename}, line 1: there are blanks around {', '.join(blank)}; a "
        "definition has to say them, too"
    )


def note_damaged(codes: Iterable[str], label: str) -> None:
    """Note the codes of published files that are none, file by file; they match
    nothing.
    """
    reading = current()
    by_file: dict[str, list[str]] = {}
    for code in codes:
        by_file.setdefault(reading.codes[code], []).append(code)
    for file, damaged in by_file.items():
        some = ", ".join(map(repr, damaged[:MOST_NAMED]))
        more = (
            f" and {len(damaged) - MOST_NAMED} more"
            if len(damaged) > MOST_NAMED
            else ""
        )
        reading.note(
            f"{file}: {some}{more} are no {label} codes, so nothing is found by "
            "them; report it to its makers"
        )


def note_wrong_digits(codes: Iterable[str], label: str) -> None:
    """Note codes whose last digit is not the one that the others ask for: one digit is
    mistyped.

    Of a code of a file, the file and the line are said; of one that an author writes,
    it is the author's line.
    """
    reading = current()
    by_file: dict[str, list[str]] = {}
    for code in codes:
        if code.isascii() and code.isdigit() and not has_check_digit(code):
            by_file.setdefault(reading.codes.get(code, ""), []).append(code)
    for file, wrong in by_file.items():
        first = min(wrong, key=lambda code: (reading.lines.get(code, 0), code))
        where = (
            f"{file}, line {reading.lines[first]}: " if first in reading.lines else ""
        )
        others = _and_others(len(wrong) - 1)
        reading.note(
            f"{where}the last digit of {first!r} is not its check digit{others}, so "
            f"it is no {label} code and hardly in any record; a digit is mistyped, "
            "so look the code up again"
        )
