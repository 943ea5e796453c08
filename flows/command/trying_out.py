"""The command `cohortflow try`: what it prints, and how it watches a study's files."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extractors.errors import CohortflowError
from extractors.notice import Notice
from flows.command.sparkline import sparkline
from flows.preparing.options import Options
from flows.trying.attempt import Attempt, attempt
from flows.trying.showing import Table as Shown
from measures.closed.process import Closed
from measures.counts.true_rows import TrueRow
from measures.study import find_study

MOST_VALUES = 12  # of a group that are shown; --json has all
MOST_MEASURES = 24  # of which groups are shown, too
SPARK = 26  # half a year of weeks
WIDE = 100  # letters; a terminal that is narrower has half of these weeks
WATCHED = (".py", ".csv", ".txt", ".json", ".yaml", ".yml", ".toml")
EVERY = 0.5  # seconds between two looks at the files


def try_once(options: Options, *, as_json: bool, early: Closed | None = None) -> None:
    """Try a definition and print what came of it. Raises what `attempt` raises."""
    found = attempt(options, early)
    if as_json:
        print(json.dumps(found.as_json(), default=str))
    else:
        show_attempt(Console(), found)


def show_attempt(console: Console, found: Attempt) -> None:
    """What is to be shown, counts and doubts, for people."""
    for shown in found.shown:
        console.print(_shown(shown), "")
    people = (
        f"{found.patients:,} made-up people" if found.patients else "made-up people"
    )
    if found.study.kind == "dataset":
        console.print(
            f"{found.study.name} on {people}, {found.population:,} of them in the "
            "population."
        )
        console.print(_variables(found))
    else:
        console.print(
            f"{found.study.name} on {people}. The counts are true: these people "
            "are made up and need no protection."
        )
        console.print(_measures(found, narrow=console.width < WIDE))
        if len(found.study.measures) > MOST_MEASURES:
            console.print(
                "Groups are left out, as there are many measures; --json has all of "
                "them."
            )
    show_doubts(console, found.doubts)


def show_doubts(console: Console, doubts: Sequence[Notice]) -> None:
    for doubt in doubts:
        console.print(
            f"[yellow]Doubt:[/] {escape(str(doubt))}", highlight=False, soft_wrap=True
        )
    if not doubts:
        console.print("There are no doubts about it.")


def _measures(found: Attempt, *, narrow: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("measure", overflow="fold")
    for title in ("over time", "ratio", "numerator", "denominator"):
        table.add_column(title, no_wrap=True)
    few = len(found.study.measures) <= MOST_MEASURES
    for name, rows in groupby(found.rows, key=lambda row: row.measure):
        by_group = _by_group(rows)
        if not few and len(by_group) > 1:
            continue
        if () not in by_group:
            table.add_row(escape(name))
        for group, line in list(by_group.items())[:MOST_VALUES]:
            label = f"  {_label(group)}" if group else name
            table.add_row(escape(label), *_line(line, narrow))
        if len(by_group) > MOST_VALUES:
            table.add_row(
                f"  … and {len(by_group) - MOST_VALUES} more groups; --json has all"
            )
    return table


def _shown(shown: Shown) -> Table:
    table = Table(
        title=escape(shown.label) or None,
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for name in shown.columns:
        table.add_column(escape(name), overflow="fold")
    for row in shown.rows:
        table.add_row(
            *("(missing)" if value is None else escape(str(value)) for value in row)
        )
    if shown.all_rows > len(shown.rows):
        table.caption = f"{len(shown.rows)} of {shown.all_rows:,} rows"
    return table


def _by_group(rows: Iterable[TrueRow]) -> dict[tuple, list[TrueRow]]:
    found: dict[tuple, list[TrueRow]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return found


def _label(group: Sequence[object]) -> str:
    return ", ".join("(missing)" if value is None else str(value) for value in group)


def _line(rows: Sequence[TrueRow], narrow: bool) -> list[str]:
    """Of one group in all periods: its shape, and the least and the largest of each
    number.
    """
    ratios = [row.ratio for row in rows]
    known = [ratio for ratio in ratios if ratio is not None]
    line = ""
    if len(rows) > 1:
        line = sparkline(ratios, SPARK // 2 if narrow else SPARK)
    return [
        line,
        _range(known, "{:.2g}"),
        _range([row.numerator for row in rows], "{:,}"),
        _range([row.denominator for row in rows], "{:,}"),
    ]


def _range(values: Sequence[float], form: str) -> str:
    if not values:
        return "–"
    low, high = form.format(min(values)), form.format(max(values))
    return low if low == high else f"{low} to {high}"


def _variables(found: Attempt) -> Table:
    table = Table(
        "variable", "type", "missing", "values", "from", "to", box=None, pad_edge=False
    )
    for each in found.variables:
        share = f"{each.missing / each.rows:.0%}" if each.rows else "–"
        ends = []
        for value in (each.lowest, each.highest):
            ends.append("" if value is None else escape(str(value)))
        table.add_row(
            escape(each.variable), each.type, share, f"{each.distinct:,}", *ends
        )
    return table


# Watching -----------------------------------------------------------------------------


def watch(
    options: Options,
    *,
    as_json: bool,
    early: Closed | None,
    tell: Callable[[CohortflowError], object],
) -> None:
    """Try a definition again whenever a file of its folder changes; `tell` says a
    mistake, which ends nothing.

    `early` reads it the first time.
    """
    readers = [early]

    def once() -> None:
        try:
            try_once(options, as_json=as_json, early=readers.pop() if readers else None)
        except CohortflowError as error:
            tell(error)

    again_and_again(find_study(options.study), once)


def again_and_again(
    study: Path, once: Callable[[], object], *, looks: int | None = None
) -> None:
    """Do it once, and again whenever a file of the study's folder changes, until
    Ctrl-C.

    `looks`: how often to look at the files; None: until stopped.
    """
    known = _files(study.parent)
    once()
    try:
        while looks is None or looks > 0:
            time.sleep(EVERY)
            found = _files(study.parent)
            if found != known:
                known = found
                once()
            looks = None if looks is None else looks - 1
    except KeyboardInterrupt:
        return


def _files(folder: Path) -> Mapping[Path, tuple[int, int]]:
    """The files that a study may be made of, with their times and sizes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in WATCHED and path.is_file():
            facts = path.stat()
            found[path] = (facts.st_mtime_ns, facts.st_size)
    return found
