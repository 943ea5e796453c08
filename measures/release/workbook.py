"""A release as a workbook, as the Government's guidance on accessible spreadsheets
asks.

A cover, a list of the tables, notes, and one sheet for each measure with the shorthand
that the guidance names. It is made outside of the bundle, of the bundle's files alone.
"""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from extractors.errors import ArgumentsError
from measures.release.pasting import MADE_UP
from measures.release.reading import ReleasedRow
from measures.release.wanted import (
    CONFIDENTIAL,
    MISSING,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Released,
    group_text,
    group_title,
    in_units,
    kind_of,
    title_of,
    unit_in_words,
    why_no_interval,
    why_no_ratio,
)
from measures.release.words import Unit

MOST_ROWS = 1_000_000  # a sheet has room for a few more
# the same release gives the same bytes, whenever it is written
SAME_DAY = datetime(2000, 1, 1)
# The name of a group is a text from the records: nothing of it is run, and nothing is a link.
AS_TEXT = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
SHORTHAND = {
    CONFIDENTIAL: "withheld by disclosure control; it is not 0",
    NOT_APPLICABLE: "not applicable: a rate of no people, or the interval of a mean",
    NOT_AVAILABLE: "not available: the release is of a version without intervals",
    MISSING: "the records do not have the value",
}
NOTES = [
    (
        "counts",
        "Counts are not the true ones: disclosure control rounds them. The cover has "
        "its rules.",
    ),
    (
        "range",
        "The true rate of these very people lies between 'at least' and 'at most' "
        "for certain.",
    ),
    (
        "interval",
        "The 95 % interval is for the rate as one of a longer run. It allows for "
        "rounding and for chance.",
    ),
]


def write_workbook(released: Released, file: Path) -> None:
    """Write all measures of a release to a file that ends in .xlsx.

    Raises ArgumentsError where `gptables` is not installed, where a measure has more
    rows than a sheet, and for a place that cannot be written.
    """
    gptables = _gptables()
    sheets = {}
    for number, measure in enumerate(released.measures, start=1):
        sheets[f"Table {number}"] = _sheet(gptables, released, measure, number)
    book = gptables.produce_workbook(
        str(file),
        sheets,
        cover=_cover(gptables, released),
        contentsheet_label="Contents",
        notes_table=_notes(),
        workbook_options=dict(AS_TEXT),
    )
    failures = import_module("xlsxwriter.exceptions")
    book.set_properties({"created": SAME_DAY})
    try:
        book.close()
    except (OSError, failures.XlsxFileError) as error:
        raise ArgumentsError(
            f"{file.name} cannot be written ({error}); name another place by --to"
            f": {file}"
        ) from None


def _gptables() -> ModuleType:
    try:
        return import_module("gptables")
    except ImportError:
        raise ArgumentsError(
            "Workbooks need the package gptables, which is an extra: pip install "
            "'cohortflow[tables]'. Without it, --format html, latex or markdown "
            "writes one measure."
        ) from None


def _cover(gptables: ModuleType, released: Released) -> Any:
    banner = [MADE_UP] if released.made_up else []
    about = ["What disclosure control did:", *map(_plain, released.rules), "Shorthand:"]
    about += [f"{mark}: {meaning}" for mark, meaning in SHORTHAND.items()]
    intro = [
        *banner,
        "Each measure has a sheet of its own; the sheet Contents lists them.",
    ]
    return gptables.Cover(
        title=f"Released numbers of {_plain(released.words.title or released.study)}",
        intro=intro,
        about=about,
    )


def _notes() -> Any:
    pandas = import_module("pandas")
    return pandas.DataFrame(NOTES, columns=["Note reference", "Note text"])


def _sheet(gptables: ModuleType, released: Released, measure: str, number: int) -> Any:
    pandas = import_module("pandas")
    rows = released.of(measure)
    if len(rows) > MOST_ROWS:
        raise ArgumentsError(
            f"{measure} has {len(rows):,} rows, which is more than a sheet has; read "
            "measures.parquet."
        )
    unit = unit_in_words(released, measure)
    names = [_plain(group_title(released, name)) for name in rows[0].group_by]
    heads = ["from", "to", *names, "numerator", "denominator", *_ratio_heads(unit)]
    has_intervals = any(row.ci_low is not None for row in rows)
    cells = [_cells(released, row, unit, has_intervals=has_intervals) for row in rows]
    by = f" by {', '.join(names)}" if names else ""
    return gptables.GPTable(
        table=pandas.DataFrame(cells, columns=heads),
        table_name=f"table_{number}",
        title=f"Table {number}: {_plain(title_of(released, measure))}{by} $$counts$$ "
        "$$range$$ $$interval$$",
        subtitles=_subtitles(released, measure),
        legend=[f"{mark}: {meaning}" for mark, meaning in SHORTHAND.items()],
        index_columns={},
    )


def _subtitles(released: Released, measure: str) -> list[str]:
    """The banner of made-up records, what the author says of the measure, and its name
    in the other files.
    """
    said = released.words.of(measure).sentence
    banner = [MADE_UP] if released.made_up else []
    sentence = [_plain(said)] if said else []
    name = [] if title_of(released, measure) == measure else [f"The measure {measure}."]
    return [*banner, *sentence, *name]


def _ratio_heads(unit: Unit) -> list[str]:
    ratio = _plain(unit.words)
    return [
        ratio,
        f"{ratio}, at least",
        f"{ratio}, at most",
        "95 % interval, lower end",
        "95 % interval, upper end",
    ]


def _cells(
    released: Released, row: ReleasedRow, unit: Unit, *, has_intervals: bool
) -> Sequence[str | int | float]:
    no_ratio = why_no_ratio(row)
    no_interval = why_no_interval(
        row, kind_of(released, row.measure), has_intervals=has_intervals
    )
    ratios = (row.ratio, row.ratio_at_least, row.ratio_at_most)
    return [
        str(row.interval_start),
        str(row.interval_end),
        *(
            _plain(group_text(released, *each))
            for each in zip(row.group_by, row.group, strict=True)
        ),
        *(
            CONFIDENTIAL if count is None else count
            for count in (row.numerator, row.denominator)
        ),
        *(no_ratio if each is None else in_units(each, unit) for each in ratios),
        *(
            no_interval if each is None else in_units(each, unit)
            for each in (row.ci_low, row.ci_high)
        ),
    ]


def _plain(text: str) -> str:
    """Without the mark by which gptables knows a note, and without characters that are
    not seen.
    """
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown.replace("$$", "$ $")
