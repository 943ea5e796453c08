# mypy: ignore-errors
"""The shipped incidence study on GiBleed: persons, days at risk and first events, against SQL written by hand."""

import duckdb
import pytest

from tests.flows.commands import Command
from tests.flows.shelves import Shelves

TABLES = ("person", "observation_period", "condition_occurrence")
# As OHDSI's IncidencePrevalence defines them: whoever had the outcome before a year is not at risk in it.
BY_HAND = """
    WITH years AS (
        SELECT year, make_date(year, 1, 1) AS first, make_date(year, 12, 31) AS last
        FROM range({first}, {end}) AS t(year)
    ), outcome AS (
        SELECT person_id, min(condition_start_date) AS day FROM condition_occurrence
        WHERE condition_concept_id IN ({outcome}) GROUP BY person_id
    ), observed AS (
        SELECT y.year, p.person_id, p.gender_concept_id, o.day,
            greatest(op.observation_period_start_date, y.first) AS start,
            least(op.observation_period_end_date, y.last, coalesce(o.day, y.last)) AS stop
        FROM years y, observation_period op JOIN person p USING (person_id) LEFT JOIN outcome o USING (person_id)
        WHERE op.observation_period_start_date <= y.last AND op.observation_period_end_date >= y.first
            AND (o.day IS NULL OR o.day >= y.first)
    )
    SELECT year::INTEGER, count(DISTINCT person_id), sum(stop - start + 1)::BIGINT, count(*) FILTER (day = stop)
    FROM observed WHERE stop >= start GROUP BY year ORDER BY year"""


def counted(shelves: Shelves, measure: str, part: str) -> dict[int, int]:
    rows = [row for row in shelves.counts() if row["measure"] == measure]
    return {row["interval_start"].year: row[part] for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("outcome", [[192671], [40481087, 260139]], ids=["GI bleed", "sinusitis or bronchitis"])
def test_forty_cells_are_those_of_sql(cohortflow: Command, shared_data, tmp_path, outcome):
    folder = shared_data / "gibleed_omop53"
    words = ["run", "omop_incidence", "--records", f"omop:{folder}", "--workspace", tmp_path]
    cohortflow(*words, "--", "--outcome", *map(str, outcome)).well()
    shelves = Shelves(tmp_path, "omop_incidence")
    people, days = (counted(shelves, name, "denominator") for name in ("people_at_risk", "incidence"))
    events = counted(shelves, "incidence", "numerator")
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"CREATE VIEW {table} AS FROM '{folder}/{table}.parquet'")
        sql = BY_HAND.format(first=2008, end=2018, outcome=", ".join(map(str, outcome)))
        expected = connection.execute(sql).fetchall()
    found = [(year, people[year], days[year], events[year]) for year in sorted(people)]
    assert found == expected and len(found) == 10
    assert sum(row[3] for row in found) > 0
