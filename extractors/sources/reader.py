"""How a column is read: SQL for its values, and for the rows that break a rule."""

import datetime
from dataclasses import dataclass

from extractors.sql.operations import sql_type


@dataclass(frozen=True)
class Rule:
    """What rows must not be, and what to do about it."""

    # what a row must not be, as `earlier than birth`
    words: str
    # what a site can do about it
    remedy: str


@dataclass(frozen=True)
class Fault:
    """What some rows may be, which breaks a rule."""

    # SQL that is true for such a row, and never NULL
    condition: str
    # the one that it breaks
    rule: Rule
    # an aggregate that is true if there may be one; empty: nothing costs less than to
    # count
    quick: str = ""


@dataclass(frozen=True)
class Reading:
    """How to read a column."""

    # SQL that fails on what cannot be read
    value: str
    # SQL that gives NULL, or anything, for it
    lenient: str
    # none where every stored value is fine
    faults: tuple[Fault, ...] = ()
    # of a code: the text that is stored
    raw: str = ""

    @property
    def fault(self) -> str:
        """SQL that is true for the rows with a fault, and never NULL; empty if there
        are none.
        """
        return (
            f"({' OR '.join(each.condition for each in self.faults)})"
            if self.faults
            else ""
        )

    @property
    def there(self) -> str:
        """SQL that is NULL where nothing is stored, or nothing that can be read; of
        codes, without a look at them.
        """
        return self.raw or self.lenient


def stored_type(type_: type) -> str:
    """The DuckDB type in which a column of this type is handed on; of moments, too,
    which OMOP has and no series is.
    """
    return "TIMESTAMP" if type_ is datetime.datetime else sql_type(type_)


def safe(expression: str) -> Reading:
    return Reading(expression, expression)


def cast(x: str, type_: type) -> Reading:
    return Reading(
        f"CAST({x} AS {stored_type(type_)})", f"TRY_CAST({x} AS {stored_type(type_)})"
    )


def faulty(
    x: str, reading: Reading, wrong: str, rule: Rule, quick: str = ""
) -> Reading:
    fault = Fault(f"({x} IS NOT NULL AND coalesce({wrong}, TRUE))", rule, quick)
    return Reading(reading.value, reading.lenient, (fault,))


def unless_empty(x: str) -> str:
    """Text that stands for something else: empty means missing, as in CSV."""
    return f"nullif({x}, '')"
