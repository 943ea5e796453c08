"""The places at which something may change for a patient, as SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.model import nodes
from extractors.planner.kinds import STATIC_TABLE
from extractors.sql.cells import PLACE
from extractors.sql.operations import TEMPLATES
from extractors.sql.positions import position_sql
from extractors.sql.query import Compiler
from extractors.sql.words import quote

DAYS_OF = {"add_days": 1, "add_months": 30}
MOST = 5_000  # days or months; further moves are rare, and could lead out of the calendar


@dataclass(frozen=True)
class Border:
    """Where the sorted dates `among` reach (have passed) a date, and also `every` so many months later."""

    date: nodes.Series
    rows: nodes.Frame | None
    among: tuple
    passed: bool
    every: int


def borders_sql(borders: Iterable[Border], fixed: Iterable[int], count: int) -> str:
    """SELECT of patient_id and place for every border, those of `fixed` for everybody; 0 < place < `count`."""
    by_rows: dict[nodes.Frame | None, list[Border]] = {}
    for border in borders:
        by_rows.setdefault(border.rows, []).append(border)
    parts = [part for rows, members in by_rows.items() for part in _of_rows(rows, members)]
    everywhere = sorted(set(fixed))
    if everywhere:
        parts.append(f"SELECT patient_id, unnest({everywhere}) AS {quote(PLACE)} FROM {quote(STATIC_TABLE)}")
    inside = f"WHERE {quote(PLACE)} > 0 AND {quote(PLACE)} < {count}"
    return " UNION ALL ".join(f"SELECT * FROM ({part}) {inside}" for part in parts)


def _of_rows(rows: nodes.Frame | None, borders: Sequence[Border]) -> list[str]:
    compiler = _BorderCompiler(rows)
    compiler.add([*(border.date for border in borders), *(nodes.conditions(rows) if rows else ())])
    return [compiler.border(border) for border in borders]


class _BorderCompiler(Compiler):
    def __init__(self, rows: nodes.Frame | None) -> None:
        super().__init__(STATIC_TABLE)
        self.rows = rows

    def border(self, border: Border) -> str:
        date = self.texts[border.date]
        place = (
            _anniversaries(date.sql, border) if border.every else position_sql(date.sql, border.among, border.passed)
        )
        column = f"{place} AS {quote(PLACE)}"
        near = self._near(border)
        if self.rows is None:
            return f"{self.with_relations()}{self._select([column], date.needs)} WHERE {near}"
        rows, _, _, _ = self._rows(self.rows, [date], False)
        also = "AND" if nodes.conditions(self.rows) else "WHERE"
        return f"{self.with_relations()}SELECT e.patient_id, {column} {rows} {also} {near}"

    def _near(self, border: Border) -> str:
        """A condition that leaves out most dates whose place is not inside the ladder, before more is computed.

        Of a date moved by days or months it looks at the date before, give or take what months differ in length.
        """
        if border.every:
            return "TRUE"
        date, days = _unmoved(border.date)
        first, last = border.among[0], border.among[-1]
        slack = abs(days) // 50 + 35
        x = self.texts[date].sql
        return f"{x} >= DATE '{first}' - {days + slack} AND {x} <= DATE '{last}' - {days - slack}"


def _unmoved(date: nodes.Series) -> tuple[nodes.Series, int]:
    """The date that another is so many days after, about."""
    match date:
        case nodes.Call(operation=operation, arguments=(moved, nodes.Literal(value=int() as count))) if (
            operation in DAYS_OF and abs(count) <= MOST
        ):
            return moved, count * DAYS_OF[operation]
    return date, 0


def _anniversaries(date: str, border: Border) -> str:
    """The places of date + n * every months, for each n whose day lies within the ladder."""
    start, end = (_whole(date, f"DATE '{border.among[side]}'", border.every) for side in (0, -1))
    day = TEMPLATES["add_months"](date, f"(n * {border.every})")
    place = position_sql(day, border.among, border.passed)
    return f"unnest(list_transform(range({start} + 1, {end} + 1), lambda n: {place}))"


def _whole(start: str, end: str, every: int) -> str:
    months = TEMPLATES["months_between"](start, end)
    return TEMPLATES["floor_divide"](months, f"CAST({every} AS BIGINT)")
