"""Numbers that stay as they were released, and releases as they once were."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from measures.counts.columns import PARTS, Part
from measures.counts.structure import people_behind
from measures.disclosure.memory.ledger import Memory, OldRows, OldTable
from measures.disclosure.memory.recall import (
    ANEW,
    DEFINITION,
    RECORDS,
    STAYS,
    Recalled,
    Shown,
)
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policy_steps import NOT_THEN, WITHHELD, Counts, Draft
from measures.disclosure.programmes import old_values
from measures.disclosure.tables.layout import cell_text

# rows, their cells as the ledger names them, their counts, the people behind them
Source = tuple[np.ndarray, np.ndarray, OldTable, OldTable | None]
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
            cells = recalled.old_at
            shown[part] += [
                (r, cells[r], recalled.frozen[key], None)
                for key, r in tables
                if key in recalled.frozen
            ]
    new = _not_then(recalled, memory)
    return _overlaid(draft, shown).each(lambda counts: counts.redact(new, NOT_THEN))


def _not_then(recalled: Recalled, memory: Memory) -> np.ndarray:
    """Rows of groups that there were not yet when the numbers of their interval were
    released.
    """
    new, known = (
        np.zeros(recalled.layout.rows, bool),
        memory.cells if recalled.kept else {},
    )
    for shown, old in recalled.kept.items():
        if old.groups != recalled.layout.ids(shown.grouping):
            then = known.get("+".join(sorted(set(old.groups))), set())
            new[recalled.rows[shown]] = [
                cell not in then for cell in _cells(recalled, shown, old)
            ]
    return new


def _kept(recalled: Recalled, memory: Memory, part: Part) -> Iterator[Source]:
    for shown, old in recalled.kept.items():
        name = old.tables[part]
        people = memory.tables.get(_behind(name))
        yield (
            recalled.rows[shown],
            _cells(recalled, shown, old),
            memory.tables[name][-1],
            people[-1] if people else None,
        )


def _cells(recalled: Recalled, shown: Shown, old: OldRows | None) -> np.ndarray:
    """The cells of some rows as those of `old` were named: their groups may have had
    other ids, in another order.
    """
    texts, now = (
        recalled.old_at[recalled.rows[shown]],
        recalled.layout.ids(shown.grouping),
    )
    if old is None or old.groups == now:
        return texts
    now_of = dict(zip(old.groups, now, strict=True))
    order = [sorted(set(now)).index(now_of[group]) for group in sorted(now_of)]
    return np.array(
        [cell_text([json.loads(text)[place] for place in order]) for text in texts],
        dtype=object,
    )


def _behind(table: str) -> str:
    count, rest = table.split("|", 1)
    return f"{people_behind(count)}|{rest}"


def _overlaid(draft: Draft, shown: Mapping[Part, Iterable[Source]]) -> Draft:
    parts = {
        part: _with_old(counts, shown[part]) for part, counts in draft.parts.items()
    }
    return replace(draft, parts=parts)


def _with_old(counts: Counts, sources: Iterable[Source]) -> Counts:
    values, people, reach = (
        counts.values.copy(),
        counts.people.copy(),
        counts.reach.copy(),
    )
    reasons = counts.reasons.astype(object)
    for rows, cells, old, behind in sources:
        values[rows] = old_values(old, cells)
        people[rows] = old_values(behind or old, cells)
        reach[rows] = old.base - 1
        reasons[rows] = [old.reasons.get(cell, "") for cell in cells]
    return replace(counts, values=values, people=people, reasons=reasons, reach=reach)


# Earlier releases ---------------------------------------------------------------------


def earlier_drafts(draft: Draft) -> Iterator[tuple[Draft, np.ndarray]]:
    """Every release whose numbers are not those of now any more: its numbers, and in
    which rows they are.

    All rows of the changed intervals are in, because an attacker sees them side by
    side. What was released is known by its tables, whatever measures showed them: else
    a new name would make the audit forget the old numbers.
    """
    recalled, memory = draft.recalled, draft.setting.memory
    if recalled is None:
        return
    found: list[tuple[Draft, np.ndarray]] = []
    touched = {
        shown
        for shown in recalled.rows
        if _generations(recalled, memory, shown, revise=draft.setting.revise) > 1
    }
    intervals = {(shown.start, shown.end) for shown in touched}
    affected = [
        shown for shown in recalled.rows if (shown.start, shown.end) in intervals
    ]
    anew = draft.setting.revise and any(shown in recalled.changed for shown in affected)
    last = (
        frozenset()
        if anew
        else _state(_stood(recalled, memory, affected, release=memory.releases))
    )
    for release in range(memory.releases, 0, -1):
        stood = _stood(recalled, memory, affected, release=release)
        state = _state(stood)
        if not state <= last:  # what a later release shows as well tells nothing more
            found.append((_overlaid(_blank(draft), stood), _rows_of(stood)))
            last = state
    yield from reversed(found)


def _stood(
    recalled: Recalled, memory: Memory, affected: Sequence[Shown], *, release: int
) -> dict[Part, list[Source]]:
    """The numbers that stood in each part of some rows after a release; none where
    nothing was released yet.
    """
    found: dict[Part, list[Source]] = {}
    for part in PARTS:
        found[part] = list(
            _as_of(recalled, memory, affected, part=part, release=release)
        )
    return found


def _state(stood: Mapping[Part, Iterable[Source]]) -> frozenset[tuple]:
    """Which generation of which table stood in which rows."""
    found = set()
    for part in PARTS:
        for rows, _, old, _ in stood[part]:
            found.add((part, int(rows[0]), old.input, old.release))
    return frozenset(found)


def _rows_of(stood: Mapping[Part, Iterable[Source]]) -> np.ndarray:
    found: list[np.ndarray] = []
    for part in PARTS:
        found += [rows for rows, *_ in stood[part]]
    return np.unique(np.concatenate(found))


def _blank(draft: Draft) -> Draft:
    """A draft that tells nothing of any count, not even that it is small."""
    return draft.each(
        lambda counts: replace(
            counts, reasons=np.full(len(counts.values), WITHHELD, dtype=object)
        )
    )


def _generations(
    recalled: Recalled, memory: Memory, shown: Shown, *, revise: bool
) -> int:
    """How many different numbers a measure has shown in an interval, this run's
    included.
    """
    numbers = []
    for part in PARTS:
        names = _names(recalled, memory, shown, part=part)
        numbers.append(sum(len(memory.tables.get(name, ())) for name in names))
    return max(numbers) + (revise and shown in recalled.changed)


def _names(recalled: Recalled, memory: Memory, shown: Shown, *, part: Part) -> set[str]:
    """The tables that these rows show, and those that a measure of this name showed
    before.
    """
    return {
        _now(recalled, shown, part),
        *(old.tables[part] for old in memory.rows.get(shown.place, ())),
    }


def _now(recalled: Recalled, shown: Shown, part: Part) -> str:
    old = recalled.kept.get(shown)
    return old.tables[part] if old else recalled.now[shown][part]


def _as_of(
    recalled: Recalled,
    memory: Memory,
    affected: Sequence[Shown],
    *,
    part: Part,
    release: int,
) -> Iterator[Source]:
    """The table of now as it stood then; before there was one, what the measure of this
    name showed instead.
    """
    for shown in affected:
        named = [
            old for old in memory.rows.get(shown.place, ()) if old.release <= release
        ][-1:]
        tables = [(_now(recalled, shown, part), recalled.kept.get(shown))]
        for name, old in tables + [(old.tables[part], old) for old in named]:
            if table := _at(memory.tables.get(name, ()), release):
                behind = _at(memory.tables.get(_behind(name), ()), release)
                yield recalled.rows[shown], _cells(recalled, shown, old), table, behind
                break


def _at(generations: Sequence[OldTable], release: int) -> OldTable | None:
    return next((old for old in reversed(generations) if old.release <= release), None)


def revisions(draft: Draft) -> pa.Table:
    """Which measures and intervals changed after they were released, and what became of
    it; no counts.

    Where records changed, all measures of an interval have the same line. Say that a
    reader knows that one person came in week 9. If only the measure "has asthma" were
    listed as changed, the reader would know that this person has asthma.
    """
    recalled, setting = draft.recalled, draft.setting
    if recalled is None:
        return REVISIONS.empty_table()
    own = {
        shown: each
        for shown in recalled.rows
        if (each := _revision(recalled, setting, shown))
    }
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
            names = {
                "measure": shown.measure,
                "group_by": shown.grouping,
                "changed": changed,
            }
            rows.append({**names, **ends, "outcome": outcome})
    return pa.Table.from_pylist(rows, schema=REVISIONS)


def _revision(
    recalled: Recalled, setting: Setting, shown: Shown
) -> tuple[str, str] | None:
    """What of these rows changed, and what became of it; None if nothing did."""
    change = recalled.changed.get(shown)
    stays = change is not None and not setting.revise
    if (
        not stays
        and _generations(recalled, setting.memory, shown, revise=setting.revise) <= 1
    ):
        return None
    before = (
        DEFINITION if len(setting.memory.rows.get(shown.place, ())) > 1 else RECORDS
    )
    return change or before, STAYS if stays else ANEW
