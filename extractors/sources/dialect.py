"""How a text file is written: its encoding, separator, quotes and line ends.

Nothing is guessed from values. The first line says what separates and whether names are
quoted; where that leaves a doubt (quotes in a file of tabs, R's way of writing a quote
within quotes, line ends of several kinds) the whole file decides it. A file that keeps
to no one way is refused, with what is wrong with it.
"""

import codecs
import csv
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.sources.damage import other_kind
from extractors.sources.parts import packing_of

HEAD = 1 << 20  # a longer first line is no header
CHUNK = 1 << 22
DELIMITERS = ",\t;|"
# Vocabularies of OMOP have tabs and quotes that mean themselves; R and Excel quote
# beside tabs, too.
DOUBTFUL = "\t|"
MARK = '"'
LINE_END = re.compile(r"\r\n|\r|\n")
QUOTED = re.compile(r'"(?:[^"]|"")*"')
NAME = re.compile(r"\s*\w+\s*")
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)  # Excel's own first line
UTF16 = {"little": "utf-16-le", "big": "utf-16-be"}


@dataclass(frozen=True)
class Dialect:
    """How one file is written."""

    # its columns; those without a name begin with a blank
    names: tuple[str, ...]
    # between two cells: a comma, mostly
    delimiter: str
    # empty where a quote means itself
    quote: str
    # what makes a quote within quotes a character of the text
    escape: str
    # Python's name of it
    encoding: str = "utf-8"
    # whether names are in quotes
    quoted_names: bool = False
    # lines in front of the first row
    above: int = 1
    # whether DuckDB cannot read it, so that Python has to, ten times slower
    slow: bool = False


@dataclass(frozen=True)
class Marks:
    """What is in a file at all, as far as it matters to how the file is written."""

    # line ends of several kinds, perhaps within quotes
    mixed: bool
    # any, where names have none
    quotes: bool
    # a backslash in front of a quote, where names are quoted
    escapes: bool


def first_dialect(path: Path, label: str) -> Dialect:
    """What the first lines of a file say. Raises RecordsError where they name no
    columns.

    Their text is never quoted in an error: without a header it is a patient.
    """
    with opened(path) as file:
        head = file.read(HEAD)
    if kind := other_kind(head):
        raise RecordsError(
            f"{label}: it is {kind} and no text; give it the ending of what it is."
        )
    encoding = _encoding(head, label)
    first, rest = _first_line(head.decode(encoding, errors="replace"))
    delimiter, above = "", 1
    if said := SEPARATOR_LINE.fullmatch(first):
        delimiter, above = said[1], 2
        first, rest = _first_line(rest)
    _check_header(first, label)
    delimiter = delimiter or _delimiter(first)
    fields = _fields(first, delimiter, label)
    # pandas leaves its index unnamed
    names = [name or f" {number}" for number, name in enumerate(fields)]
    if _names_rows(first, rest, delimiter, len(names)):
        names.insert(0, " row")
    literal = delimiter in DOUBTFUL and MARK not in first
    return Dialect(
        names=tuple(names),
        delimiter=delimiter,
        quote="" if literal else MARK,
        escape="" if literal else MARK,
        encoding=encoding,
        quoted_names=MARK in first,
        above=above,
    )


def settle_slow(dialect: Dialect, marks: Marks) -> Dialect:
    """DuckDB reads UTF-8 alone as it is: of UTF-16 it loses rows without a word."""
    if dialect.encoding == "utf-8-sig":
        return dialect
    quoted = replace(dialect, quote=MARK, escape=MARK)  # as Excel's "Unicode text"
    return replace(quoted if marks.quotes else dialect, slow=True)


def marks_of(path: Path, *, quoted_names: bool) -> Marks:
    """Of a packed file only as far as its beginning tells: to unpack it takes as long
    as to read it.
    """
    status = path.stat()
    return _marks(path, quoted_names, status.st_size, status.st_mtime_ns)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file's content, unpacked."""
    packing = packing_of(path.name)
    if packing == "zstd":
        with pa.input_stream(str(path), compression="zstd") as stream:
            yield stream
    elif packing == "gzip":
        with gzip.open(path) as unpacked:
            yield unpacked  # type: ignore[misc]  # it reads as a file does
    else:
        with path.open("rb") as file:
            yield file


def _encoding(head: bytes, label: str) -> str:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise RecordsError(
            f"{label}: the text is UTF-32, not UTF-8; save the file as UTF-8."
        )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = [head[number : number + 1] == b"\0" for number in range(4)]
    if zeros == [False, True, False, True]:
        return UTF16["little"]
    if zeros == [True, False, True, False]:
        return UTF16["big"]
    return "utf-8-sig"


def _first_line(text: str) -> tuple[str, str]:
    first, *rest = LINE_END.split(text, maxsplit=1)
    return first, rest[0] if rest else ""


def _check_header(line: str, label: str) -> None:
    if "\ufffd" in line:
        raise RecordsError(f"{label}: the text is not UTF-8; save the file as UTF-8.")
    if not line.strip():
        raise RecordsError(
            f"{label}: it has no header; the first line must name the columns."
        )


def _delimiter(line: str) -> str:
    """What parts the first line into the most names; a comma where nothing does."""
    bare = QUOTED.sub("x", line)
    there = [each for each in DELIMITERS if each in bare]
    if there:
        return max(
            there,
            key=lambda each: len([n for n in bare.split(each) if NAME.fullmatch(n)]),
        )
    words = bare.strip().split(" ")
    return " " if len(words) > 1 and all(map(NAME.fullmatch, words)) else ","


def _fields(line: str, delimiter: str, label: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        said = "the first line must name the columns, in one line of CSV"
        raise RecordsError(f"{label}: {said}.") from None


def _names_rows(first: str, rest: str, delimiter: str, columns: int) -> bool:
    """Whether R has put the names of rows, which have no header, in front: all is
    quoted then.
    """
    if not rest.startswith(MARK) or QUOTED.sub("x", first) != delimiter.join(
        "x" * columns
    ):
        return False
    line, _ = _first_line(rest)
    try:
        row = next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return len(row) == columns + 1 and row[-1] != ""


@lru_cache(maxsize=1024)
def _marks(path: Path, quoted_names: bool, size: int, changed: int) -> Marks:
    quotes = escapes = False
    ends: set[str] = set()
    with opened(path) as file:
        last = b""
        while chunk := file.read(CHUNK):
            joined = last + chunk if last else chunk
            ends |= _ends(joined)
            # each look at all bytes costs a fiftieth of reading the rows
            if quoted_names:
                escapes = escapes or b'\\"' in joined
            else:
                quotes = quotes or b'"' in joined
            last = chunk[-1:] if chunk[-1:] in b"\r\\" else b""
            if packing_of(path.name) != "none":
                break
    return Marks(len(ends) > 1, quotes, escapes)


def _ends(chunk: bytes) -> set[str]:
    """The kinds of line ends; a CR at the very end is looked at again with what
    follows.
    """
    if b"\r" not in chunk:
        return {"LF"} if b"\n" in chunk else set()
    both = chunk.count(b"\r\n")
    returns = chunk.count(b"\r", 0, len(chunk) - 1)
    kinds = {"CRLF": both, "CR": returns - both, "LF": chunk.count(b"\n") - both}
    return {kind for kind, count in kinds.items() if count > 0}
