"""What a data report is made of: which measure counts what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class People:
    """The people whose variables are described: a population or a denominator."""

    # in words: `population`, or of which measures it is the denominator
    name: str
    # the measure that counts them among everybody of whom there are records
    measure: str


@dataclass(frozen=True)
class Variable:
    """A variable, and the measure that counts its values."""

    name: str
    # `variable`, `numerator` or `group`
    role: str
    # as the language calls it
    type: str
    # of `shapes.py`
    kind: str
    measure: str
    # the measure that counts the people whose values it has
    people: str
    # its groups from the lowest on, where they have an order of their own
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """A code of a codelist, and the measure that counts who has it."""

    code: str
    # empty where the list is too long
    measure: str = ""


@dataclass(frozen=True)
class Codes:
    """A codelist as it is looked for in a column, and the measures that count its
    rows.
    """

    # its file; empty for codes that the definition itself says
    codelist: str
    table: str
    column: str
    # the day of a row; empty where the definition reads none, so that there is no time
    date: str
    codes: tuple[Code, ...]
    # who has a row at all, in the whole time
    ever: str
    # who has one in each step of time, and how many rows there are; empty where there
    # is no time
    patients: str = ""
    rows: str = ""


@dataclass(frozen=True)
class Outline:
    """Everything that a data report tells."""

    # the first and the last day of the period of variables that move; None where
    # nothing moves
    period: tuple[str, str] | None
    people: tuple[People, ...]
    variables: tuple[Variable, ...]
    codelists: tuple[Codes, ...]
