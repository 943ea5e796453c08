"""An author's own examples, multiplied: the same stories at other times, of other ages
and sizes.

The first people are the examples as they are. Of each further person all dates move by
the same number of weeks, the day of birth by months, and measured numbers by a few in a
hundred.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from extractors.model.schema import Column, TableSchema
from extractors.trial.arrow import Rows, type_of
from extractors.trial.days import NEVER, YEAR, first_of_month
from extractors.trial.dice import Array, Rng, between
from extractors.trial.people import england
from extractors.trial.people.draw import People

PATIENT = "patient_id"
WEEKS = 4  # at most so many earlier or later
MONTHS = 6  # of a birth
SIZE = 0.05  # the deviation of the logarithm of what a number is multiplied by
BORN, DIED, SEX = "date_of_birth", "date_of_death", "sex"


@dataclass(frozen=True)
class Examples:
    """Rows of a few people, by table, with the ids of all of them."""

    # name -> rows, written by hand
    tables: Mapping[str, pa.Table]

    @property
    def ids(self) -> Array:
        """Of all people in any table, ascending."""
        found = [table.column(PATIENT).to_numpy() for table in self.tables.values()]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    def of(self, people: People) -> Array:
        """The position of each one's example among `ids`."""
        return np.asarray((people.ids - 1) % len(self.ids))

    def shift(self, people: People) -> Array:
        """By how many days the dates of each of the people move."""
        weeks = between(people.luck("weeks of examples"), -WEEKS, WEEKS, len(people))
        return self._further(people, 7 * weeks)

    def birth_shift(self, people: People) -> Array:
        months = between(
            people.luck("births of examples"), -MONTHS, MONTHS, len(people)
        )
        return self._further(people, np.rint(months * YEAR / 12).astype(np.int32))

    def _further(self, people: People, shift: Array) -> Array:
        return np.where(people.ids <= len(self.ids), 0, shift)

    def people(self, people: People) -> People:
        """The same with the births, deaths and sexes of their examples, as far as these
        are given.
        """
        table = self.tables.get("patients")
        if table is None:
            return people
        ids = table.column(PATIENT).to_numpy()
        mine = self.ids[self.of(people)]
        row = np.searchsorted(ids, mine)
        found = (row < len(ids)) & (ids[np.minimum(row, len(ids) - 1)] == mine)
        row = np.where(found, row, 0)
        born, died, sex = people.born.copy(), people.died.copy(), people.sex.copy()
        if BORN in table.column_names:
            days = _days(table.column(BORN))[row]
            moved = first_of_month(days + self.birth_shift(people))
            born = np.where(found & (days < NEVER), moved, born)
        if DIED in table.column_names:
            days = _days(table.column(DIED))[row]
            died = np.where(
                found, np.where(days < NEVER, days + self.shift(people), NEVER), died
            )
        if SEX in table.column_names:
            said = table.column(SEX).to_pylist()
            known = np.array(
                [
                    england.SEXES.index(each) if each in england.SEXES else -1
                    for each in said
                ]
            )[row]
            sex = np.where(found & (known >= 0), known, sex)
        return replace(
            people, born=born.astype(np.int32), died=died.astype(np.int32), sex=sex
        )


class ExampleTable:
    """A table of which the author wrote rows."""

    def __init__(self, schema: TableSchema, examples: Examples):
        self._schema, self._examples = schema, examples
        self._rows = examples.tables[schema.name].sort_by(PATIENT)
        ids = self._rows.column(PATIENT).to_numpy()
        self._start = np.searchsorted(ids, examples.ids, side="left")
        self._count = np.searchsorted(ids, examples.ids, side="right") - self._start

    def rows(self, rng: Rng, people: People) -> Rows:
        example = self._examples.of(people)
        count = self._count[example]
        patient = np.repeat(np.arange(len(people)), count)
        nth = np.arange(len(patient)) - np.repeat(np.cumsum(count) - count, count)
        row = self._start[example][patient] + nth
        taken = self._rows.take(pa.array(row))
        columns = {}
        for column in self._schema.columns:
            values = taken.column(column.name).combine_chunks()
            columns[column.name] = self._moved(rng, people, patient, column, values)
        return Rows(patient, columns)

    def _moved(
        self, rng: Rng, people: People, patient: Array, column: Column, values: pa.Array
    ) -> pa.Array:
        examples = self._examples
        if column.type is datetime.date:
            days = _days(values)
            birth = column.name == BORN
            shift = examples.birth_shift(people) if birth else examples.shift(people)
            moved = days + shift[patient]
            moved = first_of_month(moved) if column.first_of_month else moved
            return pa.array(moved.astype(np.int32), mask=days >= NEVER).view(
                pa.date32()
            )
        if column.type is float:
            numbers = values.to_numpy(zero_copy_only=False)
            further = people.ids[patient] > len(examples.ids)
            times = np.where(
                further, np.exp(SIZE * rng.standard_normal(len(numbers))), 1.0
            )
            return pa.array(_as_exact(numbers, numbers * times), from_pandas=True)
        return (
            values.cast(type_of(column)) if values.type != type_of(column) else values
        )


def _as_exact(before: Array, after: Array) -> Array:
    """Whole numbers stay whole, others keep one decimal or all of theirs."""
    whole = before == np.round(before)
    short = before == np.round(before, 1)
    return np.select([whole, short], [np.round(after), np.round(after, 1)], after)


def _days(column: pa.Array | pa.ChunkedArray) -> Array:
    """NEVER where there is no date."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    days = whole.cast(pa.date32()).view(pa.int32())
    return np.asarray(days.fill_null(NEVER).to_numpy(zero_copy_only=False))
