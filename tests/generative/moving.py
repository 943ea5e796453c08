"""Draws measures whose series move with the period, over ladders of many periods.

As `author`, but most conditions compare dates with INTERVAL: flags and ages as of a
day, rows that fall in the period or in a time that rolls along with it, the latest row
before it.
"""

from datetime import date, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from extractors.language.base import wrap
from extractors.language.dates import months, weeks
from extractors.model import nodes
from measures.definitions import Interval, create_measures
from tests.generative.author import TABLES, Author
from tests.generative.strategies import EVERYBODY, Example, records_for
from tests.generative.values import ORDINARY, Pools

FIRST = date(2019, 12, 30)  # a Monday
LAST = date.max
# Around the periods, with births on leap days and ends of months among them, and dates
# far outside.
DATES = (
    *(
        FIRST + timedelta(day)
        for day in (
            -400,
            -31,
            -8,
            -1,
            0,
            1,
            3,
            6,
            7,
            8,
            13,
            14,
            20,
            27,
            34,
            60,
            61,
            62,
            91,
            400,
        )
    ),
    *map(
        date.fromisoformat,
        "1979-12-31 1980-02-29 1980-03-01 1990-01-01 1900-01-01 2100-12-31 9999-12-20 9999-12-31".split(),
    ),
)
LADDERS: tuple[tuple[Interval, ...], ...] = (
    tuple(weeks(9).starting_on(FIRST)),
    tuple(months(4).starting_on("2019-12-01")),
    # rolling, overlapping
    tuple((FIRST + timedelta(7 * k - 28), FIRST + timedelta(7 * k)) for k in range(7)),
    # one day each, gaps
    tuple((FIRST + timedelta(k), FIRST + timedelta(k)) for k in (0, 1, 2, 7, 61, 62)),
    # the whole time beside its weeks
    ((FIRST, FIRST + timedelta(62)), *weeks(9).starting_on(FIRST)),
    ((FIRST, FIRST + timedelta(62)),),
    tuple(
        (FIRST + timedelta(a), FIRST + timedelta(b))
        for a, b in ((0, 6), (0, 13), (3, 13), (5, 40), (6, 6), (60, 61))
    ),
    # the last there are, descending
    tuple((LAST - timedelta(7 * k + 6), LAST - timedelta(7 * k)) for k in range(4)),
)
COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
AGES = (0, 1, 20, 39, 40, 41)


class MovingAuthor(Author):
    """An author whose conditions are mostly about time."""

    def moment(self) -> nodes.Series:
        day: nodes.Series = nodes.Parameter(
            self.choose(("interval_start", "interval_end"))
        )
        match self.choose(("plain", "plain", "plain", "days", "months", "first")):
            case "days":
                return nodes.Call(
                    "add_days",
                    (day, nodes.Literal(self.choose((-28, -7, -1, 1, 7)), int)),
                )
            case "months":
                return nodes.Call(
                    "add_months", (day, nodes.Literal(self.choose((-12, -1, 1)), int))
                )
            case "first":
                return nodes.Call(
                    self.choose(("first_of_month", "first_of_year")), (day,)
                )
        return day

    def some_date(self, rows: nodes.Frame | None, depth: int) -> nodes.Series:
        if rows is not None and not self.chance(4):
            return nodes.Column(rows, self.name(date))
        return (
            self.leaf(date, None, depth)
            if self.chance(2)
            else nodes.Column(TABLES["p"], self.name(date))
        )

    def timely(self, rows: nodes.Frame | None, depth: int) -> nodes.Series:
        """A condition on the period."""
        match self.choose(("date", "date", "during", "during", "age", "year", "open")):
            case "during":
                day, (start, end) = (
                    self.some_date(rows, depth),
                    map(nodes.Parameter, nodes.PARAMETERS),
                )
                return nodes.Call(
                    "and",
                    (nodes.Call("ge", (day, start)), nodes.Call("le", (day, end))),
                )
            case "age":
                return nodes.Call(
                    self.choose(COMPARISONS),
                    (self.age(rows, depth), nodes.Literal(self.choose(AGES), int)),
                )
            case "year":
                year = nodes.Call("year", (self.moment(),))
                return nodes.Call(
                    "eq", (year, nodes.Literal(self.choose((2019, 2020)), int))
                )
            case "open":
                date_of_end, moment = self.some_date(rows, depth), self.moment()
                is_open = nodes.Call("is_null", (date_of_end,))
                return nodes.Call(
                    "or", (is_open, nodes.Call("ge", (date_of_end, moment)))
                )
        pair = self._either_way(self.some_date(rows, depth), self.moment())
        return nodes.Call(self.choose(COMPARISONS), tuple(pair))

    def age(self, rows: nodes.Frame | None, depth: int) -> nodes.Series:
        pair = (self.some_date(rows, depth), self.moment())
        if self.chance(3):
            days = nodes.Call("days_between", pair if self.chance(2) else pair[::-1])
            return nodes.Call(
                "floor_divide", (days, nodes.Literal(self.choose((7, 30, 365)), int))
            )
        whole = nodes.Call("months_between", pair if not self.chance(4) else pair[::-1])
        return nodes.Call("floor_divide", (whole, nodes.Literal(12, int)))

    def moving(self, of: type, depth: int = 2) -> nodes.Series:
        """A patient series that most often moves."""
        if of is bool:
            return self.choose((self._flag, self._seen, self._combined, self._plain))(
                depth
            )
        if of is int:
            return self.choose((self._count, self._count, self._age, self._number))(
                depth
            )
        return self.series(of, None, depth, exact=True)

    def _flag(self, depth: int) -> nodes.Series:
        return self.timely(None, depth)

    def _plain(self, depth: int) -> nodes.Series:
        return self.series(bool, None, depth, exact=True)

    def _seen(self, depth: int) -> nodes.Series:
        return nodes.Aggregate("exists", self.frame(depth))

    def _combined(self, depth: int) -> nodes.Series:
        parts = [
            self.moving(bool, depth - 1) if depth > 1 else self._seen(1)
            for _ in range(2)
        ]
        joined = nodes.Call(self.choose(("and", "and", "or")), tuple(parts))
        return nodes.Call("not", (joined,)) if self.chance(4) else joined

    def _count(self, depth: int) -> nodes.Series:
        return nodes.Aggregate("count", self.frame(depth))

    def _age(self, depth: int) -> nodes.Series:
        return self.age(None, 1)

    def _number(self, depth: int) -> nodes.Series:
        return self.aggregate(int, depth, exact=True)

    def _condition(self, frame: nodes.Frame, depth: int) -> nodes.Series:
        if self.chance(3):
            return super()._condition(frame, depth)
        return self.timely(self.choose(list(nodes.lineage(frame))), depth - 1)


@st.composite
def moving_studies(draw, pools: Pools = ORDINARY) -> Example:
    """Up to three measures over one or two ladders; they may share groups and
    denominators.

    Dates are around the periods whatever `pools` has.
    """
    author = MovingAuthor(draw, pools.written)
    groups = {
        name: author.moving(author.choose((bool, int, str))) for name in ("g1", "g2")
    }
    denominators = [EVERYBODY, author.moving(bool), author.moving(int)]
    study, roots = create_measures(), dict(groups)
    for name in ("first", "second", "third")[: author.choose((1, 2, 3))]:
        roots[f"{name}_numerator"] = numerator = author.moving(
            author.choose((bool, int))
        )
        roots[f"{name}_denominator"] = denominator = author.choose(denominators)
        chosen = {group: wrap(groups[group]) for group in author.several(list(groups))}
        try:
            study.define_measure(
                name,
                wrap(numerator),
                wrap(denominator),
                group_by=chosen,
                intervals=list(author.choose(LADDERS)),
            )
        except (
            ValueError
        ) as refused:  # a label that would be hidden or run is no example
            assume("has the label" not in str(refused))
            raise
    dates = (*DATES, *pools.stored[date]) if pools is not ORDINARY else DATES
    around = Pools(written=pools.written, stored={**pools.stored, date: dates})
    return Example(roots, draw(records_for(roots, around)), measures=list(study))
