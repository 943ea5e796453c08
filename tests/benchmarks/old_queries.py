"""The benchmark's old study as one query per variable and week, as the old program
asked: to compare with.

Written by hand from what cohort-extractor's rules mean; it shares no code with the
project. Each variable is a table of its own of the patients who have a value; in the
end all are joined and each measure is summed.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

TABLES = (
    "patients", "ons_deaths", "practice_registrations", "addresses", "clinical_events", "medications",
)  # fmt: skip
SNOMED = {
    "hypertension": ("38341003", "59621000"),
    "care_home": ("160734000", "394923006"),
}
CTV3 = {"asthma": ("H33..", "H330.", "H331."), "diabetes": ("C10..", "X40J5")}
WEEKLY = {
    "bp": ("413606001", "413605002"),
    "oximetry": ("431314004", "927981000000106"),
}
REVIEW = "ctv3_code IN ('9OJA.', '66YJ.')"
AT_PRACTICE = """
    SELECT patient_id, {column} AS value FROM practice_registrations
    WHERE start_date <= $day AND (end_date IS NULL OR end_date > $day)
    QUALIFY row_number() OVER (
        PARTITION BY patient_id
        ORDER BY start_date DESC, coalesce(end_date, DATE '9999-12-31') DESC, practice_pseudo_id DESC
    ) = 1"""
IMD = """
    SELECT patient_id, coalesce(imd_rounded, -1) AS value FROM addresses
    WHERE start_date <= $day AND (end_date IS NULL OR end_date > $day)
    QUALIFY row_number() OVER (
        PARTITION BY patient_id
        ORDER BY start_date DESC, coalesce(end_date, DATE '9999-12-31') DESC, has_postcode DESC, address_id
    ) = 1"""
LAST = """
    SELECT patient_id, {value} AS value FROM clinical_events WHERE {codes} AND date <= $day
    QUALIFY row_number() OVER (PARTITION BY patient_id ORDER BY date DESC, {tie} DESC) = 1"""
# measure -> its groups' column (empty: none), numerator, denominator
MEASURES = {
    "bp": ("region", "bp", "1"),
    "oximetry": ("quintile", "oximetry", "1"),
    "review": ("sex", "review", "asthma"),
    "inhalers": ("age_band", "inhalers", "1"),
    "smokers": ("smoking", "hypertension", "1"),
    "care_home": ("stp", "care_home", "1"),
    "never": ("", "never_reviewed", "asthma"),
    "hba1c": ("", "high_hba1c", "diabetes"),
}
COHORT = """
    SELECT
        CASE WHEN age.value >= 65 THEN '65+' WHEN age.value >= 18 THEN '18-64' ELSE '0-17' END AS age_band,
        sex.value AS sex, coalesce(region.value, '') AS region, coalesce(stp.value, '') AS stp,
        CASE WHEN imd.value >= 26275 THEN '5' WHEN imd.value >= 19706 THEN '4' WHEN imd.value >= 13137 THEN '3'
             WHEN imd.value >= 6568 THEN '2' WHEN imd.value >= 0 THEN '1' ELSE '0' END AS quintile,
        coalesce(hypertension.value, 0) AS hypertension, coalesce(care_home.value, 0) AS care_home,
        coalesce(asthma.value, 0) AS asthma,
        coalesce(diabetes.value, 0) AS diabetes, coalesce(smoking.value, '') AS smoking,
        coalesce(bp.value, 0) AS bp, coalesce(oximetry.value, 0) AS oximetry, coalesce(review.value, 0) AS review,
        coalesce(inhalers.value, 0) AS inhalers, last_review.value AS last_review,
        coalesce(hba1c.value, 0) AS hba1c,
        CAST(coalesce(asthma.value, 0) = 1 AND last_review.value IS NULL AS INTEGER) AS never_reviewed,
        CAST(coalesce(diabetes.value, 0) = 1 AND coalesce(hba1c.value, 0) > 58 AS INTEGER) AS high_hba1c
    FROM patients {joins}
    WHERE registered.value = 1 AND died.value IS NULL AND age.value BETWEEN 0 AND 120"""
Cell = tuple[str, str]  # measure, group
Counts = dict[Cell, tuple[int, int]]  # numerator, denominator


def open_parquet(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 2})
    for name in TABLES:
        parts = f"{name}/*.parquet" if (folder / name).is_dir() else f"{name}.parquet"
        connection.execute(
            f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder / parts}')"
        )
    return connection


def variables() -> Iterator[tuple[str, str]]:
    """The name of each variable and its query, with $day for the index date."""
    yield (
        "registered",
        (
            "SELECT DISTINCT patient_id, 1 AS value FROM practice_registrations "
            "WHERE start_date <= $day AND (end_date IS NULL OR end_date > $day)"
        ),
    )
    yield "died", "SELECT patient_id, 1 AS value FROM ons_deaths WHERE date <= $day"
    yield (
        "age",
        (
            "SELECT patient_id, date_diff('year', date_of_birth, $day) - "
            "CAST(strftime(date_of_birth, '%m%d') > strftime($day, '%m%d') AS "
            "INTEGER) AS value FROM patients"
        ),
    )
    yield "sex", "SELECT patient_id, upper(left(sex, 1)) AS value FROM patients"
    yield "region", AT_PRACTICE.format(column="practice_nuts1_region_name")
    yield "stp", AT_PRACTICE.format(column="practice_stp")
    yield "imd", IMD
    for column, lists in (("snomedct_code", SNOMED), ("ctv3_code", CTV3)):
        for name, codes in lists.items():
            yield (
                name,
                f"SELECT DISTINCT patient_id, 1 AS value {_events(column, codes)} "
                "AND date <= $day",
            )
    for name, codes in WEEKLY.items():
        within = "date BETWEEN $day AND $day + 6"
        yield (
            name,
            f"SELECT patient_id, count(*) AS value {_events('snomedct_code', codes)} "
            f"AND {within} GROUP BY 1",
        )
    smoking = "CASE ctv3_code WHEN '137R.' THEN 'S' WHEN '137S.' THEN 'E' ELSE 'N' END"
    yield (
        "smoking",
        LAST.format(
            value=smoking,
            codes="ctv3_code IN ('137R.', '137S.', '1371.')",
            tie="ctv3_code",
        ),
    )
    within = "date BETWEEN $day - INTERVAL 1 YEAR AND $day"
    yield (
        "review",
        f"SELECT DISTINCT patient_id, 1 AS value FROM clinical_events WHERE {REVIEW} "
        f"AND {within}",
    )
    yield (
        "inhalers",
        (
            "SELECT patient_id, count(*) AS value FROM medications "
            "WHERE dmd_code IN ('39113611000001102', '39113311000001107') "
            "AND date BETWEEN $day - 90 AND $day GROUP BY 1"
        ),
    )
    yield (
        "last_review",
        (
            "SELECT patient_id, max(date) AS value FROM clinical_events WHERE "
            f"{REVIEW} AND date <= $day GROUP BY 1"
        ),
    )
    number = "coalesce(numeric_value, 0)"
    yield (
        "hba1c",
        LAST.format(value=number, codes="ctv3_code IN ('XaPbt')", tie="numeric_value"),
    )


def _events(column: str, codes: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"FROM clinical_events WHERE {column} IN ({listed})"


def count(connection: duckdb.DuckDBPyConnection, day: date) -> Counts:
    """The counts of one week: a query for each variable, one that joins them, and one
    for each measure.
    """
    names = []
    for name, query in variables():
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE v_{name} AS {_at(query, day)}"
        )
        names.append(name)
    joins = " ".join(
        f"LEFT JOIN v_{name} AS {name} USING (patient_id)" for name in names
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cohort AS {COHORT.format(joins=joins)}"
    )
    found: Counts = {}
    for measure, (group, numerator, denominator) in MEASURES.items():
        counted = f"sum({numerator}) FILTER ({denominator} > 0), sum({denominator})"
        query = f"SELECT {group or repr('')}, {counted} FROM cohort GROUP BY 1"
        for value, above, below in connection.execute(query).fetchall():
            found[measure, value] = (int(above or 0), int(below))
    return {cell: counts for cell, counts in found.items() if counts[1]}


def _at(query: str, day: date) -> str:
    return query.replace("$day", f"DATE '{day}'")
