"""The page of all studies and all their periods: one HTML that asks for nothing
else.
"""

import base64
import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from flows.serving.grid.metrics import seconds_of
from flows.serving.grid.overview import Overview
from flows.serving.runs import Seen
from flows.state.grid import TO_COME, Cell, StudyRow, by_length, changes
from flows.state.periods import DONE, FAILED, MISSING

IN_HAND = "at work"
# state -> its class in the page's style, and its mark
LOOKS = {
    DONE: ("done", "■"),
    FAILED: ("failed", "✗"),
    MISSING: ("missing", "·"),
    IN_HAND: ("work", "▶"),
    TO_COME: ("come", " "),
}
HEADS = (
    "periods",
    "last run (UTC)",
    "last seven days",
    "release",
    "next run (UTC)",
    "disk",
)
WEEK = datetime.timedelta(days=7)
MOST_WAITING = 20  # names in the queue
MOST_FAILED = 10  # periods that are listed with their reasons


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


STYLE, SCRIPT = _asset("page.css"), _asset("page.js")


def _hash(text: str) -> str:
    """As a Content-Security-Policy names a script or a style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src {_hash(SCRIPT)}",
        f"style-src {_hash(STYLE)}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def page(seen: Overview) -> str:
    """All of it as HTML."""
    cells = _Cells(seen)
    lines = [*_now(seen), *_studies(seen)]
    for row in seen.rows:
        lines.append(_study(seen, row))
    body = "\n".join(lines)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cohortflow</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>cohortflow</h1>
<p>As of {_time(seen.at.isoformat())} UTC. Runs one by one are on <a href="/">Prefect's pages</a>.</p>
</header>
<main>
{body}
</main>
<script type="application/json" id="cells">{cells.as_json()}</script>
<script>{SCRIPT}</script>
</body>
</html>
"""


class _Cells:
    """What the page's script shows of a cell; every reason is there once."""

    def __init__(self, seen: Overview):
        self._seen = seen
        self._reasons = {"": 0}
        self._studies: dict[str, list[Any]] = {}
        for row in seen.rows:
            in_hand = seen.in_hand(row.study)
            self._studies[row.study] = [
                self._cell(cell, state_of(cell, in_hand)) for cell in row.cells
            ]

    def _cell(self, cell: Cell, state: str) -> list[Any]:
        past = [
            [each.begun, each.state, each.seconds, self._number(each.reason)]
            for each in cell.past
        ]
        return [
            cell.period,
            state,
            cell.attempts,
            cell.seconds,
            self._number(cell.reason),
            past,
        ]

    def _number(self, reason: str) -> int:
        return self._reasons.setdefault(reason, len(self._reasons))

    def as_json(self) -> str:
        """In an element of HTML: nothing in it ends that, or begins a comment."""
        cells = {"reasons": list(self._reasons), "studies": self._studies}
        return json.dumps(cells, separators=(",", ":")).replace("<", "\\u003c")


def state_of(cell: Cell, in_hand: frozenset[str]) -> str:
    """The state of a period, also of one that is being made."""
    return IN_HAND if cell.period in in_hand and cell.state != DONE else cell.state


# What is so now -----------------------------------------------------------------------


def _now(seen: Overview) -> Iterator[str]:
    yield "<h2>Now</h2>"
    runs = seen.runs
    if runs is None:
        yield (
            '<p class="bad">Prefect\'s server does not answer: what runs, and what '
            "comes next, is not known.</p>"
        )
    else:
        at_work = [f"{escape(run.title)} ({escape(run.name)})" for run in runs.at_work]
        yield f"<p>At work: {', '.join(at_work) or 'no run'}.</p>"
        yield f"<p>Waiting: {_queue(runs.waiting)}.</p>"
        after = [f"{escape(run.title)}, {_time(run.due)} UTC" for run in runs.next[:1]]
        yield f"<p>Next: {after[0] if after else 'no run is planned'}.</p>"
    held = sum(seen.disk.held.values())
    free = f"{size(seen.disk.free)} free of {size(seen.disk.size)}"
    yield f"<p>Disk: {free}; the studies take {size(held)}.</p>"
    marks = []
    for state, (name, mark) in LOOKS.items():
        marks.append(f'<span class="c {name}" aria-hidden="true">{mark}</span> {state}')
    how = "Choose a period for its history; arrow keys move."
    yield f'<p class="legend">{"&ensp;".join(marks)}. {how}</p>'


def _queue(waiting: Sequence[Seen]) -> str:
    named = [
        f"{escape(run.title)}, since {_time(run.due)} UTC"
        for run in waiting[:MOST_WAITING]
    ]
    more = len(waiting) - MOST_WAITING
    return "; ".join([*named, *([f"and {more} more"] if more > 0 else [])]) or "no run"


def _studies(seen: Overview) -> Iterator[str]:
    yield "<h2>Studies</h2>"
    if not seen.rows:
        yield "<p>No study was run in this workspace.</p>"
        return
    cells = "".join(f'<th scope="col">{head}</th>' for head in ("study", *HEADS))
    yield (
        '<div class="wide"><table '
        f'class="studies"><thead><tr>{cells}</tr></thead><tbody>'
    )
    for row in seen.rows:
        yield _line(seen, row)
    yield "</tbody></table></div>"


def _line(seen: Overview, row: StudyRow) -> str:
    unmade = not row.cells and seen.trouble(row)
    bad = ' class="bad"' if row.counts.get(FAILED) or row.trouble or unmade else ""
    after = seen.next_run(row.study)
    changed = changes(row, seen.at - WEEK)
    said = (
        f"<span{bad}>{escape(row.trouble or row.summary)}</span>",
        _last(seen, row),
        escape(changed.words() if changed else "no run"),
        _release(row),
        _time(after.due) if after else "none",
        size(seen.disk.held.get(row.study, 0)),
    )
    cells = [
        f'<th scope="row"><a href="#{_id(row.study)}">{escape(row.study)}</a></th>'
    ]
    for head, words in zip(HEADS, said, strict=True):
        cells.append(f'<td data-head="{head}">{words}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _last(seen: Overview, row: StudyRow) -> str:
    if run := seen.unnoted(row):
        when = _time(run.begun or run.ended)
        return f'<span class="bad">{when}, {escape(run.state)}</span>'
    last = row.runs[-1] if row.runs else None
    if last is None:
        return "never"
    took = ""
    if last.ended:
        took = f", {seconds_of(last):.0f} s"
    return f"{_time(last.begun)}, {escape(last.state)}{took}"


def _release(row: StudyRow) -> str:
    return (
        f"{row.release.number}, {escape(row.release.state)}"
        if row.release.number
        else "none"
    )


# A study ------------------------------------------------------------------------------


def _study(seen: Overview, row: StudyRow) -> str:
    in_hand = seen.in_hand(row.study)
    parts = [
        f'<section data-study="{escape(row.study)}" '
        f'aria-labelledby="{_id(row.study)}">',
        f'<h2 id="{_id(row.study)}">{escape(row.study)}</h2>',
        f"<p>{escape(row.trouble or row.summary)}.</p>",
    ]
    if trouble := seen.trouble(row):
        parts.append(f'<p class="bad">The last run ended badly: {escape(trouble)}</p>')
    parts += [
        *_grids(row, in_hand),
        '<div class="detail" aria-live="polite"></div>',
        *_failed(row),
    ]
    return "\n".join([*parts, "</section>"])


def _grids(row: StudyRow, in_hand: frozenset[str]) -> Iterator[str]:
    """The periods of each length by themselves, a line for each year."""
    numbers = {cell.period: number for number, cell in enumerate(row.cells)}
    first = True
    for length, years in by_length(row.cells).items():
        yield f"<h3>{length}</h3>"
        for year, cells in years.items():
            buttons = []
            for cell in cells:
                buttons.append(
                    _button(
                        numbers[cell.period], cell, state_of(cell, in_hand), first=first
                    )
                )
                first = False
            yield (
                f'<div class="year"><span>{escape(year)}</span>'
                f'<div class="cells" role="group" aria-label="{escape(f"{length} of {year}")}">'
                f"{''.join(buttons)}</div></div>"
            )


def _button(number: int, cell: Cell, state: str, *, first: bool) -> str:
    """One period. Of all of a study the Tab key finds one; the arrows lead to the
    others.
    """
    name, mark = LOOKS[state]
    said = escape(f"{cell.period}: {state}")
    return (
        f'<button type="button" class="c {name}" data-cell="{number}" '
        f'tabindex="{0 if first else -1}" aria-pressed="false" aria-label="{said}" '
        f'title="{said}">{mark}</button>'
    )


def _failed(row: StudyRow) -> Iterator[str]:
    """The failed periods with their reasons, also for those who read without a
    script.
    """
    failed = [cell for cell in row.cells if cell.state == FAILED]
    if not failed:
        return
    lines = []
    for cell in failed[:MOST_FAILED]:
        tries = "1 attempt" if cell.attempts == 1 else f"{cell.attempts} attempts"
        lines.append(f"<li>{escape(cell.period)}, {tries}: {escape(cell.reason)}</li>")
    more = len(failed) - MOST_FAILED
    lines += [f"<li>and {more} more</li>"] if more > 0 else []
    yield f"<h3>Failed</h3><ul>{''.join(lines)}</ul>"
    yield (
        f"<p>Run them again: <code>cohortflow rerun {escape(row.study)} "
        "--failed</code></p>"
    )


def _id(study: str) -> str:
    letters = []
    for letter in study:
        letters.append(letter if letter.isalnum() else f"-{ord(letter):x}-")
    return f"study-{''.join(letters)}"


def _time(text: str) -> str:
    """A time in UTC for people."""
    return escape(text[:16].replace("T", " "))


def size(number: int) -> str:
    """As `1.2 GB`."""
    shown, units = float(number), ["B", "kB", "MB", "GB"]
    for unit in units:
        if shown < 1000:
            return f"{shown:.0f} {unit}" if unit == "B" else f"{shown:.1f} {unit}"
        shown /= 1000
    return f"{shown:.1f} TB"
