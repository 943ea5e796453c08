"""Tables that are not known here, made up from what their columns promise."""

import datetime
import re
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa

from extractors.model.schema import Column, TableSchema
from extractors.model.types import Code, ConceptId, MultiCode
from extractors.trial import arrow
from extractors.trial.arrow import Rows, ordinals, type_of, words
from extractors.trial.beginnings import table_since
from extractors.trial.days import NEVER, YEAR, Span, first_of_month, to_workday
from extractors.trial.dice import Array, Dice, Rng, between, chance, steep
from extractors.trial.patterns import codes_of, concepts_of, pool_of
from extractors.trial.people.draw import People
from extractors.trial.rates import expected
from extractors.trial.spread import spread_around
from extractors.trial.wishes import Wishes

POOL = 300
WISHED = 0.7  # of a column's values are wished for, if anything is
MISSING = 0.03
ROWS_PER_PATIENT = 1.5
HAVE_A_ROW = 0.7  # of the patients, in tables of one row each
LOOK_BACK = round(3 * YEAR)
# days from one date to the next; a tenth take ten times as long: stays, waits
GAP, SLOW, SLOWER = 9.0, 0.1, 10.0
# The order in which things happen, by words in the names of date columns; everything
# else comes between.
EARLY, LATE = (
    ("book", "refer", "birth", "specimen"),
    ("end", "stop", "discharge", "seen", "report", "death"),
)
NAMES = [f"made up {number}" for number in range(1, 11)]
IDENTIFIER = re.compile(r"(.*_)?id(ent)?")


class GenericTable:
    """Rows at random, as many per patient as the table may have."""

    def __init__(self, schema: TableSchema, wishes: Wishes, span: Span, rng: Rng):
        self._name, self._one_row = schema.name, schema.one_row
        self._since = max(span.first - LOOK_BACK, table_since(schema.name))
        self._columns = Columns(
            table=schema.name,
            columns=schema.columns,
            wishes=wishes,
            span=span,
            rng=rng,
        )

    def rows(self, rng: Rng, people: People) -> Rows:
        n = len(people)
        if self._one_row:
            count = chance(rng, HAVE_A_ROW, n)
        else:
            usual = expected(people, self._name, self._since)
            count = rng.poisson(
                ROWS_PER_PATIENT * people.busy if usual is None else usual
            )
        count = np.where(people.seen_until < self._since, 0, count)
        patient = np.repeat(np.arange(n), count.astype(int))
        return Rows(patient, self._columns.draw(rng, people, patient))


class Columns:
    """Columns of one table, drawn together because their dates follow each other."""

    def __init__(
        self,
        table: str,
        columns: Sequence[Column],
        wishes: Wishes,
        span: Span,
        rng: Rng,
    ):
        self._since = max(span.first - LOOK_BACK, table_since(table))
        self._dates = sorted(
            (c for c in columns if c.type is datetime.date), key=lambda c: turn(c.name)
        )
        self._ids = [
            c
            for c in columns
            if c.type is int and not c.categories and is_identifier(c)
        ]
        drawn = [c for c in columns if c not in self._dates and c not in self._ids]
        self._draws = [
            (
                c,
                _Values(
                    c,
                    wishes.codelists_of(table, c.name),
                    wishes.thresholds_of(table, c.name),
                    rng,
                ),
            )
            for c in drawn
        ]

    def draw(self, rng: Rng, people: People, patient: Array) -> dict[str, pa.Array]:
        """One value per row and column; `patient` holds ascending positions."""
        columns = {
            column.name: values.draw(rng, patient) for column, values in self._draws
        }
        for column in self._ids:
            columns[column.name] = arrow.integers(
                people.ids[patient] * 10_000 + ordinals(patient)
            )
        columns.update(self._draw_dates(rng, people, patient))
        return columns

    def _draw_dates(
        self, rng: Rng, people: People, patient: Array
    ) -> Mapping[str, pa.Array]:
        """Dates within a life, each some days after the one before it in the order of
        things.
        """
        if not self._dates:
            return {}
        n, born = len(patient), people.born[patient]
        until = people.seen_until[patient]
        day = between(rng, np.maximum(born, self._since), until, n)
        day = np.maximum(to_workday(rng, day), born)
        columns = {}
        for column in self._dates:
            shown = first_of_month(day) if column.first_of_month else day
            missing = chance(rng, MISSING, n) & (not column.required)
            columns[column.name] = arrow.dates(np.where(missing, NEVER, shown))
            slow = np.where(chance(rng, SLOW, n), SLOWER, 1.0)
            gap = np.floor(rng.exponential(GAP, n) * slow)
            day = np.minimum(day + gap, np.maximum(until, day)).astype(np.int32)
        return columns


def turn(name: str) -> int:
    """A `referral_to_treatment_period_end_date` is an end, so what is late comes
    first.
    """
    parts = name.split("_")
    if any(part.startswith(LATE) for part in parts):
        return 2
    return 0 if any(part.startswith(EARLY) for part in parts) else 1


def is_identifier(column: Column) -> bool:
    return column.minimum is None and bool(IDENTIFIER.fullmatch(column.name))


class _Values:
    """How to draw one column that is neither a date nor an identifier."""

    def __init__(
        self,
        column: Column,
        codelists: Sequence[tuple[str, ...]],
        thresholds: Sequence[float],
        rng: Rng,
    ):
        self._column, self._spread = column, spread_around(thresholds)
        # Each value once: of a dictionary with repetitions pyarrow 26 writes other
        # bytes each time.
        self._pool = list(
            dict.fromkeys(column.categories or _pool(column, codelists, rng))
        )
        wished = set(chain.from_iterable(codelists))
        weights = steep(len(self._pool), 0.7) if self._pool else np.ones(1)
        share = np.array([str(value) in wished for value in self._pool] or [False])
        self._dice = Dice(_raised(weights, share))

    def draw(self, rng: Rng, patient: Array) -> pa.Array:
        n = len(patient)
        missing = chance(rng, MISSING, n) & (not self._column.required)
        if self._pool:
            position = np.where(missing, -1, self._dice.roll(rng, n))
            if type_of(self._column) == arrow.WORDS:
                return words(position, self._pool)
            values = np.array(self._pool)[position]
            return pa.array(values, type_of(self._column), mask=missing)
        numbers = _numbers(self._column, rng, n)
        # from a source of its own, so that the columns after it stay as they are
        if self._spread:
            numbers = _fitting(
                self._column, self._spread.draw(rng.spawn(1)[0], patient)
            )
        return pa.array(numbers, type_of(self._column), mask=missing)


def _raised(weights: Array, wished: Array) -> Array:
    """Weights in which what is wished for has its share, whatever else there is."""
    if not wished.any() or wished.all():
        return weights
    wanted, rest = weights[wished].sum(), weights[~wished].sum()
    return np.where(wished, weights * WISHED / wanted, weights * (1 - WISHED) / rest)


def _numbers(column: Column, rng: Rng, n: int) -> Array:
    if column.type is bool:
        return chance(rng, 0.5, n)
    if column.type is float:
        return np.round(rng.gamma(4.0, 12.0, n), 1)
    low = column.minimum if column.minimum is not None else min(0, column.maximum or 0)
    high = column.maximum if column.maximum is not None else low + 100 * column.step
    return low + column.step * rng.integers(0, (high - low) // column.step + 1, n)


def _fitting(column: Column, numbers: Array) -> Array:
    """Numbers as the column may hold them."""
    if column.type is float:
        return numbers
    start = column.minimum or 0
    whole = start + column.step * np.rint((numbers - start) / column.step).astype(
        np.int64
    )
    return np.clip(whole, column.minimum, column.maximum)


def _pool(
    column: Column, codelists: Sequence[tuple[str, ...]], rng: Rng
) -> Sequence[str | int]:
    """The strings or ids a column may hold: those wished for, and some that fit what it
    promises.
    """
    wished = sorted(set(chain.from_iterable(codelists)))
    if column.type is ConceptId:
        return [*map(int, wished), *concepts_of(rng, POOL)]
    if issubclass(column.type, MultiCode):
        return _several(column.type, wished, rng)
    if not issubclass(column.type, str):
        return []
    if column.pattern:
        return [*wished, *pool_of(rng, column.pattern, POOL, frozenset(wished))]
    if issubclass(column.type, Code):
        return [*wished, *codes_of(rng, column.type, POOL, frozenset(wished))]
    return [*wished, *NAMES]


def _several(kind: type[MultiCode], wished: Sequence[str], rng: Rng) -> list[str]:
    """Strings of one to five codes as hospitals write them: ||A ,B ||C; a wished prefix
    is made a code.
    """
    others = pool_of(rng, kind.code.pattern.pattern, POOL)
    codes = [*(_completed(kind.code, prefix) for prefix in wished), *others]
    dice = Dice(_raised(np.ones(len(codes)), np.arange(len(codes)) < len(wished)))
    return [
        "||" + " ,".join(codes[i] for i in dice.roll(rng, int(rng.integers(1, 6))))
        for _ in range(5 * POOL)
    ]


def _completed(code: type[Code], prefix: str) -> str:
    while len(prefix) < 4 and not code.pattern.fullmatch(prefix):
        prefix += "0"
    return prefix
