"""The time that a definition asks about, as far as its dates say it."""

import datetime
from collections.abc import Iterable

from extractors.model import nodes

# of made-up records, if the definition names no date
SPAN = (datetime.date(2019, 4, 1), datetime.date(2022, 6, 5))
PLAUSIBLE = (datetime.date(2000, 1, 1), datetime.date(2030, 12, 31))


def span_of_interest(
    roots: Iterable[nodes.Node],
) -> tuple[datetime.date, datetime.date]:
    """The time that made-up records should cover: that of the dates in the definition,
    at least three years.
    """
    values = []
    for node in nodes.walk(roots):
        if isinstance(node, nodes.Literal):
            values.append(node.value)
    dates = []
    for v in values:
        if isinstance(v, datetime.date) and PLAUSIBLE[0] <= v <= PLAUSIBLE[1]:
            dates.append(v)
    first, last = min(dates, default=SPAN[0]), max(dates, default=SPAN[1])
    return min(first, last - (SPAN[1] - SPAN[0])), last
