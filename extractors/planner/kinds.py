"""How a series changes from one period to the next (extractors/planner/README.md#kinds)."""

from dataclasses import dataclass
from enum import StrEnum

STATIC_TABLE = "static values"  # with a space, so no author's table can have this name
PERSON = "hash of the person"  # a column of it, with spaces, so that no series has this name


class Kind(StrEnum):
    STATIC = "static"  # never mentions INTERVAL: once
    TIMELINE = "timeline"  # changes at dates known per patient: once, as ranges of periods
    WINDOW = "window"  # rows that fall in the period: from those rows alone
    GENERAL = "general"  # anything else: plain SQL per period; always correct, never clever


@dataclass(frozen=True)
class Part:
    """The kind of one series, the rule that chose it, and why it is not a better one."""

    kind: Kind
    rule: str
    why: str
