"""The memory of what was released: one file per study, to which lines are only ever
added.

Every line is an entry of JSON that carries the hash of the one before, so nothing in
the middle can be changed, taken out or put in unseen; the head beside it says how many
there were, so nothing can be taken off the end. The last entry of each release is
sealed with the key, so only its holder can write another history with hashes that
fit. A release is a number of entries and a last one that commits them; what people
decide about it follows as an entry of its own, sealed likewise. What follows the last
of these was never released: a crash left it, and it is cut off.

Every entry names its format. A ledger of an older one is checked as it is, and written
anew when it is opened (`migrating.py`).
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractors.errors import DisclosureRefused
from measures.counts.columns import Part
from measures.disclosure.memory.decisions import Decision, decision_of
from measures.disclosure.memory.entries import (
    COMMIT,
    DECISION,
    FORMAT,
    MIGRATED,
    PEOPLE,
    PUT_BACK,
    SEALED_KINDS,
    START,
    Entry,
    changed,
    checked,
    committed,
    hash_of,
    parsed,
    text_of,
)
from measures.disclosure.memory.forms import (
    NAMED,
    UNSEALED,
    format_of,
    in_this_format,
    migration_entry,
    refuse_unsealed,
)
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.migrating import Migration
from measures.disclosure.memory.packing import unpacked

TableId = str


@dataclass(frozen=True, kw_only=True)
class OldTable:
    """One table of counts as it was released."""

    # cell -> released count; those of 0 are left out
    values: Mapping[str, int]
    # cell -> why it was redacted, as far as the value does not say it
    reasons: Mapping[str, str]
    # a keyed hash of the true counts
    input: str
    # of the rounding
    base: int
    # the table could not be rounded at all
    withheld: bool
    # name and numbers of the policy
    policy: str
    # number of the release that showed it first
    release: int


@dataclass(frozen=True)
class OldRows:
    """The two tables whose counts a measure showed in an interval, from a release
    on.
    """

    # the table of its numerators and that of its denominators
    tables: Mapping[Part, TableId]
    # the ids of its groups, in the order of their names; cells are written in the order
    # of the ids
    groups: tuple[str, ...]
    # number of the release that showed them first
    release: int


@dataclass(frozen=True)
class OldPeople:
    """How a set of people was shown, in whatever words and study."""

    # None: by a rule that gives the same people the same number anyway
    number: int | None
    # name and numbers of the policy
    policy: str


@dataclass
class Memory:
    """What a ledger says."""

    # the releases of each table, oldest first; several where its numbers changed
    tables: dict[TableId, list[OldTable]] = field(default_factory=dict)
    # by measure, grouping and interval ("2019-04-01..2019-04-07"), the tables that it
    # showed, oldest first
    rows: dict[tuple[str, str, str], list[OldRows]] = field(default_factory=dict)
    # an entry for each release that had anything new, oldest first
    commits: list[Entry] = field(default_factory=list)
    # what people decided about the releases, oldest first
    decisions: list[Decision] = field(default_factory=list)
    # of the site's ledger: by fingerprint, how these people were shown
    people: dict[int, OldPeople] = field(default_factory=dict)
    # likewise the numbers of everybody who was counted at a time, by `TableKey.time`
    people_at: dict[str, dict[int, int | None]] = field(default_factory=dict)

    def add(self, entries: Iterable[Entry]) -> "Memory":
        """Take in entries in their order; the same memory, for chaining."""
        for entry in entries:
            if entry["kind"] == COMMIT:
                self._add_commit(entry)
            elif entry["kind"] == PEOPLE:
                self._add_people(entry)
            elif entry["kind"] == DECISION:
                self.decisions.append(decision_of(entry))
            elif entry["kind"] != MIGRATED:
                self._add_tables(entry)
        return self

    def _add_commit(self, entry: Entry) -> None:
        self.commits.append(entry)

    def _add_people(self, entry: Entry) -> None:
        for time, together in entry["times"].items():
            numbers = unpacked(together)
            self.people_at.setdefault(time, {}).update(numbers)
            for people, number in numbers.items():
                self.people.setdefault(people, OldPeople(number, entry["policy"]))

    def _add_tables(self, entry: Entry) -> None:
        for name, table in entry["tables"].items():
            old = OldTable(**table, policy=entry["policy"], release=entry["release"])
            self.tables.setdefault(name, []).append(old)
        for measure, grouping, interval, numerator, denominator, groups in entry[
            "rows"
        ]:
            tables = {Part.NUMERATOR: numerator, Part.DENOMINATOR: denominator}
            shown = OldRows(tables, tuple(groups), entry["release"])
            self.rows.setdefault((measure, grouping, interval), []).append(shown)

    @property
    def releases(self) -> int:
        return len(self.commits)

    @property
    def cells(self) -> dict[str, set[str]]:
        """By the ids of its groups, "id+id", every cell that a table had a number of,
        at whatever time.
        """
        found: dict[str, set[str]] = {}
        for name, generations in self.tables.items():
            cells = found.setdefault(name.split("|")[1], set())
            for old in generations:
                cells.update(old.values, old.reasons)
        return found

    @property
    def groups(self) -> dict[tuple[str, str], set[tuple[str, ...]]]:
        """By measure and grouping, the ids of its groups in the order of their names,
        at whatever time.
        """
        found: dict[tuple[str, str], set[tuple[str, ...]]] = {}
        for (measure, grouping, _), generations in self.rows.items():
            found.setdefault((measure, grouping), set()).update(
                old.groups for old in generations
            )
        return found


class Ledger:
    """The file of one study; `memory` of all committed entries, `note` if an unfinished
    end was cut off.

    What was sealed with another key than `key` can't be checked; that there is another
    is found when it is recalled.
    """

    def __init__(self, path: Path, key: Key):
        """Raises DisclosureRefused, naming the entry, if the file isn't as it was
        written.
        """
        self.path, self.key, self.note = path, key, ""
        migration = Migration(path, self._head)
        migration.undo_unfinished()
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        every = checked(lines, path)
        size = committed(every)
        entries = every[:size]
        found = format_of(entries, path)
        refuse_unsealed(found, key, path)
        self._check_head(entries, found)
        self._check_seals(entries, found)
        migration.forget()
        if sum(map(len, lines[:size])) < sum(map(len, lines)):
            self.note = (
                f"{len(lines) - size} unfinished entries of a crashed run were cut "
                "off the ledger"
            )
        self.size, self.hash = size, entries[-1]["hash"] if entries else START
        self._length = sum(map(len, lines[:size]))
        self.memory = Memory().add(in_this_format(entries, found))
        if found < FORMAT and self.memory.commits[-1]["key"] == key.id:
            self._migrate(entries, found, migration)

    def _migrate(
        self, entries: Sequence[Entry], found: int, migration: Migration
    ) -> None:
        """Write the whole ledger anew in the format of today, sealed with the key."""
        self.size, self.hash = 0, START
        now = [migration_entry(entries, found), *in_this_format(entries, found)]
        lines, self.hash = self._chained(now)
        self.size, self._length = len(lines), sum(map(len, lines))
        migration.carry_out(b"".join(lines), self._write_head)

    @property
    def _head(self) -> Path:
        return self.path.with_name(f"{self.path.name}.head")

    def _check_head(self, entries: Sequence[Entry], found: int) -> None:
        if not self._head.exists():
            self._check_begun(entries)
            return
        head = parsed(self._head.read_bytes() + b"\n") or {}
        expected, last = head.get("entries"), head.get("hash")
        of_another = bool(entries) and head.get("format") != (
            found if found >= NAMED else None
        )
        if (
            type(expected) is not int
            or expected < 0
            or (expected == 0 and last != START)
            or of_another
        ):
            raise DisclosureRefused(
                f"The file {self._head.name} is not as it was written. {PUT_BACK}"
            )
        if len(entries) < expected:
            raise DisclosureRefused(
                f"The ledger {self.path.name} ends after entry {len(entries)}, but "
                f"{expected} were written: entries are missing from its end. "
                f"{PUT_BACK}"
            )
        if expected and entries[expected - 1]["hash"] != last:
            raise changed(expected, self.path)

    def _check_begun(self, entries: Sequence[Entry]) -> None:
        """Without a head nothing can have been released: it is written before the first
        entry.
        """
        if entries:
            raise DisclosureRefused(
                f"The file {self._head.name} is missing, which says how many entries "
                f"the ledger {self.path.name} has: some may be missing from its end. "
                f"{PUT_BACK}"
            )

    def _check_seals(self, entries: Sequence[Entry], found: int) -> None:
        if found == UNSEALED:
            return
        for number, entry in enumerate(entries, start=1):
            if (
                entry["kind"] in SEALED_KINDS
                and entry["key"] == self.key.id
                and entry.get("seal") != self._seal(entry)
            ):
                raise changed(number, self.path)

    def _seal(self, entry: Entry) -> str:
        content = {
            name: value for name, value in entry.items() if name not in ("seal", "hash")
        }
        return self.key.digest("ledger", text_of(content).decode()).hex()

    def append(self, entries: Sequence[Entry]) -> None:
        """Add the entries of one release; either all of them are there afterwards, or
        none counts.
        """
        if not entries:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # a crash before the next head shall not look like a head that was taken
        # away
        if not self.size:
            self._write_head()
        lines, last = self._chained(entries)
        with os.fdopen(
            os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b"
        ) as file:
            file.truncate(self._length)
            file.seek(self._length)
            file.write(b"".join(lines))
            file.flush()
            os.fsync(file.fileno())
        self.size, self.hash, self._length = (
            self.size + len(lines),
            last,
            self._length + sum(map(len, lines)),
        )
        self._write_head()
        self.memory.add(entries)

    def _chained(self, entries: Sequence[Entry]) -> tuple[list[bytes], str]:
        """The lines of some new entries, and the hash of the last."""
        lines, before = [], self.hash
        for number, entry in enumerate(entries, start=self.size + 1):
            linked = {**entry, "format": FORMAT, "entry": number, "before": before}
            if entry["kind"] in SEALED_KINDS and entry["key"] == self.key.id:
                linked["seal"] = self._seal(linked)
            before = hash_of(linked)
            lines.append(text_of({**linked, "hash": before}) + b"\n")
        return lines, before

    def _write_head(self) -> None:
        beside = self._head.with_name(f"{self._head.name}.new")
        try:
            with beside.open("w", encoding="utf-8") as file:
                json.dump(
                    {"format": FORMAT, "entries": self.size, "hash": self.hash}, file
                )
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self._head)
        except OSError:  # no room for it
            beside.unlink(missing_ok=True)
            raise
