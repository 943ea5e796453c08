"""The places at which something may change for a patient, as SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.model import nodes
from extractors.planner.kinds import STATIC_TABLE
from extractors.sql.cells import PLACE
from extractors.sql.compiler import Compiler
from extractors.sql.operations import TEMPLATES
from extractors.sql.placement import Placement
from extractors.sql.positions import position_sql
from extractors.sql.words import quote

DAYS_OF = {"add_days": 1, "add_months": 30}
# days or months; further moves are rare, and could lead out of the calendar
MOST = 5_000


@dataclass(frozen=True)
class Border:
    """Where the sorted dates `among` reach (have passed) a date, and also `every` so
    many months later.
    """

    # a series without INTERVAL
    date: nodes.Series
    # the rows that it is a column of; None for one date per patient
    rows: nodes.Frame | None
    # the sorted dates of the ladder's places
    among: tuple
    # whether a place must lie after the date, not only reach it
    passed: bool
    # also so many months later, and again; 0: once
    every: int


def borders_sql(borders: Iterable[Border], fixed: Iterable[int], count: int) -> str:
    """SELECT of patient_id and place for every border, those of `fixed` for everybody;
    0 < place < `count`.
    """
    by_rows: dict[nodes.Frame | None, list[Border]] = {}
    for border in borders:
        by_rows.setdefault(border.rows, []).append(border)
    parts: list[str] = []
    for rows, members in by_rows.items():
        parts += _of_rows(rows, members)
    everywhere = sorted(set(fixed))
    if everywhere:
        parts.append(
            f"SELECT patient_id, unnest({everywhere}) AS {quote(PLACE)} FROM "
            f"{quote(STATIC_TABLE)}"
        )
    inside = f"WHERE {quote(PLACE)} > 0 AND {quote(PLACE)} < {count}"
    return " UNION ALL ".join(f"SELECT * FROM ({part}) {inside}" for part in parts)


def _of_rows(rows: nodes.Frame | None, borders: Sequence[Border]) -> list[str]:
    """SELECT for each of some borders whose dates are of the same rows."""
    compiler = Compiler(Placement(STATIC_TABLE))
    conditions = nodes.conditions(rows) if rows else []
    compiler.add([*(border.date for border in borders), *conditions])
    return [_border(compiler, rows, border) for border in borders]


def _border(compiler: Compiler, rows: nodes.Frame | None, border: Border) -> str:
    date = compiler.texts[border.date]
    column, near = (
        f"{_places(date.sql, border)} AS {quote(PLACE)}",
        _near(compiler, border),
    )
    relations = compiler.with_relations()
    if rows is None:
        return f"{relations}{compiler.select_sql([column], date.needs)} WHERE {near}"
    scan = compiler.scan(rows, [date], moving=False)
    also = "AND" if nodes.conditions(rows) else "WHERE"
    return f"{relations}SELECT e.patient_id, {column} {scan.sql} {also} {near}"


def _near(compiler: Compiler, border: Border) -> str:
    """Leaves out most dates whose place is not inside the ladder, before more is
    computed.

    Of a date moved by days or months it looks at the date before, give or take what
    months differ in length.
    """
    if border.every:
        return "TRUE"
    date, days = _unmoved(border.date)
    first, last = border.among[0], border.among[-1]
    slack = abs(days) // 50 + 35
    x = compiler.texts[date].sql
    after = f"{x} >= DATE '{first}' - {days + slack}"
    return f"{after} AND {x} <= DATE '{last}' - {days - slack}"


def _unmoved(date: nodes.Series) -> tuple[nodes.Series, int]:
    """The date that another is so many days after, about."""
    match date:
        case nodes.Call(
            operation=operation, arguments=(moved, nodes.Literal(value=int() as count))
        ) if operation in DAYS_OF and abs(count) <= MOST:
            return moved, count * DAYS_OF[operation]
    return date, 0


def _places(date: str, border: Border) -> str:
    if border.every:
        return _anniversaries(date, border)
    return position_sql(date, border.among, border.passed)


def _anniversaries(date: str, border: Border) -> str:
    """The places of date + n * every months, for each n whose day lies within the
    ladder.
    """
    start, end = (
        _whole(date, f"DATE '{border.among[side]}'", border.every) for side in (0, -1)
    )
    day = TEMPLATES["add_months"](date, f"(n * {border.every})")
    place = position_sql(day, border.among, border.passed)
    return f"unnest(list_transform(range({start} + 1, {end} + 1), lambda n: {place}))"


def _whole(start: str, end: str, every: int) -> str:
    months = TEMPLATES["months_between"](start, end)
    return TEMPLATES["floor_divide"](months, f"CAST({every} AS BIGINT)")
