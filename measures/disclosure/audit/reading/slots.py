"""The rows of several releases by release and interval, without what was merely shown
again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from measures.disclosure.audit.reading.names import Slot
from measures.disclosure.audit.reading.rows import Interval, Row

Key = tuple


def slots_of(
    releases: Sequence[Sequence[Row]], *, appends: bool
) -> dict[Slot, list[Row]]:
    """`appends`: where a released interval stays as it is, equal numbers tell nothing
    new, and what comes beside them counts the same people; else every release is a
    count of its own.
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


def _same_release(
    found: dict[Slot, list[Row]], number: int, interval: Interval, rows: Sequence[Row]
) -> int:
    """The last earlier release of the interval if nothing of it has changed, else this
    one.
    """
    earlier = [slot for slot in found if slot.interval == interval]
    if not earlier:
        return number
    last = max(earlier)
    if _is_unchanged(found[last], rows):
        return last.release
    return number


def _is_unchanged(before: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether rows say nothing else than earlier ones; of a table in both, the same
    groups have numbers.

    A group that has none is as one without rows: it gets rows with the first interval
    in which it is named.
    """
    known = {_key(row): row for row in before}
    for row in rows:
        if known.get(_key(row), row) != row:
            return False
    tables_then = {_key(row)[:2] for row in before}
    tables_now = {_key(row)[:2] for row in rows}
    in_both = tables_then & tables_now
    then = {_key(row) for row in before if _has_numbers(row)}
    now = {_key(row) for row in rows if _has_numbers(row)}
    in_one_alone = then ^ now
    return all(key[:2] not in in_both for key in in_one_alone)


def _has_numbers(row: Row) -> bool:
    return row.numerator is not None or row.denominator is not None


def _key(row: Row) -> Key:
    return row.measure, row.grouping, row.groups
