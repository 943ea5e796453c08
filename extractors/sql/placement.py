"""What a value has a row for: what the compiler asks, and the answers for patients.

A compiler (`sql.compiler`) asks its placement wherever it matters whether values have a
row per patient, as here, or a row per patient and period (`sql.cells`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.model import nodes
from extractors.sql.relations import Relation
from extractors.sql.texts import Text
from extractors.sql.words import quote


@dataclass(frozen=True)
class Source:
    """Rows that are wanted of a table, before their conditions are applied."""

    # The table, or the relation that has its rows with further columns.
    rows: str
    # What the rows are to fulfil.
    conditions: Sequence[nodes.Series]
    # Whether what is made of them has a value per period.
    moving: bool
    # Whether they know their periods by themselves (`Placement.early`).
    early: bool


class Placement:
    """One row per patient of a table; the dates of INTERVAL are parameters."""

    def __init__(self, base: str) -> None:
        # The table that has the rows; empty where there is no place to compute anything
        # before it is used.
        self.base = base

    @property
    def owner(self) -> str:
        """What expressions call the base."""
        return quote(self.base)

    @property
    def base_moves(self) -> bool:
        """Whether the base has a row per period."""
        return False

    def base_sql(self) -> str:
        """The base, as it follows FROM."""
        return quote(self.base)

    def base_keys(self) -> list[str]:
        """What tells the rows of the base apart."""
        return [f"{self.owner}.patient_id"]

    def moves(self, *parts: nodes.Node) -> bool:
        """Whether what is made of these nodes has a value per period."""
        return False

    def parameter(self, node: nodes.Parameter) -> str:
        """The SQL of a date of INTERVAL."""
        return f"${node.name}"

    def keys(self, moving: bool) -> list[str]:
        """What a relation made of rows `e` has one row for."""
        return ["e.patient_id"]

    def early(
        self,
        conditions: Sequence[nodes.Series],
        moving: bool,
        needs: Iterable[Relation],
    ) -> bool:
        """Whether rows with these conditions know their periods by themselves.

        They do not where they are joined (`needs`) to what does not.
        """
        return True

    def source(self, source: Source, texts: Mapping[nodes.Node, Text]) -> str:
        """What follows FROM for rows, as `e`; `texts` has the SQL of what they read."""
        return f"{quote(source.rows)} AS e"

    def same(self, relation: Relation, owner: str) -> str:
        """The condition that joins a relation to what reads it."""
        return f"{quote(relation.name)}.patient_id = {owner}.patient_id"

    def stays_written(self, node: nodes.Series) -> bool:
        """Whether a series must not be computed before it is used, however long it
        is.
        """
        return False
