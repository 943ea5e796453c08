"""What a data report found: its outline with numbers, true or released."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from measures.describe.outline import Codes, Outline, People, Variable
from measures.describe.shapes import DATE, NUMBER
from measures.release.reading import ReleasedRow

QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Value:
    """How many people have a value."""

    # None where it is missing
    value: object
    # of a release it may be withheld
    people: int | None


@dataclass(frozen=True)
class Described:
    """A variable with its values in order."""

    # of the outline
    variable: Variable
    # of whom: in words, and how many
    among: str
    # in its denominator, rounded; None if withheld
    people: int | None
    # people without a value, rounded; None if withheld
    missing: int | None
    # those that have one
    values: tuple[Value, ...]

    @property
    def ordered(self) -> bool:
        """Whether its values go from low to high."""
        return self.variable.kind in (NUMBER, DATE)

    @property
    def quarters(self) -> tuple[object, ...]:
        """In which bands the quarter, the half and three quarters of all shown values
        end; none without an order.
        """
        if not self.ordered:
            return ()
        shown = [(each.value, each.people) for each in self.values if each.people]
        total = sum(people for _, people in shown)
        if not total:
            return ()
        ends = list(
            zip(
                (value for value, _ in shown),
                accumulate(people for _, people in shown),
                strict=True,
            )
        )
        return tuple(
            next(value for value, end in ends if end >= share * total)
            for share in QUARTERS
        )

    def as_json(self) -> dict[str, Any]:
        shape = dict(
            zip(
                ("quarter", "half", "three_quarters"),
                map(_plain, self.quarters),
                strict=False,
            )
        )
        return {
            "variable": self.variable.name,
            "role": self.variable.role,
            "type": self.variable.type,
            "kind": self.variable.kind,
            "among": self.among,
            "people": self.people,
            "missing": self.missing,
            "values": [
                {"value": _plain(each.value), "people": each.people}
                for each in self.values
            ],
            "shape": shape or None,
        }


@dataclass(frozen=True)
class Step:
    """A month or a year of a codelist or of a code."""

    # its first day
    start: str
    # its last day, included
    end: str
    # with a code in it, rounded; None if withheld
    people: int | None
    # None also where rows are not counted
    rows: int | None = None


@dataclass(frozen=True)
class FoundCodes:
    """A codelist with its numbers."""

    # of the outline
    codes: Codes
    # who has a row in the whole time
    ever: int | None
    # months or years, in their order
    steps: tuple[Step, ...]
    # code -> people in each step; empty for a list that is too long
    by_code: Mapping[str, tuple[Step, ...]]

    def as_json(self) -> dict[str, Any]:
        by_code = []
        for code, steps in self.by_code.items():
            by_code.append({"code": code, "people": [each.people for each in steps]})
        return {
            "codelist": self.codes.codelist,
            "table": self.codes.table,
            "column": self.codes.column,
            "date": self.codes.date or None,
            "codes": len(self.codes.codes),
            "people": self.ever,
            "periods": [vars(each) for each in self.steps],
            "by_code": by_code,
        }


@dataclass(frozen=True)
class Report:
    """All that a data report says."""

    # its name
    study: str
    # as the outline has it
    period: tuple[str, str] | None
    # how many people there are records of
    everybody: int | None
    # the populations and denominators, with how many are in them
    people: tuple[tuple[People, int | None], ...]
    # in the order of the definition
    variables: tuple[Described, ...]
    # in the order of the definition
    codelists: tuple[FoundCodes, ...]

    def as_json(self) -> dict[str, Any]:
        people = [{"name": each.name, "people": number} for each, number in self.people]
        return {
            "study": self.study,
            "period": list(self.period) if self.period else None,
            "everybody": self.everybody,
            "people": people,
            "variables": [each.as_json() for each in self.variables],
            "codelists": [each.as_json() for each in self.codelists],
        }


class Rows:
    """The numbers of all measures, by their names."""

    def __init__(self, rows: Iterable[ReleasedRow]):
        self._of: dict[str, list[ReleasedRow]] = {}
        for row in rows:
            self._of.setdefault(row.measure, []).append(row)

    def of(self, measure: str) -> Sequence[ReleasedRow]:
        return self._of.get(measure, ())

    def total(self, measure: str) -> int | None:
        """Of a measure of one period without groups."""
        rows = self.of(measure)
        return rows[0].numerator if rows else None

    def everybody(self, measure: str) -> int | None:
        rows = self.of(measure)
        return rows[0].denominator if rows else None


def report_of(study: str, outline: Outline, rows: Rows) -> Report:
    """The report of an outline, with its numbers."""
    people = tuple((each, rows.total(each.measure)) for each in outline.people)
    return Report(
        study=study,
        period=outline.period,
        everybody=rows.everybody(outline.people[0].measure),
        people=people,
        variables=tuple(_described(each, people, rows) for each in outline.variables),
        codelists=tuple(_found(each, rows) for each in outline.codelists),
    )


def _described(
    variable: Variable, people: Sequence[tuple[People, int | None]], rows: Rows
) -> Described:
    among, number = next(pair for pair in people if pair[0].measure == variable.people)
    missing: int | None = 0
    values: list[Value] = []
    for row in rows.of(variable.measure):
        if row.group[0] is None:
            missing = row.numerator
        else:
            values.append(Value(row.group[0], row.numerator))
    if variable.order:
        places = {name: place for place, name in enumerate(variable.order)}
        values.sort(key=lambda each: places.get(str(each.value), len(places)))
    return Described(variable, among.name, number, missing, tuple(values))


def _found(codes: Codes, rows: Rows) -> FoundCodes:
    counted = {row.interval_start: row.numerator for row in rows.of(codes.rows)}
    steps = [
        Step(
            str(row.interval_start),
            str(row.interval_end),
            row.numerator,
            counted.get(row.interval_start),
        )
        for row in rows.of(codes.patients)
    ]
    by_code: dict[str, tuple[Step, ...]] = {}
    for each in codes.codes:
        if each.measure:
            found = rows.of(each.measure)
            by_code[each.code] = tuple(
                Step(str(row.interval_start), str(row.interval_end), row.numerator)
                for row in found
            )
    return FoundCodes(codes, rows.total(codes.ever), tuple(steps), by_code)


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str | None) else str(value)
