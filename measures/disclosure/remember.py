"""What a release adds to the ledger: every table that it shows for the first time, and
who showed it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from measures.counts.columns import PARTS
from measures.disclosure.bound import NO_PEOPLE
from measures.disclosure.memory.entries import COMMIT, Entry
from measures.disclosure.memory.people import people_entries
from measures.disclosure.memory.recall import Recalled
from measures.disclosure.policy_steps import WITHHELD, Draft
from measures.disclosure.tables.layout import TableKey


def everybody(recalled: Recalled) -> list[int]:
    """The fingerprints of all people whom a run counts in a table."""
    tables = [np.zeros(0, np.uint64), *recalled.layout.people.values()]
    people = np.unique(np.concatenate(tables))
    return people[people != NO_PEOPLE].tolist()


def people_of(draft: Draft, policy: str) -> list[Entry]:
    """What the site has to remember: the number of all people who are counted.

    Where each count is protected by itself, the same people have the same number by the
    rule.
    """
    recalled, setting = draft.recalled, draft.setting
    if recalled is None or setting.site is None:
        return []
    known = draft.rounded.numbers if draft.rounded else None
    numbers: dict[str, dict[int, int | None]] = {}
    for key, people in recalled.layout.people.items():
        of_time = numbers.setdefault(key.time, {})
        for each in people[people != NO_PEOPLE].tolist():
            if known is None:
                of_time[each] = None
            elif each in known:
                of_time[each] = known[each]
    return people_entries(setting.site, numbers, policy=policy, key=setting.key)


def entries_of(draft: Draft, policy: str, *, site: bool = False) -> list[Entry]:
    """The entries that remember what this release shows for the first time; none if it
    shows nothing new.

    `site`: whether the site's ledger gets entries as well.
    """
    recalled = draft.recalled
    if recalled is None:
        return []
    release = draft.setting.memory.releases + 1
    marks = {"release": release, "policy": policy, "key": draft.setting.key.id}
    times: dict[str, dict[str, Any]] = {}
    for key, table in _new_tables(draft):
        _at_time(times, key.start, key.end)["tables"][key.id] = table
    for shown, tables in recalled.now.items():
        before = draft.setting.memory.rows.get(shown.place)
        known = before is not None and before[-1].tables == tables
        if shown not in recalled.kept and not known:
            groups = list(recalled.layout.ids(shown.grouping))
            row = [*shown.place, *(tables[part] for part in PARTS), groups]
            _at_time(times, str(shown.start), str(shown.end))["rows"].append(row)
    if not times:
        return []
    entries = []
    for time, found in sorted(times.items()):
        entries.append({"kind": "tables", "interval": time, **marks, **found})
    commit = {
        "kind": COMMIT,
        **marks,
        **_summary(draft),
        **_reason(draft),
        **_site(draft, site),
    }
    return [*entries, commit]


def _reason(draft: Draft) -> dict[str, str]:
    """Why numbers are released anew, if that was said."""
    setting = draft.setting
    return {"reason": setting.reason} if setting.revise and setting.reason else {}


def _site(draft: Draft, more: bool) -> dict[str, int]:
    """How many releases the site's ledger knows of then, so that an older one of it is
    noticed.
    """
    site = draft.setting.site
    return {} if site is None else {"site": site.releases + more}


def _at_time(times: dict[str, dict[str, Any]], start: str, end: str) -> dict[str, Any]:
    return times.setdefault(f"{start}..{end}", {"tables": {}, "rows": []})


def _new_tables(draft: Draft) -> Iterator[tuple[TableKey, dict[str, Any]]]:
    """Those that nothing is known of yet, and those with new numbers."""
    recalled, rounded = draft.recalled, draft.rounded
    assert recalled is not None
    if rounded is None:
        yield from _tables_of_rows(draft, recalled)
        return
    for key in recalled.layout.tables:
        if key not in recalled.frozen:
            reasons = np.where(rounded.withheld[key], WITHHELD, "")
            of_all = {"base": rounded.bases[key], "withheld": key in rounded.absent}
            yield (
                key,
                _table(recalled, key, values=rounded.values[key], reasons=reasons)
                | of_all,
            )


def _tables_of_rows(
    draft: Draft, recalled: Recalled
) -> Iterator[tuple[TableKey, dict[str, Any]]]:
    """Where each count is protected by itself, a table is what its rows show; a
    redacted count is not kept.
    """
    layout, done = recalled.layout, set(recalled.frozen)
    for part in PARTS:
        counts = draft.parts[part]
        for key, rows in layout.tables_of(part):
            size = len(layout.cells[key.grouping])
            values, reasons = np.zeros(size, np.int64), np.full(size, "", dtype=object)
            values[layout.cell_of[rows]] = np.where(counts.redacted, 0, counts.values)[
                rows
            ]
            reasons[layout.cell_of[rows]] = counts.reasons[rows]
            if key not in done:
                done.add(key)
                yield key, _table(recalled, key, values=values, reasons=reasons)


def _table(
    recalled: Recalled, key: TableKey, *, values: np.ndarray, reasons: np.ndarray
) -> dict[str, Any]:
    cells = recalled.layout.cell_texts(key.grouping)
    return {
        "values": {cells[i]: int(values[i]) for i in np.flatnonzero(values)},
        "reasons": {cells[i]: str(reasons[i]) for i in np.flatnonzero(reasons != "")},
        "input": recalled.inputs[key],
        "base": 1,
        "withheld": False,
    }


def _summary(draft: Draft) -> dict[str, Any]:
    recalled, memory = draft.recalled, draft.setting.memory
    assert recalled is not None
    intervals = sorted({(shown.start, shown.end) for shown in recalled.rows})
    fresh = {(s.start, s.end) for s in recalled.rows if s.place not in memory.rows}
    return {
        "definition": draft.setting.definition,
        "intervals": len(intervals),
        "first": str(intervals[0][0]),
        "last": str(intervals[-1][1]),
        "new_intervals": len(fresh),
        "changed_intervals": len({(s.start, s.end) for s in recalled.changed})
        if draft.setting.revise
        else 0,
    }
