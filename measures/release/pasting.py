"""One measure as a table to paste into a page, a paper or a message."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from extractors.errors import ArgumentsError
from measures.release.reading import ReleasedRow
from measures.release.wanted import (
    CONFIDENTIAL,
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

MADE_UP = "Made-up records: these numbers say nothing of anybody."
NOTE = (
    "[c]: withheld by disclosure control. Counts are rounded. The true rate of these "
    "people lies in the certain range; the 95 % interval is for the rate as one of a "
    "longer run."
)
LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "–": "--",
}  # fmt: skip


@dataclass(frozen=True)
class Pasted:
    """A table as text, without any form yet."""

    # what it shows
    caption: str
    # the heads of its columns
    heads: tuple[str, ...]
    # how many of the first columns are words; the others are numbers
    words: int
    # its cells
    rows: tuple[tuple[str, ...], ...]
    # what must be known to read it
    notes: tuple[str, ...]


def pasted(released: Released, measure: str, period: str = "") -> Pasted:
    """A measure over all intervals, or by its groups in one: the last, or the one that
    begins on `period`.

    Raises ArgumentsError for an interval that there is not.
    """
    rows = released.of(measure)
    names = rows[0].group_by
    start = _chosen(rows, period)
    if names or period:
        rows = tuple(row for row in rows if row.interval_start == start)
    firsts = names or ("from", "to")
    unit = unit_in_words(released, measure)
    titles = [group_title(released, name) for name in names] or firsts
    heads = (
        *titles,
        "numerator",
        "denominator",
        unit.words,
        "certain range",
        "95 % interval",
    )
    has_intervals = any(row.ci_low is not None for row in rows)
    about = _about(released, measure)
    if names:
        about += f", {start} to {rows[0].interval_end}"
    return Pasted(
        caption=about,
        heads=heads,
        words=len(firsts),
        rows=tuple(
            _cells(released, row, unit, has_intervals=has_intervals) for row in rows
        ),
        notes=(*((MADE_UP,) if released.made_up else ()), NOTE),
    )


def _about(released: Released, measure: str) -> str:
    """What the table is of: in the author's words, else by the names of measure, groups
    and study.
    """
    title = title_of(released, measure)
    groups = [group_title(released, name) for name in released.of(measure)[0].group_by]
    if title != measure and groups:
        title += f", by {' and '.join(groups)}"
    study = released.words.title or released.study
    return f"{title} of {study}" if study else title


def _chosen(rows: tuple[ReleasedRow, ...], period: str) -> date:
    starts = sorted({row.interval_start for row in rows})
    if not period:
        return starts[-1]
    found = [start for start in starts if str(start) == period[:10]]
    if not found:
        raise ArgumentsError(
            f"No interval of this measure begins on {period}; they do from "
            f"{starts[0]} to {starts[-1]}."
        )
    return found[0]


def _cells(
    released: Released, row: ReleasedRow, unit: Unit, *, has_intervals: bool
) -> tuple[str, ...]:
    firsts = []
    for each in zip(row.group_by, row.group, strict=True):
        firsts.append(group_text(released, *each))
    counts = []
    for count in (row.numerator, row.denominator):
        counts.append(CONFIDENTIAL if count is None else f"{count:,}")
    no_ratio = why_no_ratio(row)
    no_interval = why_no_interval(
        row, kind_of(released, row.measure), has_intervals=has_intervals
    )
    return (
        *(firsts or (str(row.interval_start), str(row.interval_end))),
        *counts,
        no_ratio if row.ratio is None else _number(row.ratio, unit),
        _range(row.ratio_at_least, row.ratio_at_most, unit) or no_ratio,
        _range(row.ci_low, row.ci_high, unit) or no_interval,
    )


def _number(value: float, unit: Unit) -> str:
    return f"{in_units(value, unit):,.6g}"


def _range(low: float | None, high: float | None, unit: Unit) -> str:
    if low is None or high is None:
        return ""
    return f"{_number(low, unit)} – {_number(high, unit)}"


def as_html(table: Pasted) -> str:
    """A table with a caption and the scope of every head, as screen readers ask for."""
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.heads)
    lines = [
        "<table>",
        f"<caption>{escape(table.caption)}</caption>",
        f"<thead><tr>{heads}</tr></thead>",
        "<tbody>",
    ]
    for row in table.rows:
        cells = [f'<th scope="row">{escape(cell)}</th>' for cell in row[: table.words]]
        cells += [
            f'<td style="text-align: right">{escape(cell)}</td>'
            for cell in row[table.words :]
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += [
        "</tbody>",
        "</table>",
        *(f"<p>{escape(note)}</p>" for note in table.notes),
    ]
    return "\n".join(lines) + "\n"


def as_markdown(table: Pasted) -> str:
    """A table as GitHub and Pandoc read it."""
    numbers = len(table.heads) - table.words
    marks = ["---"] * table.words + ["---:"] * numbers
    heads, *rows = (tuple(map(_in_markdown, row)) for row in (table.heads, *table.rows))
    lines = [
        f"**{_in_markdown(table.caption)}**",
        "",
        *(f"| {' | '.join(row)} |" for row in (heads, marks, *rows)),
    ]
    return "\n".join([*lines, "", *(_in_markdown(note) for note in table.notes)]) + "\n"


def _in_markdown(text: str) -> str:
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def as_latex(table: Pasted) -> str:
    """A table for the packages `booktabs` and none else."""
    numbers = len(table.heads) - table.words
    lines = [
        r"\begin{table}",
        rf"\caption{{{_in_latex(table.caption)}}}",
        rf"\begin{{tabular}}{{{'l' * table.words}{'r' * numbers}}}",
        r"\toprule",
        _line(table.heads),
        r"\midrule",
        *map(_line, table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        *(rf"\par\small {_in_latex(note)}" for note in table.notes),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    # A bracket at the beginning of a line would be an argument of the line break before
    # it.
    return " & ".join(f"{{{_in_latex(cell)}}}" for cell in cells) + r" \\"


def _in_latex(text: str) -> str:
    return "".join(LATEX.get(letter, letter) for letter in " ".join(text.split()))


FORMS: Mapping[str, Callable[[Pasted], str]] = {
    "html": as_html,
    "latex": as_latex,
    "markdown": as_markdown,
}
