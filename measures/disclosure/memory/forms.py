"""The forms that entries of a ledger had, and how one becomes the next.

| format | what is different from the one before |
|---|---|
| 1 | the first; no release is sealed |
| 2 | the last entry of a release is sealed with the key |
| 3 | a row names the ids of its groups, and tables go by these |
| 4 | every entry names its format; a migrated ledger begins with an entry that says so |
| 5 | there may be decisions of people about a release, sealed as releases are |
| 6 | the people of a release are one entry of the site's ledger, packed; not one a time |

Up to format 3 no entry names its format, so it is seen from what the entries hold.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from extractors.errors import DisclosureRefused
from measures.disclosure.memory.entries import (
    COMMIT,
    FORMAT,
    MIGRATED,
    PEOPLE,
    Entry,
    changed,
)
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.packing import packed

UNSEALED, SEALED, WITH_GROUPS, NAMED, DECIDED, PACKED = 1, 2, 3, 4, 5, 6
WITHOUT_GROUPS = 5  # the items of a row before format 3
LINKS = ("entry", "before", "hash", "seal")  # what ties an entry to its place
Step = Callable[[Sequence[Entry]], list[Entry]]


def format_of(entries: Sequence[Entry], path: Path) -> int:
    """The format of all committed entries of a ledger; DisclosureRefused if they mix
    two.
    """
    if not entries:
        return FORMAT
    first = entries[0].get("format")
    for number, entry in enumerate(entries, start=1):
        if entry.get("format") != first:
            raise changed(number, path)
    if first is None:
        return _format_before_names(entries)
    if type(first) is not int or first < NAMED:
        raise changed(1, path)
    return first


def _format_before_names(entries: Sequence[Entry]) -> int:
    rows = list(chain.from_iterable(entry.get("rows", ()) for entry in entries))
    if not rows or len(rows[0]) != WITHOUT_GROUPS:
        return WITH_GROUPS
    sealed = any("seal" in entry for entry in entries if entry["kind"] == COMMIT)
    return SEALED if sealed else UNSEALED


def refuse_unsealed(found: int, key: Key, path: Path) -> None:
    """Anybody could have written a ledger without seals, so it may not become one with
    seals.

    Made-up records have a key that everybody knows, and nothing to hide.
    """
    if found == UNSEALED and not key.public:
        raise DisclosureRefused(
            f"The ledger {path.name} has the format {found}, in which no key seals "
            f"what was released; this cohortflow writes format {FORMAT}, and cannot "
            "tell such a ledger from one that was made up. Go on with the "
            "cohortflow that wrote it, or name another place with --workspace."
        )


def in_this_format(entries: Sequence[Entry], found: int) -> list[Entry]:
    """The same history in the format of today, without what tied each entry to its
    place.
    """
    now = []
    for entry in entries:
        now.append({name: value for name, value in entry.items() if name not in LINKS})
    for number in range(found, FORMAT):
        now = STEPS[number](now)
    return now


def _as_it_is(entries: Sequence[Entry]) -> list[Entry]:
    return list(entries)


def _with_groups(entries: Sequence[Entry]) -> list[Entry]:
    """Tables went by the names of groups then, so a name is the id of its group.

    No series of today has such an id: what was released stays, as under a definition
    that has changed since.
    """
    return [_entry_with_groups(entry) for entry in entries]


def _entry_with_groups(entry: Entry) -> Entry:
    if "rows" not in entry:
        return entry
    return {**entry, "rows": [[*row, _names(row[1])] for row in entry["rows"]]}


def _names(grouping: str) -> list[str]:
    return grouping.split("+") if grouping else []


def _named(entries: Sequence[Entry]) -> list[Entry]:
    return [{**entry, "format": NAMED} for entry in entries]


def _decided(entries: Sequence[Entry]) -> list[Entry]:
    """Older ledgers have no decisions, so every release waits."""
    return [{**entry, "format": DECIDED} for entry in entries]


def _packed(entries: Sequence[Entry]) -> list[Entry]:
    """The people of one release come together, in the order in which they were."""
    found: list[Entry] = []
    for entry in entries:
        if entry["kind"] != PEOPLE:
            found.append({**entry, "format": PACKED})
            continue
        marks = {name: entry[name] for name in ("kind", "release", "policy", "key")}
        last = found[-1] if found else {}
        if any(last.get(name) != value for name, value in marks.items()):
            last = {**marks, "format": PACKED, "times": {}}
            found.append(last)
        numbers = {int(each, 16): shown for each, shown in entry["numbers"].items()}
        last["times"][entry["interval"]] = packed(numbers)
    return found


# the format from which a step leads to the next one; a new format adds its line here
STEPS: Mapping[int, Step] = {
    UNSEALED: _as_it_is,  # the seals are made when the ledger is written anew
    SEALED: _with_groups,
    WITH_GROUPS: _named,
    NAMED: _decided,
    DECIDED: _packed,
}


def migration_entry(entries: Sequence[Entry], found: int) -> Entry:
    """What a migrated ledger begins with: which one it was made of."""
    return {
        "kind": MIGRATED,
        "format": FORMAT,
        "from": found,
        "entries": len(entries),
        "last": entries[-1]["hash"],
    }
