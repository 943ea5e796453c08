"""A round: who takes part, what is counted, and which groups there are. All who take
part have the same file.

Its hash is part of every mask, so masks of two rounds have nothing in common.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from extractors.disk import read_kept
from extractors.errors import ArgumentsError, CohortflowError

FORMAT = 1
SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")  # also the name of a file

Value = str | int | float | bool | None  # of a group; a date as ISO says it
Interval = tuple[date, date]


@dataclass(frozen=True, kw_only=True)
class MaskedMeasure:
    """What all sites have to know of a measure to put its counts into one order."""

    # as the author calls it
    name: str
    # sorted names
    group_by: tuple[str, ...]
    # its intervals, as the place of a calendar of the round
    calendar: int
    # whether its numerator counts people, of whom each adds one
    numerator_people: bool
    # whether its denominator does
    denominator_people: bool
    # of amounts, the most that one person adds, in units; 0: it adds up none
    most: int


@dataclass(frozen=True, kw_only=True)
class Round:
    """What is agreed on before any count is masked."""

    # 128 random bits as hexadecimal digits: no two rounds are the same
    id: str
    # its name
    study: str
    # the hash of the definition
    definition: str
    # the hash of what else must be the same at all sites
    beside: str
    # who masks counts, sorted
    sites: tuple[str, ...]
    # who adds them up
    place: str
    # the fingerprints of all their public keys
    keys: Mapping[str, str]
    # in the order of the numbers
    measures: tuple[MaskedMeasure, ...]
    # lists of intervals; measures share them
    calendars: tuple[tuple[Interval, ...], ...]
    # the values that each group may have, in order; a missing one is the first
    values: Mapping[str, tuple[Value, ...]]
    # measures that are not counted, for only the records tell what their groups are
    # called
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        refuse_places(self.sites, self.place)

    @property
    def members(self) -> tuple[str, ...]:
        """All who have a key in it."""
        return tuple(sorted({*self.sites, self.place}))

    @property
    def digest(self) -> bytes:
        """The hash of all that is agreed."""
        text = json.dumps(
            self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True
        )
        return hashlib.sha256(b"cohortflow sites round\0" + text.encode()).digest()

    def as_json(self) -> dict[str, Any]:
        measures = [
            [
                m.name,
                list(m.group_by),
                m.calendar,
                m.numerator_people,
                m.denominator_people,
                m.most,
            ]
            for m in self.measures
        ]
        return {
            "format": FORMAT,
            "id": self.id,
            "study": self.study,
            "definition": self.definition,
            "beside": self.beside,
            "sites": list(self.sites),
            "place": self.place,
            "keys": dict(self.keys),
            "measures": measures,
            "calendars": [
                [[str(day) for day in ends] for ends in each] for each in self.calendars
            ],
            "values": {name: list(values) for name, values in self.values.items()},
            "left_out": list(self.left_out),
        }


def new_id() -> str:
    return secrets.token_hex(16)


def refuse_places(sites: Sequence[str], place: str) -> None:
    """Raises ArgumentsError where a site could subtract its own counts and be left with
    those of one other.
    """
    for name in (*sites, place):
        if not SITE.fullmatch(name):
            raise ArgumentsError(
                f"{name!r} is no name of a site; it has letters, digits, - and _, at "
                "most 40, and begins with one of the first two."
            )
    if list(sites) != sorted(set(sites)):
        raise ArgumentsError(
            "The sites of a round need names of their own, each once and in order."
        )
    if len(sites) < 2:
        raise ArgumentsError(
            "Masks need two sites at least: the sum of one site is that site's counts."
        )
    if len(sites) == 2 and place in sites:
        raise ArgumentsError(
            f"With two sites, {place} would subtract its own counts from the sums "
            "and have the other's. Let a place that is neither of them add up "
            "(--combining-place NAME), or add up released numbers: cohortflow "
            "combine."
        )


def read_round(path: Path) -> Round:
    """Raises ArgumentsError where there is no such file, CohortflowError for another
    format or a damaged one.
    """
    said = read_kept(path, FORMAT, {})
    if said is None:
        raise ArgumentsError(
            f"There is no file {path.name}; the combining place makes it with: cohortflow "
            "sites round"
            f": {path}"
        )
    try:
        return _round(said)
    except (KeyError, TypeError, ValueError):
        raise CohortflowError(
            f"{path.name} is damaged; ask the combining place for it again: {path}"
        ) from None


def _round(said: Mapping[str, Any]) -> Round:
    measures = []
    for name, group_by, calendar, numerator, denominator, most in said["measures"]:
        measures.append(
            MaskedMeasure(
                name=name,
                group_by=tuple(group_by),
                calendar=calendar,
                numerator_people=numerator,
                denominator_people=denominator,
                most=most,
            )
        )
    return Round(
        id=said["id"],
        study=said["study"],
        definition=said["definition"],
        beside=said["beside"],
        sites=tuple(said["sites"]),
        place=said["place"],
        keys=dict(said["keys"]),
        measures=tuple(measures),
        calendars=tuple(_calendar(each) for each in said["calendars"]),
        values={name: tuple(values) for name, values in said["values"].items()},
        left_out=tuple(said["left_out"]),
    )


def _calendar(said: Sequence[Sequence[str]]) -> tuple[Interval, ...]:
    return tuple(
        (date.fromisoformat(start), date.fromisoformat(end)) for start, end in said
    )
