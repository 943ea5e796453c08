"""The SQL of a series, and what has to be there before it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The SQL of a series."""

    # an expression
    sql: str
    # The names of the relations that it reads.
    needs: frozenset[str] = frozenset()
    # How many times the rows it is about have been given further columns that it reads.
    stage: int = 0
    # How many operations are nested in it.
    depth: int = 0


def together(texts: Iterable[Text]) -> tuple[frozenset[str], int]:
    """What several texts read between them: relations, and the latest stage of rows."""
    texts = list(texts)
    needs = frozenset[str]().union(*(text.needs for text in texts))
    return needs, max((text.stage for text in texts), default=0)
