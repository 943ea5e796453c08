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

    # of the variable or group
    name: str
    # `variable`, `numerator` or `group`
    role: str
    # as the language calls it
    type: str
    # of `shapes.py`
    kind: str
    # whose groups are its values
    measure: str
    # the measure that counts the people whose values it has
    people: str
    # its groups from the lowest on, where they have an order of their own
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """A code of a codelist, and the measure that counts who has it."""

    # as the list writes it
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
    # of the column
    table: str
    # in which the codes are looked for
    column: str
    # the day of a row; empty where the definition reads none, so that there is no time
    date: str
    # those that are counted by themselves
    codes: tuple[Code, ...]
    # who has a row at all, in the whole time
    ever: str
    # who has one in each step of time, and how many rows there are; empty where there
    # is no time
    patients: str = ""
    # the measure that counts rows by month or year
    rows: str = ""


@dataclass(frozen=True)
class Outline:
    """What a data report shows, before it is counted."""

    # the first and the last day of the period of variables that move; None where
    # nothing moves
    period: tuple[str, str] | None
    # whom the variables are described among
    people: tuple[People, ...]
    # in the order of the definition
    variables: tuple[Variable, ...]
    # one for each list and column
    codelists: tuple[Codes, ...]
