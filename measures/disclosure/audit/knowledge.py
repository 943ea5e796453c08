"""All that an attacker knows of some releases, as one system: what is shown, sums,
nesting, time, reruns.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf

from measures.disclosure.audit.margins import WITHHELD, redacted_ranges
from measures.disclosure.audit.overlaps import tie_windows
from measures.disclosure.audit.ratios import (
    Precision,
    Span,
    fitting,
    implied,
    precision_of,
    spans_of,
)
from measures.disclosure.audit.reading.names import (
    DENOMINATOR,
    NUMERATOR,
    REST,
    Cell,
    Count,
    Place,
    Slot,
)
from measures.disclosure.audit.reading.public import Series, When
from measures.disclosure.audit.reading.rows import Interval, Row
from measures.disclosure.audit.reading.shapes import Shape
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import ANYTHING, Range, Rule
from measures.disclosure.audit.solving.system import CHANGE, Guess, Sketch

Precisions = Mapping[tuple[int, str], Precision]  # by release and measure


@dataclass(frozen=True)
class Change:
    """What the attacker knows of what happened between two releases: people came, or,
    where that can't be, as many went.

    One person each is the worst that was measured: a boundary that is crossed tells the
    count on both sides.
    """

    # the most people by which one group has grown
    per_cell: int = 1
    # the people by which all groups together have grown, exactly
    total: int = 1

    def words(self, guess: Guess) -> str:
        """What is believed under a guess, for people."""
        ties = (
            ""
            if guess.windows
            else "nothing of how overlapping intervals hang together, and "
        )
        if guess.change == 0:
            return f"{ties}nothing of what changed between releases"
        more = "more" if guess.change > 0 else "fewer"
        return (
            f"{ties}that each release has exactly {self.total} {more} in all, and at "
            f"most {self.per_cell} in a group"
        )


def sketch_of(
    tables: Tables,
    rule: Rule,
    change: Change,
    *,
    slots: Sequence[Slot] | None = None,
    precisions: Precisions | None = None,
) -> tuple[Sketch, list[Place]]:
    """The system of some slots that nothing ties to others, or of all, and the place of
    each of its targets.

    `precisions`: how the ratios of all slots are written, if that is known already.
    """
    slots = list(tables.shapes) if slots is None else slots
    sketch = Sketch()
    for slot in slots:
        _add_counts(tables, slot, sketch)
        _add_shown(tables, slot, rule, sketch)
        _add_nesting(tables, slot, sketch)
    _add_ratios(
        tables,
        slots,
        precisions_of(tables) if precisions is None else precisions,
        sketch,
    )
    tie_windows(tables, slots, sketch)
    for earlier, later in _successive(slots):
        _tie_change(tables, earlier, later, change, sketch)
    return sketch, _aim(tables, slots, sketch)


def _add_counts(tables: Tables, slot: Slot, sketch: Sketch) -> None:
    """Everybody is in exactly one group of each grouping; a missing value is one of the
    groups.

    Where groups may have no name, those that have one add up to no more than the whole.
    """
    shape = tables.shapes[slot]
    for part, cells in shape.cells.items():
        low = -inf if part in tables.below_zero else 0
        counts = {cell: tables.count(slot, part, cell) for cell in cells}
        for count in counts.values():
            sketch.add(count, low, inf)
        for coarse, finer in shape.sums[part]:
            whole = tables.structure.is_whole(finer[0].grouping)
            if whole or low == 0:  # of what may be below 0, the unnamed may be so, too
                sketch.tie(
                    {**{counts[each]: 1.0 for each in finer}, counts[coarse]: -1.0},
                    0 if whole else -inf,
                    0,
                )


def _add_shown(tables: Tables, slot: Slot, rule: Rule, sketch: Sketch) -> None:
    bases = _bases_of_sums(tables, slot, rule)
    for row in tables.rows[slot]:
        for part, shown in tables.shown(row):
            count = tables.count(slot, part, tables.cell(row))
            series = tables.structure.series[part]
            sketch.add(
                count,
                *_meaning(rule, row, shown, series, bases.get((part, count.when))),
            )
    if rule.together:
        for part, cell, possible in redacted_ranges(tables, slot, rule):
            sketch.add(tables.count(slot, part, cell), *possible)


def _meaning(
    rule: Rule, row: Row, shown: int | None, series: Series, base_of_sum: int | None
) -> Range:
    """`base_of_sum`: None for counts of people."""
    if series.amounts:
        return ANYTHING  # only ranges of ratios tell their base
    if shown is None and row.status == WITHHELD:
        return ANYTHING if base_of_sum is None else (-inf, inf)
    return (
        rule.people(shown) if base_of_sum is None else rule.events(shown, base_of_sum)
    )


def _bases_of_sums(
    tables: Tables, slot: Slot, rule: Rule
) -> dict[tuple[str, When], int]:
    """The base of every sum of events at every time, as far as it is seen from those
    that are shown.
    """
    shown: dict[tuple[str, When], list[int]] = defaultdict(list)
    for row in tables.rows[slot]:
        for part, count in tables.shown(row):
            if not tables.structure.series[part].people:
                shown[part, tables.count(slot, part, tables.cell(row)).when].append(
                    abs(count or 0)
                )
    return {place: rule.base_of_sums(counts) for place, counts in shown.items()}


def _add_nesting(tables: Tables, slot: Slot, sketch: Sketch) -> None:
    for inner, outer, cells in tables.shapes[slot].nested:
        for cell in cells:
            sketch.tie(
                {
                    tables.count(slot, outer, cell): 1.0,
                    tables.count(slot, inner, cell): -1.0,
                },
                0,
                inf,
            )
    for inner, outer in tables.shapes[slot].containing:
        for rest in _unnamed(tables, slot, inner, outer):
            sketch.tie(rest, 0, inf)


def _unnamed(
    tables: Tables, slot: Slot, inner: str, outer: str
) -> Iterator[dict[Count, float]]:
    """Of the people of a margin who are in no named group: those of the outer count but
    not of the inner.
    """
    sums = tables.shapes[slot].sums
    for coarse, finer in sums[inner]:
        if (
            not tables.structure.is_whole(finer[0].grouping)
            and (coarse, finer) in sums[outer]
        ):
            rest = {
                tables.count(slot, outer, coarse): 1.0,
                tables.count(slot, inner, coarse): -1.0,
            }
            rest |= {tables.count(slot, outer, each): -1.0 for each in finer}
            yield rest | {tables.count(slot, inner, each): 1.0 for each in finer}


def precisions_of(tables: Tables) -> Precisions:
    """How the ratios of each measure of each release are written."""
    measures: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for slot, rows in tables.rows.items():
        for row in rows:
            measures[slot.release, row.measure].append(row)
    return {measure: precision_of(rows) for measure, rows in measures.items()}


def _add_ratios(
    tables: Tables, slots: Iterable[Slot], precisions: Precisions, sketch: Sketch
) -> None:
    for slot in slots:
        for row in tables.rows[slot]:
            for span in spans_of(row, precisions[slot.release, row.measure]):
                _add_ratio(tables, slot, row, span, sketch)


def _add_ratio(
    tables: Tables, slot: Slot, row: Row, span: Span, sketch: Sketch
) -> None:
    known, cell = tables.known(row), tables.cell(row)
    numerator, denominator = (
        tables.count(slot, part, cell) for part in (known.numerator, known.denominator)
    )
    if numerator == denominator:
        return
    ranges, people = (
        (sketch.range(numerator), sketch.range(denominator)),
        tables.structure.is_people(known),
    )
    if implied(span, *ranges, people=people):
        return
    sketch.tie({numerator: 1.0, denominator: -span[0]}, 0, inf)
    sketch.tie({numerator: 1.0, denominator: -span[1]}, -inf, 0)
    pairs = fitting(span, *ranges)
    if pairs is not None:
        _narrow(
            numerator,
            denominator,
            [(n, d) for n, d in pairs if n <= d or not people],
            sketch,
        )


def _narrow(
    numerator: Count,
    denominator: Count,
    pairs: Sequence[tuple[int, int]],
    sketch: Sketch,
) -> None:
    """Only these pairs are possible; with none of them the range is empty, which is
    found later.
    """
    for name, values in (
        (numerator, [n for n, _ in pairs]),
        (denominator, [d for _, d in pairs]),
    ):
        sketch.add(name, min(values, default=1), max(values, default=0))
    rest = [d - n for n, d in pairs]
    sketch.tie(
        {denominator: 1.0, numerator: -1.0}, min(rest, default=0), max(rest, default=0)
    )


def _successive(slots: Iterable[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Each interval of a release with the same one of the release before."""
    last: dict[Interval, Slot] = {}
    for slot in slots:
        if slot.interval in last:
            yield last[slot.interval], slot
        last[slot.interval] = slot


def _tie_change(
    tables: Tables, earlier: Slot, later: Slot, change: Change, sketch: Sketch
) -> None:
    """Sums over people may change by any number when one person comes, so only people
    are tied.
    """

    def more(part: str, cell: Cell) -> Mapping[Count, float]:
        return {
            tables.count(later, part, cell): 1.0,
            tables.count(earlier, part, cell): -1.0,
        }

    before = set(tables.shapes[earlier].pairs)
    pairs = [pair for pair in tables.shapes[later].pairs if pair in before]
    populations = {population for _, population in pairs}
    for part in sorted(set(chain.from_iterable(pairs))):
        for cell in _common(tables, earlier, later, part):
            exact = part in populations and not cell.grouping
            least, most = (
                (change.total, change.total)
                if exact
                else (0, max(change.per_cell, change.total))
            )
            sketch.tie(
                more(part, cell),
                least,
                most if not cell.grouping else change.per_cell,
                CHANGE,
            )
    for part, population in pairs:
        for cell in _common(tables, earlier, later, part):
            if cell.grouping:
                fewer = {count: -weight for count, weight in more(part, cell).items()}
                sketch.tie(
                    {**more(population, cell), **fewer}, 0, change.per_cell, CHANGE
                )


def _common(tables: Tables, earlier: Slot, later: Slot, part: str) -> list[Cell]:
    before = set(tables.shapes[earlier].cells[part])
    return [cell for cell in tables.shapes[later].cells[part] if cell in before]


def _aim(tables: Tables, slots: Iterable[Slot], sketch: Sketch) -> list[Place]:
    """Ask for the range of every count, and of every denominator without its numerator;
    each once.
    """
    places: dict[tuple[Count, Count | None], Place] = {}
    bundles: dict[tuple, int] = {}
    for slot in slots:
        shape = tables.shapes[slot]
        for part, without, quantity in _wanted(shape):
            for number, place in _places(shape, slot, without or part, quantity):
                first = tables.count(slot, part, place.cell)
                second = tables.count(slot, without, place.cell) if without else None
                if first in sketch.columns and (first, second) not in places:
                    places[first, second] = place
                    sketch.aim(
                        first,
                        second,
                        bundles.setdefault((part, without, number), len(bundles)),
                    )
    return list(places.values())


def _wanted(shape: Shape) -> Iterator[tuple[str, str | None, str]]:
    """(series, series subtracted from it, what a reader calls it)."""
    denominators = {shape.structure.parts(name)[1] for name in shape.measures}
    for part in shape.parts:
        yield part, None, DENOMINATOR if part in denominators else NUMERATOR
    yield from ((outer, inner, REST) for inner, outer in shape.pairs)


def _places(
    shape: Shape, slot: Slot, part: str, quantity: str
) -> Iterator[tuple[int, Place]]:
    """Every cell of a series, with its number in its table."""
    for grouping in shape.parts[part]:
        measure = shape.shown_by[part, grouping]
        for number, groups in enumerate(shape.groups[part, grouping]):
            place = Place(
                release=slot.release,
                measure=measure,
                interval=slot.interval,
                cell=Cell(grouping, groups),
                quantity=quantity,
            )
            yield number, place
