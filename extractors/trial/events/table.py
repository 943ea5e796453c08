"""Tables of coded events: what the wished codelists leave, and what no study asks for
around it.
"""

import datetime
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa

from extractors.model.schema import Column, TableSchema
from extractors.model.types import Code, DMDCode, is_code
from extractors.trial.arrow import Rows, dates, floats, integers, words
from extractors.trial.days import NEVER, Rhythm, Span
from extractors.trial.dice import Array, Dice, Rng, chance, steep
from extractors.trial.events.codelists import conditions_of, drug_streams_of, streams_of
from extractors.trial.events.measuring import Meter
from extractors.trial.events.others import CODES as OTHER_CODES
from extractors.trial.events.others import OtherEvents
from extractors.trial.events.streams import Events, Stream, unmeasured
from extractors.trial.generic import Columns
from extractors.trial.patterns import codes_of
from extractors.trial.people.clinic import RECOVERY, Condition
from extractors.trial.people.draw import People
from extractors.trial.rates import RATES
from extractors.trial.wishes import Wishes

NOISE_CODES = 300
NOISE = 0.25  # rows that no codelist asks for, per row that one does: a fifth of all
LEAST_NOISE = 1.0  # per patient, where next to nothing is asked for
DUPLICATES = 0.01
WITHOUT_DATE = 0.0005
WITHOUT_CODE = 0.001
AFTER_DEATH = 0.01  # what is left of the rows that fall after a death
# a day before all others (the year 1422), so that days sort as positive numbers
EARLIEST = -200_000
TABLES = frozenset({"clinical_events", "clinical_events_ranges", "medications"})
COLUMNS = {"date": datetime.date, "numeric_value": float, "consultation_id": int}


def is_event_table(schema: TableSchema) -> bool:
    """Whether the schema is one of those tables, whatever columns it is reduced to."""
    types = {column.name: column.type for column in schema.columns}
    usual = all(
        COLUMNS[name] is type_ for name, type_ in types.items() if name in COLUMNS
    )
    return (
        schema.name in TABLES
        and usual
        and "date" in types
        and any(map(is_code, types.values()))
    )


class EventTable:
    """A table with a `date` and one or more columns of codes, each row having one of
    them.

    `other_events`: about how many a patient has, beyond what the wishes ask for, where
    they ask for any code.
    """

    def __init__(
        self,
        schema: TableSchema,
        wishes: Wishes,
        span: Span,
        rng: Rng,
        other_events: int = 0,
    ):
        self._codes = [column for column in schema.columns if is_code(column.type)]
        uncoded = [
            c for c in schema.columns if c.name not in COLUMNS and c not in self._codes
        ]
        self._schema = schema
        self._uncoded = Columns(
            table=schema.name,
            columns=uncoded,
            wishes=wishes,
            span=span,
            rng=rng,
        )
        self._vocabulary: list[str] = []
        self._ranges: dict[str, range] = {}
        self._noise: list[int] = []
        self._streams: list[Stream] = []
        codelists = {
            column.name: wishes.codelists_of(schema.name, column.name)
            for column in self._codes
        }
        crowded = bool(other_events and any(codelists.values()))
        noise = OTHER_CODES if crowded else NOISE_CODES
        for column in self._codes:
            lists = codelists[column.name]
            place = self._learn(rng, column, lists, noise)
            if issubclass(column.type, DMDCode):
                self._streams += drug_streams_of(lists, place, _indications(wishes))
            else:
                self._streams += streams_of(lists, place, span)
        self._crowd: list[OtherEvents] = []
        if crowded:
            others = OtherEvents(rng.permutation(self._noise), other_events, span)
            self._crowd = [others]
        elif not any(codelists.values()):
            self._crowd = [self._of_any_code(span, rng)]
        compared = wishes.thresholds.get((schema.name, "numeric_value"), {})
        wished = list(chain.from_iterable(codelists.values()))
        self._meter: Meter | None = None
        if self._has("numeric_value"):
            self._meter = Meter(self._vocabulary, wished, compared)
        self._any_code = Dice(steep(len(self._noise)))
        self._any_day = Rhythm(RECOVERY, span.recorded)

    def _of_any_code(self, span: Span, rng: Rng) -> OtherEvents:
        """Rows of a table of which any code will do, so that it matters how many."""
        years = span.years + 1
        rate = RATES[self._schema.name] * years
        return OtherEvents(rng.permutation(self._noise), rate, span, years)

    def _learn(
        self,
        rng: Rng,
        column: Column,
        codelists: Sequence[tuple[str, ...]],
        others: int,
    ) -> Mapping[str, int]:
        """The positions of a column's wished codes; `others` codes outside every list
        come after them.
        """
        wished = sorted(set(chain.from_iterable(codelists)))
        assert issubclass(column.type, Code)
        noise = codes_of(rng, column.type, others, frozenset(wished))
        start = len(self._vocabulary)
        self._vocabulary += [*wished, *noise]
        self._ranges[column.name] = range(start, len(self._vocabulary))
        self._noise += range(start + len(wished), len(self._vocabulary))
        return {code: start + position for position, code in enumerate(wished)}

    def rows(self, rng: Rng, people: People) -> Rows:
        """The events of these people, sorted by patient and day."""
        wanted = [stream.events(rng, people) for stream in self._streams]
        unwanted = self._unwanted(rng, people, joined(wanted))
        events = joined(
            [*wanted, unwanted, *(stream.events(rng, people) for stream in self._crowd)]
        )
        if self._meter:
            events = self._meter.measured(rng.spawn(1)[0], people, events)
        kept = np.flatnonzero(lived(rng, people, events))
        again = kept[chance(rng, DUPLICATES, len(kept))]
        events = sorted_by_patient(events, np.concatenate([kept, again]))
        return Rows(events.patient, self._columns(rng, people, events))

    def _unwanted(self, rng: Rng, people: People, wanted: Events) -> Events:
        """Codes outside every list: half of them on a day on which something else was
        recorded.
        """
        n, found = len(people), len(wanted.patient)
        beside = some_of(rng, found, round(NOISE / 2 * found))
        alone = round(max(NOISE / 2 * found, LEAST_NOISE * n))
        patient = np.concatenate([wanted.patient[beside], rng.integers(0, n, alone)])
        day = np.concatenate([wanted.day[beside], self._any_day.roll(rng, alone)])
        code = np.asarray(self._noise, np.int32)[self._any_code.roll(rng, len(patient))]
        return unmeasured(patient, day, code)

    def _columns(self, rng: Rng, people: People, events: Events) -> dict[str, pa.Array]:
        n = len(events.patient)
        undated = chance(rng, WITHOUT_DATE, n) & (not self._required("date"))
        columns = self._uncoded.draw(rng, people, events.patient)
        columns["date"] = dates(np.where(undated, NEVER, events.day))
        if self._has("numeric_value"):
            columns["numeric_value"] = floats(events.value)
        if self._has("consultation_id"):
            columns["consultation_id"] = integers(
                people.ids[events.patient] * 100_000 + events.day - EARLIEST
            )
        uncoded = chance(rng, WITHOUT_CODE, n)
        for column in self._codes:
            columns[column.name] = self._words(
                column, np.where(uncoded, -1, events.code)
            )
        return columns

    def _has(self, name: str) -> bool:
        return any(column.name == name for column in self._schema.columns)

    def _required(self, name: str) -> bool:
        return any(
            column.required for column in self._schema.columns if column.name == name
        )

    def _words(self, column: Column, code: Array) -> pa.Array:
        """The codes that belong to this column; NULL where the code is another
        column's.
        """
        own = self._ranges[column.name]
        inside = (code >= own.start) & (code < own.stop)
        return words(
            np.where(inside, code - own.start, -1),
            self._vocabulary[own.start : own.stop],
        )


def _indications(wishes: Wishes) -> list[Condition]:
    """The conditions that a definition looks for in any table of coded events: why
    drugs are taken.
    """
    lists: list[tuple[str, ...]] = []
    for schema in wishes.tables:
        for column in schema.columns:
            if (
                schema.name in TABLES
                and is_code(column.type)
                and not issubclass(column.type, DMDCode)
            ):
                lists += wishes.codelists_of(schema.name, column.name)
    return conditions_of(lists)


def joined(parts: Sequence[Events]) -> Events:
    nothing = Events(
        *(np.empty(0, kind) for kind in (np.int64, np.int32, np.int32, float))
    )
    return Events(
        *(np.concatenate(columns) for columns in zip(nothing, *parts, strict=True))
    )


def some_of(rng: Rng, among: int, count: int) -> Array:
    return rng.integers(0, among, count) if among else np.empty(0, np.int64)


def lived(rng: Rng, people: People, events: Events) -> Array:
    """Which events may have happened: none before birth, very few after death."""
    born, died = people.born[events.patient], people.died[events.patient]
    alive = events.day <= died
    return (events.day >= born) & (alive | chance(rng, AFTER_DEATH, len(alive)))


def sorted_by_patient(events: Events, kept: Array) -> Events:
    """The kept rows by patient and day, as they came where these are equal.

    One sort of packed numbers is several times faster than sorting by two keys.
    """
    bits = max(int(len(kept)).bit_length(), 1)
    day = events.day[kept].astype(np.int64) - EARLIEST
    packed = ((events.patient[kept].astype(np.int64) << 20 | day) << bits) | np.arange(
        len(kept)
    )
    packed.sort()
    order = kept[packed & ((1 << bits) - 1)]
    return Events(*(column[order] for column in events))
