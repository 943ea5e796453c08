"""How a series changes from one period to the next
(extractors/planner/README.md#kinds).
"""

from dataclasses import dataclass
from enum import StrEnum

STATIC_TABLE = "static values"  # with a space, so no author's table can have this name
# a column of it, with spaces, so that no series has this name
PERSON = "hash of the person"


class Kind(StrEnum):
    STATIC = "static"  # never mentions INTERVAL: once
    # changes at dates known per patient: once, as ranges of periods
    TIMELINE = "timeline"
    WINDOW = "window"  # rows that fall in the period: from those rows alone
    # anything else: plain SQL per period; always correct, never clever
    GENERAL = "general"


@dataclass(frozen=True)
class Part:
    """The kind of one series, the rule that chose it, and why it is not a better
    one.
    """

    # where the series is computed: once, per period, or on a timeline
    kind: Kind
    # the name of the rule that chose the kind, as `plan --series` prints it
    rule: str
    # in words, what kept it from a kind that costs less
    why: str
