"""What expressions read besides the base: relations with one row per patient, by
joins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.model import nodes
from extractors.sql.words import quote, text

BITS = 30  # answers in one number of 32 bits


@dataclass
class Relation:
    """What is joined to the static table: one row per patient."""

    # in SQL
    name: str
    # one above the highest of those that it needs; lower ones are made first
    level: int = 0
    # the names of those that its own SQL reads
    needs: set[str] = field(default_factory=set)
    # its SELECT; empty for a stored table
    body: str = ""
    # whether it has one row per patient and period instead
    moving: bool = False
    # whether it is made from the rows alone, before it is known whose periods are
    # wanted (`sql.cells`)
    early: bool = True
    # whether it has all rows of a table instead
    whole: bool = False


@dataclass(frozen=True)
class Scan:
    """The rows of a frame, read as `e`."""

    # FROM and WHERE.
    sql: str
    # The relations that are joined to the rows.
    needs: frozenset[str]
    # All that must come before: those, and the relation that gives the rows further
    # columns.
    reads: frozenset[str]
    # Whether the rows know their periods by themselves.
    early: bool


@dataclass
class Codelists:
    """A table of all codes that are looked for in a column: a bit for each list that a
    code is in.

    DuckDB compares with one code of a list after the other where the list does not
    occur in WHERE; a join with this table is one look-up for all lists.
    """

    # in which the codes are looked for
    column: str
    # the codes of each list; its place is the number of its bit
    lists: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"codes of {self.column}"

    def bit(self, codes: tuple[str, ...]) -> tuple[int, int]:
        """The word and the bit in it that say whether a row's code is among these."""
        if codes not in self.lists:
            self.lists.append(codes)
        return divmod(self.lists.index(codes), BITS)

    def word(self, number: int) -> str:
        return f"{quote(self.name)}.w{number}"

    def join(self) -> str:
        words = range(-(-len(self.lists) // BITS))
        rows = ", ".join(
            f"({', '.join([text(code), *map(str, bits)])})"
            for code, bits in self._bits().items()
        )
        columns = ", ".join(["code", *(f"w{number}" for number in words)])
        same = f"{quote(self.name)}.code = e.{quote(self.column)}"
        return f" LEFT JOIN (VALUES {rows}) AS {quote(self.name)}({columns}) ON {same}"

    def _bits(self) -> dict[str, list[int]]:
        words = -(-len(self.lists) // BITS)
        bits: dict[str, list[int]] = {}
        for number, codes in enumerate(self.lists):
            for code in codes:
                own = bits.setdefault(code, [0] * words)
                # list 70 is bit 10 of the third number, since each has BITS of them
                own[number // BITS] |= 1 << number % BITS
        return bits


@dataclass
class Aggregates(Relation):
    """Aggregates over the rows of one table, `e`, that share the conditions on
    INTERVAL.
    """

    # the table in SQL
    source: str = ""
    # the conditions that all of them have
    shared: list[str] = field(default_factory=list)
    # the SQL of each aggregate; the third is named v2
    columns: list[str] = field(default_factory=list)
    # conditions of which it is wanted whether some row fulfils them: one bit each
    flags: list[str] = field(default_factory=list)
    # a column of codes -> the table of all lists that are looked for in it
    codelists: dict[str, Codelists] = field(default_factory=dict)
    # the sets of conditions, each once, in the order in which they came
    filters: dict[tuple[nodes.Series, ...], None] = field(default_factory=dict)

    def column(self, body: str) -> str:
        """The name of the column that holds this aggregate, added if it is new."""
        if body not in self.columns:
            self.columns.append(body)
        return f"v{self.columns.index(body)}"

    def flag(self, conditions: list[str]) -> str:
        """Whether some row fulfils these conditions: a bit of a number, for one
        aggregate costs less than many.
        """
        wanted = " AND ".join(conditions) or "TRUE"
        if wanted not in self.flags:
            self.flags.append(wanted)
        word, bit = divmod(self.flags.index(wanted), BITS)
        return f"coalesce(({quote(self.name)}.b{word} & {1 << bit}) <> 0, FALSE)"

    def listed(self, column: str, codes: tuple[str, ...]) -> str:
        """Whether the code in a column of a row is among these; NULL for codes in no
        list.
        """
        lists = self.codelists.setdefault(column, Codelists(column))
        word, bit = lists.bit(codes)
        return f"(({lists.word(word)} & {1 << bit}) <> 0)"

    def look_ups(self) -> str:
        """The joins that `listed` reads."""
        return "".join(lists.join() for lists in self.codelists.values())

    def select(self) -> list[str]:
        """Every column with its name."""
        words = []
        for first in range(0, len(self.flags), BITS):
            words.append(self.flags[first : first + BITS])
        columns = [f"{body} AS v{number}" for number, body in enumerate(self.columns)]
        return columns + [
            f"{_any_row(flags)} AS b{number}" for number, flags in enumerate(words)
        ]


def _any_row(flags: Sequence[str]) -> str:
    """An aggregate with a bit for each of some conditions: whether any row fulfils
    it.
    """
    return f"bit_or({' | '.join(f'CASE WHEN {flag} THEN {1 << bit} ELSE 0 END' for bit, flag in enumerate(flags))})"
