"""Numbers of a data report in words."""

from measures.describe.found import Described
from measures.release.report import numbers

WITHHELD = "withheld"
MOST_NAMED = 3  # values of a category in one line


def share(part: int | None, whole: int | None) -> str:
    """As `12%`; `<1%` for what would round to nothing."""
    if part is None:
        return WITHHELD
    if not whole:
        return "–"
    percent = part / whole * 100
    return "<1%" if 0 < percent < 1 else f"{percent:.0f}%"


def missing(found: Described) -> str:
    """The share of people without a value."""
    return share(found.missing, found.people)


def value(of: object) -> str:
    """A value of a variable."""
    if isinstance(of, bool):
        return "yes" if of else "no"
    return str(of) or "(empty)"


def _nothing(found: Described) -> str:
    """Why no value is shown."""
    if found.values:
        return WITHHELD
    return (
        "no value"
        if found.missing == found.people
        else "no value that enough people share to be named"
    )


def shape(found: Described) -> str:
    """One line: the quarters of what has an order, the most frequent values of a
    category.
    """
    if found.quarters:
        quarter, half, most = map(str, found.quarters)
        return f"median {half}, quarters {quarter} and {most}"
    shown = sorted(
        (each for each in found.values if each.people),
        key=lambda each: -(each.people or 0),
    )
    if not shown:
        return _nothing(found)
    named = [
        f"{value(each.value)} {share(each.people, found.people)}"
        for each in shown[:MOST_NAMED]
    ]
    more = len(found.values) - len(named)
    return ", ".join(named) + (
        f", {numbers.plural(more, 'more value')}" if more else ""
    )
