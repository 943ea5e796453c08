"""What a codelist file can have wrong with it, found in the file alone."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.language.codelists import is_spreadsheets
from extractors.language.doubts import ListRow, twice
from extractors.model.types import (
    WITH_CHECK_DIGIT,
    WITHOUT_DOT,
    BNFCode,
    Code,
    CTV3Code,
    ICD10Code,
    OPCS4Code,
    SNOMEDCTCode,
)
from extractors.model.verhoeff import has_check_digit, with_check_digit
from measures.codelists.finding import Finding

# What a column of codes is called, and of categories.
CODES = re.compile(
    r"(.*_)?(code|codes|id|ctv3id|ctv3code|snomedcode|icd|icd10|icd10code|dmd|dmd_id|opcs4?)",
    re.I,
)
CATEGORIES = re.compile(r".*(categor|group|type|class).*", re.I)
# The systems that a code is taken for, the most particular first.
SYSTEMS: tuple[type[Code], ...] = (
    SNOMEDCTCode,
    BNFCode,
    ICD10Code,
    OPCS4Code,
    CTV3Code,
)
MOST = 0.6  # of a column's codes have the form of its system
DATES = re.compile(
    r"[0-9]{1,2}[-/ ][A-Z][a-z]{2}|[A-Z][a-z]{2}[-/ ][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}"
)
FEWEST_OF_FAMILY = 3  # codes, before a gap among them is more than chance


@dataclass(frozen=True)
class Sheet:
    """The column of codes of a file."""

    # its path
    file: str
    # its name
    column: str
    # of the codes
    system: type[Code]
    # in the order of the file
    rows: tuple[ListRow, ...]


def lint(file: Path, called: str = "") -> list[Finding]:
    """All that is odd in a codelist file; nothing in a file without a column of
    codes.
    """
    name = called or file.name
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return [
            Finding(
                "not text",
                name,
                0,
                "it is not a text file in UTF-8; save it again as CSV UTF-8",
                True,
            )
        ]
    sheet = read_sheet(text, name)
    if sheet is None:
        return []
    found = [*_damaged(sheet), *_strangers(sheet), *_wrong_digits(sheet)]
    found += [
        Finding("twice", name, 0, said.removeprefix(f"{name}: "))
        for said in twice(sheet.rows, name)
    ]
    return [*found, *_gaps(sheet)]


def read_sheet(text: str, name: str) -> Sheet | None:
    """None where no column looks like one of codes."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in next(reader, [])]
    rows = [
        (reader.line_num, [cell.strip() for cell in row])
        for row in reader
        if any(map(str.strip, row))
    ]
    category = next(
        (place for place, cell in enumerate(header) if CATEGORIES.fullmatch(cell)), None
    )
    for place, cell in enumerate(header):
        codes = [row[place] for _, row in rows if place < len(row) and row[place]]
        system = system_of(codes) if CODES.fullmatch(cell) else None
        if system is not None:
            wanted = [place] if category in (None, place) else [place, category]
            kept = [
                ListRow(
                    line, tuple(row[p] for p in wanted if p is not None), tuple(row)
                )
                for line, row in rows
                if len(row) >= len(header) and row[place]
            ]
            return Sheet(name, cell, system, tuple(kept))
    return None


def system_of(codes: Sequence[str]) -> type[Code] | None:
    """The coding system of most of some codes; None where there is none."""
    if not codes:
        return None
    best = max(SYSTEMS, key=lambda system: sum(_fits(code, system) for code in codes))
    return (
        best if sum(_fits(code, best) for code in codes) >= MOST * len(codes) else None
    )


def _fits(code: str, system: type[Code]) -> bool:
    plain = code.replace(".", "") if system in WITHOUT_DOT else code
    return bool(system.pattern.fullmatch(plain))


def _damaged(sheet: Sheet) -> Iterator[Finding]:
    for row in sheet.rows:
        code = row.cells[0]
        if is_spreadsheets(code) or DATES.fullmatch(code):
            said = (
                f"{code!r} is what a spreadsheet made of a code; download the list "
                "again and open it in no spreadsheet"
            )
            yield Finding("spreadsheet", sheet.file, row.line, said, True)


def _strangers(sheet: Sheet) -> Iterator[Finding]:
    for row in sheet.rows:
        code = row.cells[0]
        if _fits(code, sheet.system) or is_spreadsheets(code) or DATES.fullmatch(code):
            continue
        other = system_of([code])
        hint = f" of {other.label}" if other else " of no system that is known"
        said = (
            f"{code!r} is a code{hint}, among codes of {sheet.system.label}; look it "
            "up, or put it in a list of its own"
        )
        yield Finding("other system", sheet.file, row.line, said)


def _wrong_digits(sheet: Sheet) -> Iterator[Finding]:
    if sheet.system not in WITH_CHECK_DIGIT:
        return
    for row in sheet.rows:
        code = row.cells[0]
        if (
            _fits(code, sheet.system)
            and not is_spreadsheets(code)
            and not has_check_digit(code)
        ):
            right = with_check_digit(code)
            said = (
                f"the last digit of {code!r} is not its check digit ({right[-1]} "
                "would be), so it is no code; a digit is mistyped, so look the code "
                "up again"
            )
            yield Finding("check digit", sheet.file, row.line, said)


def _gaps(sheet: Sheet) -> Iterator[Finding]:
    """Codes of one family of which some between others are left out: I21.0, I21.1,
    I21.3.
    """
    if sheet.system not in (ICD10Code, OPCS4Code):
        return
    codes = {row.cells[0].replace(".", ""): row.line for row in reversed(sheet.rows)}
    families: dict[str, list[str]] = {}
    for code in codes:
        if len(code) == 4 and code[3].isdigit():
            families.setdefault(code[:3], []).append(code)
    for family, members in sorted(families.items()):
        last = sorted(int(code[3]) for code in members)
        gone = [digit for digit in range(last[0], last[-1]) if digit not in last]
        if family not in codes and gone and len(members) >= FEWEST_OF_FAMILY:
            left = ", ".join(f"{family}.{digit}" for digit in gone)
            said = (
                f"{family} has {len(members)} codes here, and not {left}; are they "
                "left out on purpose?"
            )
            yield Finding("family", sheet.file, codes[f"{family}{last[0]}"], said)
