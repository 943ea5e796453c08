"""Numbers that stay as they were released, and releases as they once were."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from measures.disclosure.ledger import Memory, OldTable
from measures.disclosure.programmes import old_values
from measures.disclosure.recall import ANEW, DEFINITION, RECORDS, STAYS, Recalled, Shown
from measures.disclosure.setting import Setting
from measures.disclosure.steps import PARTS, Counts, Draft
from measures.structure import BEHIND

Source = tuple[np.ndarray, OldTable, OldTable | None]  # rows, their counts, the people behind them
REVISIONS = pa.schema(
    [(name, pa.string()) for name in ("measure", "group_by")]
    + [(name, pa.date32()) for name in ("interval_start", "interval_end")]
    + [(name, pa.string()) for name in ("changed", "outcome")]
)


def keep_old(draft: Draft) -> Draft:
    """The draft with the released numbers of everything that stays as it was."""
    recalled = draft.recalled
    if recalled is None:
        return draft
    memory = draft.setting.memory
    shown = {part: list(_kept(recalled, memory, part)) for part in PARTS}
    if recalled.ties is None:  # else they are in the programmes already
        for part in PARTS:
            tables = recalled.layout.tables_of(part)
            shown[part] += [(rows, recalled.frozen[key], None) for key, rows in tables if key in recalled.frozen]
    return _overlaid(draft, shown)


def _kept(recalled: Recalled, memory: Memory, part: str) -> Iterator[Source]:
    for shown, old in recalled.kept.items():
        name = getattr(old, part)
        people = memory.tables.get(_behind(name))
        yield recalled.rows[shown], memory.tables[name][-1], people[-1] if people else None


def _behind(table: str) -> str:
    count, rest = table.split("|", 1)
    return f"{count}{BEHIND}|{rest}"


def _overlaid(draft: Draft, shown: Mapping[str, Iterable[Source]]) -> Draft:
    assert draft.recalled is not None
    cells = draft.recalled.old_at
    numerator, denominator = (_with_old(getattr(draft, part), cells, shown[part]) for part in PARTS)
    return replace(draft, numerator=numerator, denominator=denominator)


def _with_old(counts: Counts, cells: np.ndarray, sources: Iterable[Source]) -> Counts:
    values, people, reach = counts.values.copy(), counts.people.copy(), counts.reach.copy()
    reasons = counts.reasons.astype(object)
    for rows, old, behind in sources:
        values[rows] = old_values(old, cells[rows])
        people[rows] = old_values(behind or old, cells[rows])
        reach[rows] = old.base - 1
        reasons[rows] = [old.reasons.get(cell, "") for cell in cells[rows]]
    return replace(counts, values=values, people=people, reasons=reasons, reach=reach)


# Earlier releases --------------------------------------------------------------------------------


def earlier_drafts(draft: Draft) -> Iterator[tuple[Draft, np.ndarray]]:
    """Every release whose numbers are not those of now any more: its numbers, and in which rows they are.

    All rows of the changed intervals are in, because an attacker sees them side by side.
    """
    recalled, memory = draft.recalled, draft.setting.memory
    if recalled is None:
        return
    found: list[tuple[Draft, np.ndarray]] = []
    touched = {shown for shown in recalled.rows if _generations(recalled, memory, shown, draft.setting.revise) > 1}
    intervals = {(shown.start, shown.end) for shown in touched}
    affected = [shown for shown in recalled.rows if (shown.start, shown.end) in intervals]
    anew = draft.setting.revise and any(shown in recalled.changed for shown in affected)
    last: object = None if anew else _state(recalled, memory, affected, memory.releases)
    for release in range(memory.releases, 0, -1):
        state = _state(recalled, memory, affected, release)
        if state and state != last:
            before = {part: list(_as_of(recalled, memory, affected, part, release)) for part in PARTS}
            rows = np.concatenate([rows for rows, _, _ in before["numerator"]])
            found.append((_overlaid(draft, before), np.sort(rows)))
        last = state
    yield from reversed(found)


def _state(recalled: Recalled, memory: Memory, affected: Sequence[Shown], release: int) -> list[tuple[int, int]]:
    """Which generation of numbers stood in which rows after a release."""
    parts = (_as_of(recalled, memory, affected, part, release) for part in PARTS)
    return [(int(rows[0]), old.release) for part in parts for rows, old, _ in part]


def _generations(recalled: Recalled, memory: Memory, shown: Shown, revise: bool) -> int:
    """How many different numbers a measure has shown in an interval, this run's included."""
    rows = memory.rows.get(shown.place, [])
    tables = [len(memory.tables[name]) for old in rows for name in (old.numerator, old.denominator)]
    return max([len(rows), *tables], default=0) + (revise and shown in recalled.changed)


def _as_of(recalled: Recalled, memory: Memory, affected: Sequence[Shown], part: str, release: int) -> Iterator[Source]:
    for shown in affected:
        rows = [old for old in memory.rows.get(shown.place, ()) if old.release <= release]
        if rows:
            name = getattr(rows[-1], part)
            people = memory.tables.get(_behind(name))
            yield recalled.rows[shown], _at(memory.tables[name], release), _at(people, release) if people else None


def _at(generations: Sequence[OldTable], release: int) -> OldTable:
    return [old for old in generations if old.release <= release][-1]


def revisions(draft: Draft) -> pa.Table:
    """Which measures and intervals changed after they were released, and what became of it; no counts.

    Where records changed, all measures of an interval are told alike. Which of them changed would be what the one
    person has of whom somebody knows that they came, or that they were corrected.
    """
    recalled, setting = draft.recalled, draft.setting
    if recalled is None:
        return REVISIONS.empty_table()
    own = {shown: each for shown in recalled.rows if (each := _revision(recalled, setting, shown))}
    outcomes: dict[tuple[date, date], str] = {}
    for shown, (changed, outcome) in own.items():
        if changed == RECORDS and outcomes.get((shown.start, shown.end)) != STAYS:
            outcomes[shown.start, shown.end] = outcome
    rows = []
    for shown in recalled.rows:
        changed, outcome = own.get(shown, (RECORDS, ""))
        if changed == RECORDS:
            outcome = outcomes.get((shown.start, shown.end), "")
        if outcome:
            ends = {"interval_start": shown.start, "interval_end": shown.end}
            names = {"measure": shown.measure, "group_by": shown.grouping, "changed": changed}
            rows.append({**names, **ends, "outcome": outcome})
    return pa.Table.from_pylist(rows, schema=REVISIONS)


def _revision(recalled: Recalled, setting: Setting, shown: Shown) -> tuple[str, str] | None:
    """What of these rows changed, and what became of it; None if nothing did."""
    change = recalled.changed.get(shown)
    stays = change is not None and not setting.revise
    if not stays and _generations(recalled, setting.memory, shown, setting.revise) <= 1:
        return None
    before = DEFINITION if len(setting.memory.rows.get(shown.place, ())) > 1 else RECORDS
    return change or before, STAYS if stays else ANEW
