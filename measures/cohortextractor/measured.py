"""The measures of an old study as ours: one period for each index date."""

import datetime
from collections.abc import Iterable, Sequence
from itertools import pairwise

from extractors.language.base import wrap
from extractors.language.reading import Place
from measures.cohortextractor import making
from measures.cohortextractor.asked import RefusedAt, Wrong
from measures.cohortextractor.columns import Column
from measures.cohortextractor.making import Series, call
from measures.cohortextractor.measure import Measure
from measures.cohortextractor.study import POPULATION, StudyDefinition
from measures.definitions import Interval, Measures

WEEK = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


def measures_of(study: StudyDefinition, asked: Iterable[Measure]) -> Measures:
    """Ours, in the author's order. Raises RefusedAt with all that cannot be measured."""
    found, refusals = Measures(), list[tuple[str, Place]]()
    for each in asked:
        try:
            _define(found, each, study)
        except (Wrong, TypeError, ValueError, AttributeError) as wrong:
            refusals.append((f"{each.id}: {wrong}", each.place))
    if refusals:
        raise RefusedAt(refusals)
    return found


def _define(measures: Measures, asked: Measure, study: StudyDefinition) -> None:
    counted = _number(asked.denominator, study)
    if asked.denominator != POPULATION:
        counted = _among(study.population, counted)
    measures.define_measure(
        asked.id,
        numerator=wrap(_number(asked.numerator, study)),
        denominator=wrap(counted),
        group_by={name: wrap(_group(study_column(name, study))) for name in asked.groups},
        intervals=intervals(study.calendar.index),
    )


def study_column(name: str, study: StudyDefinition) -> Column:
    """A column by its name; Wrong if the study has none."""
    if name not in study.output:
        raise Wrong(f"there is no column {name!r} in the study; columns of joined files are not known here")
    return study.columns[name]


def _number(name: str, study: StudyDefinition) -> Series:
    if name == POPULATION:
        return study.population
    column = study_column(name, study)
    if column.kind in ("flag", "int", "imd"):
        return column.value
    raise Wrong(f"a sum of {name!r} cannot be released: it is a {column.kind}, neither a flag nor a whole number")


def _among(population: Series, number: Series) -> Series:
    if number.type is bool:
        return making.both(population, number)
    return making.choice([(population, number)], making.literal(0))


def _group(column: Column) -> Series:
    """Flags as 0 and 1; the old files have them so."""
    return call("bool_to_int", column.value) if column.kind == "flag" else column.value


def intervals(index: Sequence[datetime.date]) -> list[Interval]:
    """A week or a month from each index date on, but no day of the next one's."""
    if not index:
        raise Wrong("measures need an index date; give index_date to the study or --index-date to the command")
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
