"""Where in time the value of a series may change.

On a ladder of periods (starts and ends never fall) a comparison of a date with INTERVAL
holds for a prefix or a suffix of the periods. Between the places where one of its
comparisons tips over, a series is constant, so it need be computed only once there.
This module says what a tipping place is; `rules` find them. A place too many costs a
little, a place too few would be wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from extractors.model import nodes

# operations nested in each other; DuckDB's parser takes 1,000 levels, and one operation
# is up to four
DEEPEST = 150
# a scan each; a condition of 1,000 dates took minutes, and the general query seconds
MOST_TIPS = 200


@dataclass(frozen=True)
class Tip:
    """A place where a value may change: the first period whose `moment` reaches `date`.

    latest blood test before INTERVAL.start, of a test on 10 May, weeks from Mondays:

    week of      2 May   9 May   16 May   23 May
    value        (none)  (none)  10 May   10 May
                                 ^ the tip: the first week that begins after 10 May
    """

    # a date of INTERVAL that never falls from period to period
    moment: nodes.Series
    # never mentions INTERVAL; one per patient, or one for each row of `rows`. None: the
    # place is wherever `moment` itself has another value than before
    date: nodes.Series | None = None
    # the rows that `date` is a column of; None for one date per patient
    rows: nodes.Frame | None = None
    # whether the moment must lie after the date, not only reach it
    passed: bool = False
    # also so many months later, and again: birthdays are every 12
    every: int = 0


@dataclass(frozen=True)
class Motion:
    """What is known of where a node may change."""

    # all of them; between two of them the value stays as it is
    tips: frozenset[Tip] = frozenset()
    # the name of the rule that found them
    rule: str = "static"
    # why they are not known; empty if they are
    why_not: str = ""
    # whether the node is a date of INTERVAL alone, which can only be compared
    moment: bool = False

    @property
    def steps(self) -> bool:
        """Constant between its tips."""
        return not self.why_not and not self.moment


Known = Mapping[nodes.Node, Motion]
Dates = list[tuple[nodes.Frame | None, nodes.Series]]
STILL = Motion()


def together(motions: Iterable[Motion], rule: str) -> Motion:
    """Constant where all of these are; a motion with a reason if one of them is not of
    steps.
    """
    motions = list(motions)
    reasons = [
        motion.why_not or "the date of the period is used as a value"
        for motion in motions
        if not motion.steps
    ]
    if reasons:
        return Motion(rule=rule, why_not=reasons[0])
    return Motion(frozenset().union(*(motion.tips for motion in motions)), rule)


def dates_of(node: nodes.Series, known: Known) -> Dates | None:
    """Dates without INTERVAL of which a series of dates always has one (or NULL), each
    with its rows.

    None where they can't be listed, or would be more than a series may change at: a
    choice between a date and the same date moved, eighteen times over, has 260,000.
    """
    return _dates_of(node, known, {}) if nodes.depth(node) <= DEEPEST else None


def _dates_of(
    node: nodes.Series, known: Known, made: dict[nodes.Series, Dates | None]
) -> Dates | None:
    if node not in made:
        found = _listed(node, known, made)
        once = found and list(dict.fromkeys(found))
        made[node] = once if once is None or len(once) <= MOST_TIPS else None
    return made[node]


def _listed(
    node: nodes.Series, known: Known, made: dict[nodes.Series, Dates | None]
) -> Dates | None:
    if not node.interval:
        return [(None, node)]
    if known[node].moment:
        return None
    match node:
        case nodes.Column(source=nodes.Pick(source=frame), name=name):
            return [(unmoved(frame), nodes.Column(frame.table, name))]
        case nodes.Aggregate(
            operation="minimum" | "maximum", source=nodes.Series() as source
        ):
            own = at_table(source)
            return None if own.interval else [(unmoved(node.rows), own)]
        case nodes.Call(operation="coalesce" | "maximum_of" | "minimum_of"):
            return _all_dates(node.arguments, known, made)
        case nodes.Call(operation="case"):
            return _all_dates((*node.arguments[1::2], node.arguments[-1]), known, made)
        case nodes.Call(
            operation="add_days" | "add_months" as operation, arguments=(date, count)
        ) if (
            # each row by a number of its own would be another date
            not count.interval and count.domain is None
        ):
            found = _dates_of(date, known, made)
            return found and [
                (rows, nodes.Call(operation, (each, count))) for rows, each in found
            ]
    return None


def _all_dates(
    series: Iterable[nodes.Series], known: Known, made: dict[nodes.Series, Dates | None]
) -> Dates | None:
    found: Dates = []
    for each in series:
        dates = _dates_of(each, known, made)
        if dates is None:  # one of them is unknown, so the latest may be it
            return None
        found += dates
    return found


def at_rows(tips: Iterable[Tip], frame: nodes.Frame) -> frozenset[Tip]:
    """The tips of a condition or value of rows, as tips of those rows of a frame that
    can matter.
    """
    rows = unmoved(frame)
    return frozenset(replace(tip, rows=rows) if _of_rows(tip) else tip for tip in tips)


def _of_rows(tip: Tip) -> bool:
    return tip.rows is None and tip.date is not None and tip.date.domain is not None


def unmoved(frame: nodes.Frame) -> nodes.Frame:
    """The rows of a frame without those of its conditions that mention INTERVAL."""
    rows: nodes.Frame = frame.table
    for condition in reversed(nodes.conditions(frame)):
        if not condition.interval:
            rows = nodes.Where(rows, condition)
    return rows


def at_table(series: nodes.Series) -> nodes.Series:
    """A series of rows, read from the table itself: filters leave a row's values as
    they are.

    What aggregates stand in it keep their own rows.
    """
    made: dict[nodes.Node, nodes.Node] = {}
    for node in nodes.walk([series]):
        made[node] = node
        if isinstance(node, nodes.Column) and node.domain is not None:
            made[node] = nodes.Column(node.source.table, node.name)
        elif isinstance(node, nodes.Call):
            arguments = tuple(made[each] for each in node.arguments)
            made[node] = nodes.Call(node.operation, arguments)  # type: ignore[arg-type]
    return made[series]  # type: ignore[return-value]
