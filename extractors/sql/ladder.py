"""A ladder of periods, and the cells between the places on it where something changes,
as SQL.
"""

from extractors.planner.kinds import STATIC_TABLE
from extractors.planner.ladders import Ladder
from extractors.sql.cells import LADDER, PLACE, UNTIL
from extractors.sql.positions import list_sql
from extractors.sql.words import quote


def ladder_sql(ladder: Ladder) -> str:
    """SELECT of the places of a ladder and their dates."""
    starts, ends = (list_sql(dates, "DATE") for dates in zip(*ladder, strict=True))
    place = f"unnest(range({len(ladder)}))::INTEGER AS {quote(PLACE)}"
    return (
        f"SELECT {place}, unnest({starts}) AS interval_start, unnest({ends}) AS "
        "interval_end"
    )


def cells_sql(borders: str, count: int) -> str:
    """SELECT of the cells of a track: for everybody, the stretches between places where
    something changes.
    """
    place, until = quote(PLACE), quote(UNTIL)
    whole = (
        f"SELECT patient_id, 0 AS {place}, {count} AS {until} FROM "
        f"{quote(STATIC_TABLE)}"
    )
    if not borders:
        return _with_dates(whole)
    starts = f"SELECT DISTINCT patient_id, {place} FROM ({borders})"
    all_starts = (
        "SELECT * FROM starts UNION ALL SELECT DISTINCT patient_id, 0 FROM starts"
    )
    end = f"lead({place}, 1, {count}) OVER (PARTITION BY patient_id ORDER BY {place})"
    cut = f"SELECT patient_id, {place}, {end} AS {until} FROM ({all_starts})"
    others = f"{whole} WHERE patient_id NOT IN (SELECT patient_id FROM starts)"
    return f"WITH starts AS MATERIALIZED ({starts}) " + _with_dates(
        f"{cut} UNION ALL {others}"
    )


def _with_dates(stretches: str) -> str:
    return (
        f"SELECT s.*, l.interval_start, l.interval_end FROM ({stretches}) AS s "
        f"JOIN {quote(LADDER)} AS l ON l.{quote(PLACE)} = s.{quote(PLACE)}"
    )
