"""Codelists: clinical codes that mean one thing, read from CSV files.

A codelist is a plain list of strings, or a dict from code to category. Codes are
checked against a coding system only when they meet a column; what a spreadsheet does to
codes is caught here. Every file that is read is noted in the `Reading`, because results
depend on its contents.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import overload

from extractors.errors import CodelistError
from extractors.language.concept_ids import refuse_ids
from extractors.language.doubts import (
    ListRow,
    blank_header,
    note_wrong_digits,
    twice,
    without_codes,
)
from extractors.language.reading import CodelistFile, current
from extractors.model.nearest import nearest
from extractors.model.types import SYSTEMS, WITH_CHECK_DIGIT, WITHOUT_DOT, Code
from extractors.model.verhoeff import has_check_digit

# with the plus: 9E103 is a code, 9E+103 is none
EXPONENT = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+")
TRAILING = re.compile(r"[0-9]{6,}\.0+")
# spreadsheets keep fifteen digits of a number
ROUNDED = re.compile(r"[1-9][0-9]{14}0{1,3}")
# What else programs put between the cells of a row.
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
QUOTES = "put quotes around cells with commas, or download the codelist again"


@overload
def codelist_from_csv(
    filename: str | Path,
    *,
    column: str,
    category_column: None = None,
    system: str = "",
) -> list[str]: ...
@overload
def codelist_from_csv(
    filename: str | Path, *, column: str, category_column: str, system: str = ""
) -> dict[str, str]: ...
def codelist_from_csv(
    filename: str | Path,
    *,
    column: str,
    category_column: str | None = None,
    system: str = "",
) -> list[str] | dict[str, str]:
    """The codes of a column, in file order and each once, or code -> category.

    Cells without text are no codes.

        asthma = codelist_from_csv("codelists/asthma.csv", column="code")

    `system`: the coding system that the codes are of (`loinc`, `rxnorm`, `icd10`, …;
    beyond ehrQL). They are then compared with columns of this system alone, and codes
    of ICD-10, ICD-10-CM and OPCS-4 may be written with their dot.

    Raises CodelistError if the file or a column is missing, or if the file is damaged
    or has a code that is none of the system.
    """
    of = _system(system) if system else None
    text, data = _found(filename)
    lines: dict[str, int] = {}
    codes = _codes(text, column, category_column, str(filename), lines)
    name = _note(
        filename,
        data,
        len(codes),
        (column, category_column) if category_column else (column,),
    )
    _remember(codes, name, lines)
    return _of_system(codes, of, name) if of else codes


def read_codelist(
    filename: str | Path, columns: Sequence[str]
) -> list[tuple[str, ...]]:
    """The cells of some columns, of every row that has a code in the first of them, as
    they are in the file.

    For lists that were read elsewhere as they are: a row that has too many or too few
    cells, and a code that a spreadsheet turned into a number, are kept. Raises
    CodelistError if the file or a column is missing.
    """
    text, data = _found(filename)
    rows = [
        row.cells
        for row in _rows(text, list(columns), str(filename), lenient=True)
        if row.cells[0]
    ]
    if damaged := next((cells[0] for cells in rows if is_spreadsheets(cells[0])), ""):
        current().note(
            f"{filename}, column {columns[0]!r}: {_damage(damaged)}, so nothing is "
            "found by it"
        )
    _note(filename, data, len({cells[0] for cells in rows}), tuple(columns))
    return rows


def _found(filename: str | Path) -> tuple[str, bytes]:
    """The text of a codelist, and its bytes."""
    data = find_codelist(Path(filename), current().folders or [Path.cwd()]).read_bytes()
    return _text(data, str(filename)), data


def _note(
    filename: str | Path, data: bytes, codes: int, columns: tuple[str, ...]
) -> str:
    """Remember a file that was read; its name."""
    file = CodelistFile(
        name=Path(filename).as_posix(),
        sha256=hashlib.sha256(data).hexdigest(),
        codes=codes,
        columns=columns,
    )
    current().note_codelist(file)
    current().note_defined(f"codelist {file.name}")
    if doubt := without_codes(file):
        current().note(doubt)
    return file.name


def _system(name: str) -> type[Code]:
    if name not in SYSTEMS:
        close = nearest(str(name), SYSTEMS)
        hint = (
            f"did you mean {close!r}?"
            if close
            else f"the systems are {', '.join(SYSTEMS)}"
        )
        raise CodelistError(f"there is no coding system {name!r}; {hint}")
    return SYSTEMS[name]


def _of_system(
    codes: list[str] | dict[str, str], of: type[Code], filename: str
) -> list[str] | dict[str, str]:
    """The same as codes of a system, which no column of another one takes."""
    try:
        if of in WITH_CHECK_DIGIT and not refuse_ids(list(codes), of):
            note_wrong_digits(codes, of.label)
    except ValueError as error:
        raise CodelistError(f"{filename}: {error}") from None
    try:
        made = {
            code: of(code.replace(".", "") if of in WITHOUT_DOT else code)
            for code in codes
        }
    except ValueError as error:
        raise CodelistError(
            f"{filename}: {error}; {of.label} codes look different"
        ) from None
    if isinstance(codes, dict):
        return {made[code]: category for code, category in codes.items()}
    return list(dict.fromkeys(made.values()))


@overload
def codelist_from_csv_lines(
    lines: Iterable[str],
    *,
    column: str,
    category_column: None = None,
    filename: str = "the codelist",
) -> list[str]: ...
@overload
def codelist_from_csv_lines(
    lines: Iterable[str],
    *,
    column: str,
    category_column: str,
    filename: str = "the codelist",
) -> dict[str, str]: ...
def codelist_from_csv_lines(
    lines: Iterable[str],
    *,
    column: str,
    category_column: str | None = None,
    filename: str = "the codelist",
) -> list[str] | dict[str, str]:
    """As codelist_from_csv, from lines already read; they may or may not end with a
    line break.

        codelist_from_csv_lines(["code", "271649006"], column="code")

    Raises CodelistError if a column is missing, or if the lines are damaged.
    """
    text = "\n".join(line.rstrip("\r\n") for line in lines)
    places: dict[str, int] = {}
    codes = _codes(text, column, category_column, filename, places)
    _remember(codes, filename, places)
    return codes


def codes_of(data: bytes, file: CodelistFile) -> frozenset[str]:
    """The codes of a file that a definition has read, and that was not refused then,
    from its contents.
    """
    rows = _rows(_text(data, file.name), list(file.columns), file.name, lenient=True)
    return frozenset(row.cells[0] for row in rows if row.cells[0])


def _remember(codes: Iterable[str], filename: str, lines: Mapping[str, int]) -> None:
    """Where codes come from: a published one may be damaged, one that an author writes
    may not.
    """
    reading = current()
    for code in codes:
        if code not in reading.codes:
            reading.codes[code] = filename
            reading.lines[code] = lines[code]


def find_codelist(path: Path, folders: Sequence[Path]) -> Path:
    """The first file of this name in some folders; CodelistError if there is none."""
    for folder in folders:
        if _is_there(folder / path):
            return folder / path
    raise CodelistError(
        f"there is no codelist file {path}; names are looked for beside the "
        "definition and in the current folder"
    )


def _is_there(path: Path) -> bool:
    """A folder in which a definition may not look holds none of its files."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def _text(data: bytes, filename: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CodelistError(
            f"{filename} is not a text file in UTF-8; save it again as CSV UTF-8"
        ) from None


def _codes(
    text: str,
    column: str,
    category_column: str | None,
    filename: str,
    lines: dict[str, int],
) -> list[str] | dict[str, str]:
    """Fills `lines`: in which line of the file each code is first."""
    wanted = [column] if category_column is None else [column, category_column]
    rows = [row for row in _rows(text, wanted, filename) if row.cells[0]]
    for row in rows:
        _refuse_damage(row.cells[0], filename, column)
        lines.setdefault(row.cells[0], row.line)
    for doubt in twice(rows, filename):
        current().note(doubt)
    if category_column is None:
        return list(dict.fromkeys(row.cells[0] for row in rows))
    return {row.cells[0]: row.cells[1] for row in rows}


def _rows(
    text: str, wanted: list[str], filename: str, *, lenient: bool = False
) -> Iterator[ListRow]:
    """The wanted cells of every row, without spaces around them; empty lines are left
    out.

    `lenient`: cells that are not there are empty, and quotes may be anywhere.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=not lenient)
    try:
        header = next(reader, [])
        if doubt := blank_header(header, filename):
            current().note(doubt)
        places = [_place(name, header, filename) for name in wanted]
        odd: list[str] = []
        for row in reader:
            if any(map(str.strip, row)):  # rows of commas are the end of many a sheet
                whole = tuple(cell.strip() for cell in row)
                if lenient:
                    whole += ("",) * (len(header) - len(row))
                else:
                    odd += _odd_length(
                        row, header, places, f"{filename}, line {reader.line_num}"
                    )
                yield ListRow(
                    reader.line_num, tuple(whole[place] for place in places), whole
                )
        if odd:
            more = f" (and {len(odd) - 1} more)" if odd[1:] else ""
            current().note(f"{odd[0]}, and is read all the same{more}; {QUOTES}")
    except csv.Error as error:
        raise CodelistError(
            f"{filename}, line {reader.line_num} is not CSV ({error}); download the "
            "codelist again"
        ) from None


def _place(name: str, header: list[str], filename: str) -> int:
    if header.count(name) == 1:
        return header.index(name)
    if name in header:
        raise CodelistError(
            f"{filename} has {header.count(name)} columns {name!r}; give each a name "
            "of its own"
        )
    signs = [sign for sign in SEPARATORS if len(header) == 1 and sign in header[0]]
    if signs:
        raise CodelistError(
            f"{filename} has one column, {header[0]!r}, as {SEPARATORS[signs[0]]} "
            "are between its cells; save it with commas"
        )
    if header and not any(re.search("[^0-9.]", cell) for cell in header if cell):
        raise CodelistError(
            f"{filename} begins with codes; its first line must name the columns, "
            f"such as {name!r}"
        )
    close = nearest(str(name), header)
    hint = (
        f"did you mean {close!r}?"
        if close
        else f"its columns are {', '.join(filter(None, header)) or 'none'}"
    )
    raise CodelistError(f"{filename} has no column {name!r}; {hint}")


def _odd_length(
    row: list[str], header: list[str], places: list[int], where: str
) -> list[str]:
    """What is odd about the length of a row, if anything; CodelistError where wanted
    cells may have moved.

    A comma without quotes moves all cells behind it, and the first cell has nothing
    before it.
    """
    beyond = any(map(str.strip, row[len(header) :]))
    if not beyond and len(row) >= len(header):
        return []
    wrong = f"{where} has {len(row)} cells where the header has {len(header)}"
    moved = beyond and any(places)
    if moved or max(places) >= len(row):
        raise CodelistError(f"{wrong}; {QUOTES}")
    return [wrong]


def is_spreadsheets(code: str) -> bool:
    """Whether a spreadsheet turned a code into a number."""
    rounded = ROUNDED.fullmatch(code) and not has_check_digit(code)
    return bool(rounded or EXPONENT.fullmatch(code) or TRAILING.fullmatch(code))


def _refuse_damage(code: str, filename: str, column: str) -> None:
    if is_spreadsheets(code):
        raise CodelistError(
            f"{filename}, column {column!r}: {_damage(code)}; "
            "download the codelist again and do not open it in a spreadsheet"
        )


def _damage(code: str) -> str:
    return f"{code!r} is a code that a spreadsheet turned into a number"
