"""Measures of the old language: sums of a study's columns."""

from collections.abc import Sequence
from typing import Any

from extractors.language.reading import current
from measures.cohortextractor.asked import RefusedAt


class Measure:
    """As authors call it. Suppression is not the author's to switch: all counts are
    protected.
    """

    def __init__(
        self,
        id: str,
        denominator: str,
        numerator: str,
        group_by: Any = None,
        small_number_suppression: bool = False,
    ):
        self.place = current().locate()
        self.id = id
        self.denominator, self.numerator = denominator, numerator
        self.group_by: Sequence[str] = (
            (group_by,) if isinstance(group_by, str) else tuple(group_by or ())
        )
        for role, name in (("denominator", denominator), ("numerator", numerator)):
            if name in self.groups:
                message = (
                    f"the measure {id!r} has {name!r} as its {role} and in group_by; "
                    "a column has one role"
                )
                raise RefusedAt.of([(message, self.place)])

    @property
    def groups(self) -> tuple[str, ...]:
        """Of the whole population there are no groups."""
        return tuple(name for name in self.group_by if name != "population")
