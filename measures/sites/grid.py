"""Raw counts as a row of numbers in an order that the round alone says, and back.

For each measure, interval and group there are as many numbers as WORDS, whether anybody
is there or not. So two sites add up number by number, and the length tells nothing of
the records. All numbers are whole ones modulo 2^64; a sum of events below 0 is one near
2^64, as in two's complement.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from extractors.errors import ArgumentsError, ensure
from extractors.late import pc
from measures.counts.columns import COUNTS, FINGERPRINTS, PARTS, Part
from measures.sites.rounds import Interval, MaskedMeasure, Round, Value

# at how many sites it is not known whom a count is of
UNKNOWN = tuple(f"{name}_unknown" for name in FINGERPRINTS)
WORDS = (*COUNTS, *FINGERPRINTS, *UNKNOWN)
MOST_WORDS = 100_000_000  # 800 MB
# At the end of every row, before it is masked: if the sums are not 0 again, the masks
# do not belong together.
CHECKS = 8


def length_of(agreed: Round) -> int:
    """How many numbers a site masks. Raises ArgumentsError for more than fit in
    memory.
    """
    cells = 0
    for measure in agreed.measures:
        cells += len(agreed.calendars[measure.calendar]) * _width(measure, agreed)
    if cells * len(WORDS) > MOST_WORDS:
        raise ArgumentsError(
            f"The round has {cells:,} counts, most of groups that may be empty; "
            f"{MOST_WORDS // len(WORDS):,} are the most. Leave out what crosses the "
            "most groups."
        )
    return cells * len(WORDS) + CHECKS


def _width(measure: MaskedMeasure, agreed: Round) -> int:
    width = 1
    for name in measure.group_by:
        width *= len(agreed.values[name])
    return width


def numbers_of(counts: pa.Table, agreed: Round) -> np.ndarray:
    """The raw counts of a site in the order of the round.

    Raises ArgumentsError for a group that the round does not name; its name is not
    said.
    """
    length_of(agreed)
    blocks = [_block(counts, measure, agreed) for measure in agreed.measures]
    return np.concatenate([*blocks, np.zeros(CHECKS, np.uint64)])


def _block(counts: pa.Table, measure: MaskedMeasure, agreed: Round) -> np.ndarray:
    mine = counts.filter(pc.equal(counts["measure"], measure.name))
    calendar, width = agreed.calendars[measure.calendar], _width(measure, agreed)
    place = _days(mine, calendar)
    mine, place = mine.filter(pa.array(place >= 0)), place[place >= 0]
    for name in measure.group_by:
        place = place * len(agreed.values[name]) + _values(mine[name], name, agreed)
    ensure(
        len(np.unique(place)) == len(place), f"some rows of {measure.name} occur twice"
    )
    block = np.zeros((len(calendar) * width, len(WORDS)), np.uint64)
    for column, name in enumerate(COUNTS):
        block[place, column] = mine[name].to_numpy().astype(np.int64).view(np.uint64)
    for column, name in enumerate(FINGERPRINTS, start=len(COUNTS)):
        block[place, column] = mine[name].fill_null(0).to_numpy()
        block[place, column + len(FINGERPRINTS)] = mine[name].is_null().to_numpy()
    return block.reshape(-1)


def _days(rows: pa.Table, calendar: Sequence[Interval]) -> np.ndarray:
    """The interval of each row by its place; -1: the round has no such one."""
    places = {interval: place for place, interval in enumerate(calendar)}
    ends = zip(
        rows["interval_start"].to_pylist(),
        rows["interval_end"].to_pylist(),
        strict=True,
    )
    return np.array([places.get(interval, -1) for interval in ends], np.int64)


def _values(column: pa.ChunkedArray, name: str, agreed: Round) -> np.ndarray:
    places = {_known(value): place for place, value in enumerate(agreed.values[name])}
    coded = column.combine_chunks().dictionary_encode()
    found = [
        places.get(_known(_plain(value)), -1)
        for value in [*coded.dictionary.to_pylist(), None]
    ]
    chosen = np.array(found, np.int64)[
        coded.indices.fill_null(len(found) - 1).to_numpy()
    ]
    if (chosen < 0).any():
        raise ArgumentsError(
            f"Some people here are in a group of {name} that the round does not "
            "name. Let the combining place make a new round with all values that "
            f"any site has: --values {name}=…"
        )
    return chosen


def _known(value: Value) -> tuple[type, Value]:
    """True equals 1, so the type is part of what a value is known by."""
    return type(value), value


def _plain(value: object) -> Value:
    return value.isoformat() if isinstance(value, date) else value  # type: ignore[return-value]


# Back ---------------------------------------------------------------------------------


def counts_of(
    numbers: np.ndarray, agreed: Round, groups: Mapping[str, pa.DataType]
) -> pa.Table:
    """The sums of all sites as raw counts, without the groups in which no person is.

    `groups`: the types of their columns. The largest amount that one person adds is at
    most the sum of those at the sites.
    """
    ensure(
        len(numbers) == length_of(agreed),
        "the sums are of another length than the round says",
    )
    tables, start = [], 0
    for measure in agreed.measures:
        size = (
            len(agreed.calendars[measure.calendar])
            * _width(measure, agreed)
            * len(WORDS)
        )
        block = numbers[start : start + size].reshape(-1, len(WORDS))
        tables.append(_rows(block, measure, agreed, groups))
        start += size
    return pa.concat_tables(tables)


def _rows(
    block: np.ndarray,
    measure: MaskedMeasure,
    agreed: Round,
    groups: Mapping[str, pa.DataType],
) -> pa.Table:
    there = np.flatnonzero(block[:, : len(COUNTS)].any(axis=1))
    calendar = agreed.calendars[measure.calendar]
    place = there
    columns: dict[str, pa.Array] = {}
    for name in reversed(measure.group_by):
        values = agreed.values[name]
        columns[name] = _typed(values, groups[name]).take(pa.array(place % len(values)))
        place = place // len(values)
    for name in groups.keys() - set(measure.group_by):
        columns[name] = pa.nulls(len(there), groups[name])
    ends = {
        name: pa.array([calendar[each][side] for each in place], pa.date32())
        for side, name in enumerate(("interval_start", "interval_end"))
    }
    counts = dict(_counts(block[there], measure))
    return pa.table(
        {
            "measure": pa.repeat(measure.name, len(there)),
            **ends,
            "group_by": pa.repeat("+".join(measure.group_by), len(there)),
            **{name: columns[name] for name in groups},
            **counts,
        }
    )


def _typed(values: Sequence[Value], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind):
        return pa.array(
            [
                None if value is None else date.fromisoformat(str(value))
                for value in values
            ],
            kind,
        )
    return pa.array(values, kind)


def _counts(
    block: np.ndarray, measure: MaskedMeasure
) -> Iterator[tuple[str, pa.Array]]:
    columns = {
        name: np.ascontiguousarray(block[:, place]) for place, name in enumerate(WORDS)
    }
    for name in COUNTS:
        columns[name] = columns[name].view(np.int64)
    for part in PARTS:
        columns[part.largest] = _largest(columns, part, measure)
    for name in COUNTS:
        yield name, pa.array(columns[name], pa.int64())
    for name, unknown in zip(FINGERPRINTS, UNKNOWN, strict=True):
        yield name, pa.array(columns[name], pa.uint64(), mask=columns[unknown] > 0)


def _largest(
    columns: Mapping[str, np.ndarray], part: Part, measure: MaskedMeasure
) -> np.ndarray:
    """The most that one person can add: one to a count of people."""
    people = (
        measure.numerator_people
        if part == Part.NUMERATOR
        else measure.denominator_people
    )
    if people:
        return np.minimum(columns[part.patients], 1)
    if part == Part.NUMERATOR and measure.most:
        return np.minimum(columns[part.largest], measure.most)
    return columns[part.largest]
