"""Who plays a witness, and the rows that this gives each table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.model.schema import TableSchema
from extractors.trial.days import NEVER, Span
from extractors.trial.dice import Array, Rng
from extractors.trial.people import england
from extractors.trial.people.draw import People
from extractors.trial.witnesses.scripts import Script, some_of
from extractors.trial.witnesses.sketch import BORN, PEOPLE
from extractors.trial.witnesses.terms import Cell, RowId
from extractors.trial.witnesses.values import Variable, drawn
from extractors.trial.witnesses.words import texts_of

FEWEST = 30  # people for a script, if there are enough
SHARE = 0.006  # of the people, for a script
AT_MOST = 0.5  # of the people are witnesses of anything
DIED, SEX = "date_of_death", "sex"
GROWN_UP = 20 * 365


@dataclass(frozen=True)
class Part:
    """A script and the people who play it, one entry each."""

    # what their rows hold
    script: Script
    # their positions among all people
    patient: Array
    # a row for each of them, a column for each date and number of the script
    values: Array
    # of what the script leaves open
    rng: Rng

    def days(self, cell: Cell) -> Array:
        return self.values[:, self.script.dates[cell]]


@dataclass(frozen=True)
class Cast:
    """All parts, and the people as their parts have them."""

    # everybody in the records
    people: People
    # no patient is in two of them
    parts: tuple[Part, ...]


def cast_of(
    scripts: Sequence[Script],
    span: Span,
    tables: Mapping[str, TableSchema],
    rng: Rng,
    people: People,
    share: float,
) -> Cast:
    """Gives each script its share of the people, drawn by lot."""
    order = rng.permutation(len(people))
    taken, parts = 0, []
    for script in scripts:
        many = min(round(share * len(people)), len(people) - taken)
        chosen = np.sort(order[taken : taken + many])
        taken += many
        if len(chosen):
            parts.append(_part(script, span, tables, rng.spawn(1)[0], people, chosen))
    return Cast(_played(people, parts, tables), tuple(parts))


def playable(scripts: Sequence[Sequence[Script]], people: int) -> list[Script]:
    """Of each target some scripts, where there are too few people for all."""
    total = sum(map(len, scripts))
    part = min(1.0, room_of(people) / max(total, 1))
    chosen: list[Script] = []
    for of_target in scripts:
        chosen += some_of(of_target, max(1, round(part * len(of_target))))
    return chosen


def room_of(people: int) -> int:
    """For how many scripts there are enough people."""
    return int(AT_MOST * people / FEWEST)


def share_of(scripts: int, people: int) -> float:
    """The share of people for each of so many scripts."""
    wanted = max(SHARE, FEWEST / max(people, 1))
    return min(wanted, AT_MOST / max(scripts, 1))


def _part(
    script: Script,
    span: Span,
    tables: Mapping[str, TableSchema],
    rng: Rng,
    people: People,
    chosen: Array,
) -> Part:
    variables = list(_variables(script, tables, people.born[chosen].astype(float)))
    values, fine = drawn(script.most, variables, span, rng, len(chosen))
    return Part(script, chosen[fine], values[fine], rng)


def _variables(
    script: Script, tables: Mapping[str, TableSchema], born: Array
) -> Iterator[Variable]:
    """The day of birth first, as not every day will do; then in the order of the
    search.
    """
    birth = Cell(RowId(PEOPLE, 0), BORN)
    for cell, number in sorted(script.dates.items(), key=lambda item: item[0] != birth):
        column = tables[cell.row.table].column(cell.column)
        yield Variable(number, column, born if cell == birth else None)


def _played(
    people: People, parts: Sequence[Part], tables: Mapping[str, TableSchema]
) -> People:
    """Born, dead and of the sex that the parts ask for; alive where they do not say."""
    born, died, sex = people.born.copy(), people.died.copy(), people.sex.copy()
    row = RowId(PEOPLE, 0)
    for part in parts:
        who, script = part.patient, part.script
        died[who] = NEVER
        if Cell(row, DIED) in script.dates:
            died[who] = part.days(Cell(row, DIED))
        if Cell(row, BORN) in script.dates:
            born[who] = part.days(Cell(row, BORN))
        if Cell(row, SEX) in script.words:
            sex[who] = _sexes(part, Cell(row, SEX), tables, sex[who])
    return replace(people, born=born, died=died, sex=sex)


def _sexes(
    part: Part, cell: Cell, tables: Mapping[str, TableSchema], sex: Array
) -> Array:
    """Theirs, where it will do."""
    texts = texts_of(tables[PEOPLE].column(SEX), part.script.words[cell])
    fitting = [england.SEXES.index(text) for text in england.SEXES if text in texts]
    if not fitting:
        return sex
    return np.where(np.isin(sex, fitting), sex, fitting[0])
