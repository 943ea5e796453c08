"""The rows of several releases by release and interval, without what was merely shown again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from measures.disclosure.audit.reading.names import Slot
from measures.disclosure.audit.reading.rows import Interval, Row

Key = tuple


def slots_of(releases: Sequence[Sequence[Row]], *, appends: bool) -> dict[Slot, list[Row]]:
    """`appends`: where a released interval stays as it is, equal numbers tell nothing new, and what comes
    beside them counts the same people; else every release is a count of its own.
    """
    found: dict[Slot, list[Row]] = defaultdict(list)
    for number, rows in enumerate(releases):
        for interval, here in _by_interval(rows).items():
            same = _same_release(found, number, interval, here) if appends else number
            shown = set(found[Slot(same, interval)])
            found[Slot(same, interval)] += [row for row in here if row not in shown]
    return dict(found)


def _by_interval(rows: Iterable[Row]) -> dict[Interval, list[Row]]:
    found: dict[Interval, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.interval].append(row)
    return found


def _same_release(found: dict[Slot, list[Row]], number: int, interval: Interval, rows: Sequence[Row]) -> int:
    """The last earlier release of the interval if nothing of it has changed, else this one."""
    earlier = [slot for slot in found if slot.interval == interval]
    if not earlier:
        return number
    before = {_key(row): row for row in found[max(earlier)]}
    unchanged = all(before.get(_key(row), row) == row for row in rows)
    return max(earlier).release if unchanged else number


def _key(row: Row) -> Key:
    return row.measure, row.grouping, row.groups
