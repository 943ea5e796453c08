# mypy: ignore-errors
"""The shipped incidence study: persons, days at risk and first events, against SQL
written by hand and days counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from measures.study import find_study
from tests.flows.commands import Command
from tests.flows.shelves import Shelves
from tests.lib import cdm54
from tests.lib.cdm54 import ASTHMA, FEMALE, MALE, TYPE_2

TABLES = ("person", "observation_period", "condition_occurrence")
# As OHDSI's IncidencePrevalence defines them: whoever had the outcome before a year is
# not at risk in it.
BY_HAND = """
    WITH years AS (
        SELECT year, make_date(year, 1, 1) AS first, make_date(year, 12, 31) AS last
        FROM range({first}, {end}) AS t(year)
    ), outcome AS (
        SELECT person_id, min(condition_start_date) AS day FROM condition_occurrence JOIN observation_period
        USING (person_id) WHERE condition_concept_id IN ({outcome}) AND condition_start_date BETWEEN
        observation_period_start_date AND observation_period_end_date GROUP BY person_id
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


def by_sql(folder: Path, outcome: list[int]) -> list[tuple[int, ...]]:
    """Year, people at risk, days at risk and first events."""
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(
                f"CREATE VIEW {table} AS FROM '{folder}/{table}.parquet'"
            )
        sql = BY_HAND.format(first=2008, end=2018, outcome=", ".join(map(str, outcome)))
        return connection.execute(sql).fetchall()


def test_the_page_of_the_study_has_the_cells_of_sql(shared_data):
    page = (
        find_study("omop_incidence").with_name("README.md").read_text(encoding="utf-8")
    )
    said = re.findall(
        r"^\| (\d{4}) \| (\d+) \| (\d+) \| (\d+) \| (\d+[.]\d+) \|$", page, re.MULTILINE
    )
    expected = by_sql(shared_data / "gibleed_omop53", [192671])
    assert [tuple(map(int, row[:4])) for row in said] == expected and len(said) == 10
    assert [row[4] for row in said] == [
        f"{events / days * 36_525_000:.3f}" for _, _, days, events in expected
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "outcome",
    [[192671], [40481087, 260139]],
    ids=["GI bleed", "sinusitis or bronchitis"],
)
def test_forty_cells_are_those_of_sql(
    cohortflow: Command, shared_data, tmp_path, outcome
):
    folder = shared_data / "gibleed_omop53"
    words = [
        "run",
        "omop_incidence",
        "--records",
        f"omop:{folder}",
        "--workspace",
        tmp_path,
    ]
    cohortflow(*words, "--", "--outcome", *map(str, outcome)).well()
    shelves = Shelves(tmp_path, "omop_incidence")
    people, days = (
        counted(shelves, name, "denominator")
        for name in ("people_at_risk", "incidence")
    )
    events = counted(shelves, "incidence", "numerator")
    expected = by_sql(folder, outcome)
    found = [(year, people[year], days[year], events[year]) for year in sorted(people)]
    assert found == expected and len(found) == 10
    assert sum(row[3] for row in found) > 0


# A set with several periods of a person, gaps, and events outside of them


YEARS = range(2010, 2021)
BANDS = {
    "0 to 17": range(18),
    "18 to 39": range(18, 40),
    "40 to 64": range(40, 65),
    "65 or over": range(65, 200),
}


def days_of(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def by_days(rows: dict[str, list[tuple]]) -> Counter[tuple]:
    """Measure, year, group, part -> the count, of every person and day one by one."""
    observed: dict[int, set[date]] = {}
    for _, who, first, last, _ in rows["observation_period"]:
        observed.setdefault(who, set()).update(days_of(first, last))
    found: Counter[tuple] = Counter()
    for who, gender, year, month, day, *_ in rows["person"]:
        born = (year, month or 1, day or 1)
        sex = {MALE: "Male", FEMALE: "Female"}.get(gender, "None")
        with_it = [
            each[3]
            for each in rows["condition_occurrence"]
            if each[1] == who and each[2] in (TYPE_2, ASTHMA)
        ]
        event = min(
            (each for each in with_it if each in observed[who]), default=date.max
        )
        for y in YEARS:
            age = y - born[0] - (born[1:] > (1, 1))
            band = next((name for name, ages in BANDS.items() if age in ages), None)
            days = sum(each.year == y and each <= event for each in observed[who])
            groups = (
                ("incidence", None),
                ("incidence_by_sex", sex),
                ("incidence_by_age", band),
            )
            for measure, group in groups:
                found[measure, y, group, "denominator"] += days
                found[measure, y, group, "numerator"] += event.year == y
            found["people_at_risk", y, None, "denominator"] += days > 0
            found["people_at_risk", y, None, "numerator"] += event.year == y
    return found


@pytest.mark.slow
def test_every_cell_is_that_of_days_counted_one_by_one(cohortflow: Command, tmp_path):
    (tmp_path / "cdm").mkdir()
    words = [
        "run",
        "omop_incidence",
        "--records",
        cdm54.write(tmp_path / "cdm"),
        "--workspace",
        tmp_path / "w",
    ]
    chosen = [
        "--outcome",
        TYPE_2,
        ASTHMA,
        "--first-year",
        YEARS[0],
        "--years",
        len(YEARS),
    ]
    cohortflow(*words, "--", *map(str, chosen)).well()
    found: Counter[tuple] = Counter()
    for row in Shelves(tmp_path / "w", "omop_incidence").counts():
        group = row["sex"] if row["measure"] == "incidence_by_sex" else row["age_group"]
        for part in ("numerator", "denominator"):
            found[row["measure"], row["interval_start"].year, group, part] += row[part]
    assert +found == +by_days(cdm54.rows())
    assert found["incidence", 2015, None, "numerator"] > 1
