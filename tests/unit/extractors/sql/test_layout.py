"""SQL broken into lines says what it said as one line."""

import json

import duckdb
import pytest

from extractors.sql.layout import WIDTH, lay_out

ONE_LINE = (
    'SELECT a."x", count(*) FILTER (WHERE a."x" IS NOT NULL) AS many FROM (SELECT * '
    "FROM things WHERE name = 'it''s (not), a bracket' AND day BETWEEN DATE "
    "'2020-01-01' AND DATE '2020-12-31') AS a LEFT JOIN others AS b ON b.id = a.id "
    "AND b.of IN ('100001', '100002', '100003', '100004', '100005', '100006', "
    "'100007', '100008') GROUP BY a.\"x\" ORDER BY many"
)


def meaning(sql: str) -> str:
    """How DuckDB reads a SELECT, without where in the text it stands."""
    connection = duckdb.connect()
    ((read,),) = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    parsed = json.loads(read)
    assert not parsed["error"], parsed
    return json.dumps(parsed, default=str)


def without_places(read: str) -> str:
    """The same without `query_location`, which is a place in the text."""
    data = json.loads(read)

    def bare(part: object) -> object:
        if isinstance(part, dict):
            kept = {}
            for name, value in part.items():
                if not name.startswith("query_location"):
                    kept[name] = bare(value)
            return kept
        if isinstance(part, list):
            return [bare(each) for each in part]
        return part

    return json.dumps(bare(data))


@pytest.mark.parametrize("width", [1, 20, 40, WIDTH, 1_000])
def test_it_means_the_same_in_any_width(width: int):
    laid_out = lay_out(ONE_LINE, width)
    assert without_places(meaning(laid_out)) == without_places(meaning(ONE_LINE))


def test_clauses_conditions_and_lists_have_lines():
    assert lay_out(ONE_LINE) == (
        'SELECT a."x", count(*) FILTER (WHERE a."x" IS NOT NULL) AS many\n'
        "FROM (\n"
        "  SELECT *\n"
        "  FROM things\n"
        "  WHERE name = 'it''s (not), a bracket'\n"
        "    AND day BETWEEN DATE '2020-01-01' AND DATE '2020-12-31'\n"
        ") AS a\n"
        "LEFT JOIN others AS b\n"
        "  ON b.id = a.id\n"
        "  AND b.of IN (\n"
        "    '100001', '100002', '100003', '100004', '100005', '100006', '100007', "
        "'100008'\n"
        "  )\n"
        'GROUP BY a."x"\n'
        "ORDER BY many"
    )


def test_what_fits_stays_one_line():
    assert lay_out("SELECT a,  b\nFROM t") == "SELECT a, b FROM t"


def test_a_choice_has_its_end_below_it():
    assert lay_out("CASE WHEN a > 1 THEN 'large' ELSE 'small' END AS size", 30) == (
        "CASE\n  WHEN a > 1 THEN 'large'\n  ELSE 'small'\nEND AS size"
    )
