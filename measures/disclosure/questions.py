"""How many questions a study asks about the same people: what a checker should look at
twice.

The same people have the same number in whatever words. But people who differ by a few
have numbers of their own, and the mean of very many of them tells how many they are
about. No rule can refuse that: a study of many groups asks many questions,
too. So the checker is warned. All of it is read from the definition, so it tells
nothing of the records.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from measures.counts.structure import Kind, Structure
from measures.counts.types import MeasureShape

# Different counts of people in one interval, however they are grouped. The mean of so
# many errors of 3 people each is known to a third of a person.
MANY = 100


@dataclass(frozen=True)
class Questions:
    """What is asked of the interval of which most is asked."""

    # different counts of people, by what they count and not by their names
    counts: int
    # the same by every grouping
    tables: int
    # measures with these counts
    measures: tuple[str, ...]

    @property
    def are_many(self) -> bool:
        return self.counts > MANY

    def as_json(self) -> dict[str, Any]:
        return {"counts": self.counts, "tables": self.tables, "said": self.said}

    @property
    def said(self) -> str:
        asked = (
            f"Of one interval {self.counts} different counts of people are asked, in "
            f"{self.tables} tables."
        )
        if not self.are_many:
            return asked
        return (
            f"{asked} That is more than {MANY}: a reader who asks so often about nearly "
            "the same people can take the mean of what rounding makes of them. See "
            f"that the study needs them all ({self._names})."
        )

    @property
    def _names(self) -> str:
        more = len(self.measures) - 5
        return ", ".join(self.measures[:5]) + (
            f" and {more} more measures" if more > 0 else ""
        )


def questions(structure: Structure, shapes: Iterable[MeasureShape]) -> Questions:
    """Of the interval in which the most different counts are asked; the first of
    several.
    """
    tables: dict[Any, dict[tuple[str, tuple[str, ...]], None]] = {}
    named: dict[Any, dict[str, None]] = {}
    for shape in shapes:
        asked = [
            (count, shape.group_by)
            for count in structure.measures[shape.name].counts.values()
        ]
        people = [
            each for each in asked if structure.counts[each[0]].kind is Kind.PEOPLE
        ]
        for interval in shape.intervals:
            tables.setdefault(interval, {}).update(dict.fromkeys(people))
            named.setdefault(interval, {})[shape.name] = None
    found = [
        Questions(
            len({count for count, _ in tables[each]}),
            len(tables[each]),
            tuple(named[each]),
        )
        for each in sorted(tables)
    ]
    return max(
        found, key=lambda each: (each.counts, each.tables), default=Questions(0, 0, ())
    )
