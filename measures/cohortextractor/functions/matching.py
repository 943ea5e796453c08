"""What is returned of the rows that match: a flag, a number of them, a day, or a value
of one of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.model import nodes
from extractors.model.types import Code
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked, Wrong, one_of_these
from measures.cohortextractor.columns import Column, dated, precision_of
from measures.cohortextractor.dates import Period
from measures.cohortextractor.making import Frame, Series, call

# Of the row that is chosen, a column.
Value = Callable[[Frame], Column]
RETURNS = {
    "return_binary_flag": ("binary_flag", None),
    "return_number_of_matches_in_period": ("number_of_matches_in_period", None),
    "return_first_date_in_period": ("date", False),
    "return_last_date_in_period": ("date", True),
}
FLAG, COUNT = "binary_flag", "number_of_matches_in_period"


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a table that match, before a period is asked for."""

    # with the conditions of the match
    frame: Frame
    # the column that says when
    date: str
    # columns that decide between rows of one day
    ties: Sequence[str] = ()
    # whether the least of these counts, also for the last day; they are whole numbers
    least: bool = False

    @property
    def day(self) -> Series:
        """Of each row; an undated one is on the last day that there is."""
        return making.call("coalesce", making.column(self.frame, self.date), making.FAR)

    def where(self, *conditions: Series) -> "Rows":
        return replace(self, frame=making.rows_where(self.frame, *conditions))

    def within(self, period: Period) -> "Rows":
        return self.where(*period.holds(making.column(self.frame, self.date)))

    def pick(self, *, last: bool) -> Frame:
        keys = [self.day]
        for name in self.ties:
            key = making.column(self.frame, name)
            keys.append(call("negate", key) if self.least and last else key)
        return making.picked(self.frame, keys, last=last)

    def extreme_day(self, *, last: bool) -> Series:
        return making.extreme(self.day, last=last)


def wanted(asked: Asked) -> tuple[str, bool]:
    """What is returned, and whether of the last match; both first and last are the
    first.
    """
    last = not asked["find_first_match_in_period"]
    returning = asked["returning"]
    for name, (instead, of_last) in RETURNS.items():
        if asked[name]:
            returning = instead
            last = last if of_last is None else of_last
    return returning, last


def precision(asked: Asked) -> int:
    return precision_of(
        asked["date_format"], asked["include_month"], asked["include_day"]
    )


def returned(
    asked: Asked,
    rows: Rows,
    values: Mapping[str, Value],
    *,
    date: str = "date",
) -> Column:
    """What a function returns of its rows. `values` are what it knows beside a flag, a
    number and the `date`.
    """
    returning, last = wanted(asked)
    one_of_these(returning, (FLAG, COUNT, date, *values), "returning")
    day = rows.extreme_day(last=last)
    if returning == FLAG:
        column = Column("flag", making.exists(rows.frame), day=day)
    elif returning == COUNT:
        column = Column("int", making.count(rows.frame), day=day)
    elif returning == date:
        column = dated(day, precision(asked))
    else:
        column = replace(values[returning](rows.pick(last=last)), day=day)
    if asked["include_date_of_match"]:
        column = replace(column, companion=("date", dated(day, precision(asked))))
    return column


def text_of(name: str) -> Value:
    """A text or a code of the chosen row."""
    return lambda row: Column("str", as_text(making.column(row, name)))


def number_of(name: str) -> Value:
    return lambda row: Column("float", making.column(row, name))


def as_text(series: Series) -> Series:
    plain = series.type is str
    return series if plain else call("to_text", series)


def is_any(series: Series, texts: Sequence[str]) -> Series:
    """Whether a text or a code is one of some; what is no code of the column's system
    is looked for as a text.
    """
    if not issubclass(series.type, Code):
        return making.one_of(series, texts)
    codes, others = _sorted_out(series.type, tuple(texts))
    found = [call("in", series, codes)] if codes.values or not others.values else []
    if others.values:
        found.append(call("in", call("to_text", series), others))
    return making.either(*found)


@lru_cache(maxsize=1_000)  # a study asks for the same list hundreds of times
def _sorted_out(
    of: type[Code], texts: tuple[str, ...]
) -> tuple[nodes.Values, nodes.Values]:
    """The codes of a system among some texts, and the other texts."""
    codes = [of(text) for text in texts if of.pattern.fullmatch(text)]
    others = [text for text in texts if not of.pattern.fullmatch(text)]
    return nodes.Values(tuple(codes), of), nodes.Values(tuple(others), str)


def table(frame: object) -> nodes.Table:
    """The model's table of one that the language declares."""
    node = getattr(frame, "_node", None)
    assert isinstance(node, nodes.Table)
    return node


def refuse_first_and_last(asked: Asked, what: str) -> None:
    if asked["find_first_match_in_period"] or asked["find_last_match_in_period"]:
        raise Wrong(f"{what} is of all matches, so it goes with neither first nor last")
