"""The measures of an old study as ours: one period for each index date."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from extractors.language.base import wrap
from extractors.language.reading import Place
from measures.cohortextractor import making
from measures.cohortextractor.asked import RefusedAt, Wrong
from measures.cohortextractor.columns import Column
from measures.cohortextractor.joining import columns_of
from measures.cohortextractor.making import Series, call
from measures.cohortextractor.measure import Measure
from measures.cohortextractor.study import POPULATION, StudyDefinition
from measures.definitions import Interval, Measures
from measures.definitions import Measure as Definition

WEEK = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


def measures_of(
    study: StudyDefinition,
    asked: Iterable[Measure],
    joined: Sequence[StudyDefinition] = (),
) -> Measures:
    """Ours, in the author's order. Raises RefusedAt with all that cannot be
    measured.
    """
    found, refusals = Measures(), list[tuple[str, Place]]()
    columns = columns_of(study, joined)
    for each in asked:
        try:
            _define(found, each, study, columns)
        except (Wrong, TypeError, ValueError, AttributeError) as wrong:
            refusals.append((f"{each.id}: {wrong}", each.place))
    if refusals:
        raise RefusedAt.of(refusals)
    return found


def _define(
    measures: Measures,
    asked: Measure,
    study: StudyDefinition,
    columns: Mapping[str, Column],
) -> None:
    def number(name: str) -> Series:
        return study.population if name == POPULATION else _number(name, columns)

    counted = number(asked.denominator)
    if asked.denominator != POPULATION:
        counted = _among(study.population, counted)
    groups = {name: _column(name, columns) for name in asked.groups}
    units = [name for name, column in groups.items() if column.unit]
    if len(units) > 1:
        raise Wrong(
            f"groups by {' and '.join(units)} cannot be released: of units there are "
            "deciles of one kind alone"
        )
    measures.define_measure(
        asked.id,
        numerator=wrap(number(asked.numerator)),
        denominator=wrap(counted),
        group_by={
            name: wrap(_group(column))
            for name, column in groups.items()
            if not column.unit
        },
        intervals=intervals(study.calendar.index),
        deciles_over=wrap(_group(groups[units[0]])) if units else None,
    )


def old_names(
    asked: Iterable[Measure], measures: Iterable[Definition]
) -> dict[str, tuple[str, ...]]:
    """How the study calls the columns of each measure's old files: numerator,
    denominator and groups without units.
    """
    groups = {each.name: tuple(each.group_by) for each in measures}
    return {
        each.id: (each.numerator, each.denominator, *groups[each.id]) for each in asked
    }


def _column(name: str, columns: Mapping[str, Column]) -> Column:
    if name not in columns:
        raise Wrong(
            f"there is no column {name!r}, neither in the study nor in files that "
            "are joined to it"
        )
    return columns[name]


def _number(name: str, columns: Mapping[str, Column]) -> Series:
    column = _column(name, columns)
    if column.kind in ("flag", "int", "imd"):
        return column.value
    raise Wrong(
        f"a sum of {name!r} cannot be released: it is a {column.kind}, neither a "
        "flag nor a whole number"
    )


def _among(population: Series, number: Series) -> Series:
    if number.type is bool:
        return making.both(population, number)
    return making.choice([(population, number)], making.literal(0))


def _group(column: Column) -> Series:
    """Flags as 0 and 1; the old files have them so. A number that a joined file has not
    is blank, no 0.
    """
    value = column.node if column.joined and column.kind != "str" else column.value
    return call("bool_to_int", value) if column.kind == "flag" else value


def intervals(index: Sequence[datetime.date]) -> list[Interval]:
    """A week or a month from each index date on, but no day of the next one's."""
    if not index:
        raise Wrong(
            "measures need an index date; give index_date to the study or "
            "--index-date to the command"
        )
    if len(index) == 1:
        return [(index[0], index[0])]
    weekly = min(after - before for before, after in pairwise(index)) <= WEEK
    found = []
    for day, following in zip(index, [*index[1:], datetime.date.max], strict=True):
        after = day + WEEK if weekly else _month_later(day)
        found.append((day, min(after, following) - DAY))
    return found


def _month_later(day: datetime.date) -> datetime.date:
    following = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return following + datetime.timedelta(days=day.day - 1)
