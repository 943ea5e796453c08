"""The statements that a piece of work would run, without a database.

The very functions that carry a plan out are called with a `Recorded` in the place of an
Engine, so what is shown cannot drift from what is run.
"""

from collections.abc import Mapping

import pyarrow as pa

from extractors.engine import Engine


class Recorded(Engine):
    """An engine that runs nothing, and keeps what it was asked for in `statements`.

    Work that looks at the answers of its engine cannot be recorded: each is empty.

    >>> engine = Recorded()
    >>> engine.execute("SELECT 1")
    []
    >>> engine.statements
    ['SELECT 1']
    """

    def __init__(self) -> None:
        # not the Engine's own: it would open a DuckDB
        self.statements: list[str] = []

    def __enter__(self) -> "Recorded":
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close."""

    def execute(self, sql: str, parameters: Mapping | None = None) -> list[tuple]:
        self.statements.append(sql)
        return []

    def arrow(self, sql: str, parameters: Mapping | None = None) -> pa.Table:
        self.statements.append(sql)
        return pa.table({})
