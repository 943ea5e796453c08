"""The weekly and monthly counts of NHS @Home in the shape of the peers' queries, to
compare with.

Written by hand from what the study's definition means; it shares no code with the
project. Every variable is a subquery over a whole table, asked again for each period;
then comes one aggregation per grouping. The outputs over the whole time are left out:
they are one period.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from tests.lib.places import CHECKOUT

STUDY = CHECKOUT / "measures" / "studies" / "nhs_at_home"
TABLES = {
    "patients": "patient_id, date_of_birth, sex, date_of_death",
    "ons_deaths": "patient_id, date",
    "practice_registrations": "patient_id, start_date, end_date, practice_pseudo_id, "
    "practice_nuts1_region_name",
    "addresses": "patient_id, start_date, end_date, has_postcode, address_id, imd_rounded",
    "ethnicity_from_sus": "patient_id, code",
    "clinical_events": "patient_id, date, snomedct_code, ctv3_code",
}
ARMS = {
    "bp": "home-blood-pressure",
    "oximetry": "opensafely-pulse-oximetry",
    "proactive": "proactive-care",
}
FLAGS = {  # variable: column of the codes in the records, codelist, its column
    "care_home": (
        "snomedct_code",
        "opensafely-nhs-england-care-homes-residential-status",
        "code",
    ),
    "shielding": ("snomedct_code", "primis-covid19-vacc-uptake-shield", "code"),
    "has_hypertension": ("snomedct_code", "opensafely-hypertension-snomed", "id"),
    "has_diabetes_type_2": ("ctv3_code", "opensafely-type-2-diabetes", "CTV3ID"),
    "has_asthma": ("ctv3_code", "opensafely-asthma-diagnosis", "CTV3ID"),
    "has_copd": ("ctv3_code", "opensafely-current-copd", "CTV3ID"),
    "has_atrial_fibrillation": (
        "ctv3_code",
        "opensafely-atrial-fibrillation-or-flutter",
        "CTV3Code",
    ),
}
GROUPS = ("sex", "age_band", "ethnicity", "imd_quintile", "region", *FLAGS)
ETHNICITY = "opensafely-ethnicity-snomed-0removed"

# measure, grouping ("" for the total), the group's value as text
Cell = tuple[str, str, str | None]
# numerator, denominator, people behind each
Counts = dict[Cell, tuple[int, int, int, int]]


@dataclass(frozen=True)
class Period:
    """Both days are part of it; `rhythm` is weekly or monthly."""

    rhythm: str
    start: date
    end: date


@dataclass(frozen=True)
class Numerator:
    """The name of its measure without groups, a column of the cohort, and the groupings
    that want it.
    """

    measure: str
    column: str
    groupings: tuple[str, ...]


@dataclass(frozen=True)
class Codelists:
    """The study's own files, whichever codes they hold."""

    folder: Path = STUDY
    arms: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "arms", {arm: self.codes(name, "code") for arm, name in ARMS.items()}
        )

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "codelists" / f"{name}.csv").open(
            encoding="utf-8-sig", newline=""
        ) as file:
            return list(csv.DictReader(file))

    def codes(self, name: str, column: str) -> list[str]:
        return [row[column].strip() for row in self.rows(name)]


def open_parquet(
    folder: Path, *, threads: int = 2, in_memory: bool = False
) -> duckdb.DuckDBPyConnection:
    """A database with the tables of a folder of Parquet files, scanned each time or
    held in memory.
    """
    connection = duckdb.connect(config={"threads": threads})
    for name, columns in TABLES.items():
        parts = (
            folder / name / "*.parquet"
            if (folder / name).is_dir()
            else folder / f"{name}.parquet"
        )
        kind = "TABLE" if in_memory else "VIEW"
        connection.execute(
            f"CREATE {kind} {name} AS SELECT {columns} FROM read_parquet('{parts}')"
        )
    return connection


def count(
    connection: duckdb.DuckDBPyConnection, lists: Codelists, period: Period
) -> Counts:
    """All raw counts that the study has for a week or a month."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cohort AS {cohort_sql(lists, period)}"
    )
    wanted = numerators(lists, period.rhythm)
    counts: Counts = {}
    for group in ("", *GROUPS):
        counts |= _counted(
            connection, group, [each for each in wanted if group in each.groupings]
        )
    return counts


def numerators(lists: Codelists, rhythm: str) -> list[Numerator]:
    found = []
    for arm, codes in lists.arms.items():
        found.append(Numerator(f"{arm}_{rhythm}_patients", arm, ("", *GROUPS)))
        for code in codes:
            if rhythm == "weekly" and len(codes) > 1:
                found.append(
                    Numerator(f"{arm}_weekly_patients_{code}", f"code_{code}", ("",))
                )
            if rhythm == "monthly":
                found.append(
                    Numerator(
                        f"{arm}_monthly_events_{code}", f"code_{code}", ("", "region")
                    )
                )
    return found


def _counted(
    connection: duckdb.DuckDBPyConnection, group: str, wanted: list[Numerator]
) -> Counts:
    """One aggregation over the cohort; a group's value as text."""
    sums = [
        f"coalesce(sum({n.column}), 0)::BIGINT, count(*) FILTER (WHERE {n.column} > 0)"
        for n in wanted
    ]
    key = f"{group}::VARCHAR" if group else "NULL::VARCHAR"
    by = f"GROUP BY {group}" if group else ""
    counts: Counts = {}
    for value, people, *found in connection.execute(
        f"SELECT {key}, count(*), {', '.join(sums)} FROM cohort {by}"
    ).fetchall():
        for number, each in enumerate(wanted):
            name = f"{each.measure}_by_{group}" if group else each.measure
            counts[name, group, value] = (
                found[2 * number],
                people,
                found[2 * number + 1],
                people,
            )
    return counts


def cohort_sql(lists: Codelists, period: Period) -> str:
    """One row for everybody who is registered and alive on the first day."""
    day = f"DATE '{period.start}'"
    joins = dict(_joins(lists, period))
    joined = "\n".join(
        f"LEFT JOIN ({sql}) {name} USING (patient_id)" for name, sql in joins.items()
    )
    flags = [f"flag_{name}.patient_id IS NOT NULL AS {name}" for name in FLAGS]
    uses = [
        f"coalesce({name}.uses, 0) AS {name}"
        for name in joins
        if name in lists.arms or name.startswith("code_")
    ]
    return f"""
    WITH population AS (SELECT DISTINCT patient_id FROM practice_registrations WHERE {_covers(day)})
    SELECT
        coalesce(patients.sex, 'unknown') AS sex,
        {_age_band(day)} AS age_band,
        coalesce({_group_of(lists)}, {_group_in_hospital()}, 'Missing') AS ethnicity,
        {_quintile()} AS imd_quintile,
        coalesce(registration.region, 'Missing') AS region,
        {", ".join([*flags, *uses])}
    FROM population
    {joined}
    WHERE least(patients.date_of_death, death.date) IS NULL OR least(patients.date_of_death, death.date) > {day}
    """


def _joins(lists: Codelists, period: Period) -> Iterator[tuple[str, str]]:
    """Each variable by itself: its name and a query for at most one row per patient."""
    day = f"DATE '{period.start}'"
    yield (
        "patients",
        "SELECT patient_id, date_of_birth, sex, date_of_death FROM patients",
    )
    yield "death", "SELECT patient_id, date FROM ons_deaths"
    yield "hospital", "SELECT patient_id, code FROM ethnicity_from_sus"
    region = "patient_id, practice_nuts1_region_name AS region"
    rows = f"SELECT {region}, {{}} FROM practice_registrations WHERE {_covers(day)}"
    yield (
        "registration",
        _last(
            rows, "start_date, end_date, practice_pseudo_id, practice_nuts1_region_name"
        ),
    )
    rows = f"SELECT patient_id, imd_rounded, {{}} FROM addresses WHERE {_covers(day)}"
    yield (
        "address",
        _last(rows, "has_postcode, start_date, end_date, address_id, imd_rounded"),
    )
    rows = (
        "SELECT patient_id, snomedct_code AS code, {} FROM clinical_events WHERE "
        + _has("snomedct_code", lists.codes(ETHNICITY, "snomedcode"), f"date <= {day}")
    )
    yield "ethnicity", _last(rows, "date, snomedct_code")
    for name, (column, codelist, header) in FLAGS.items():
        ever = _has(column, lists.codes(codelist, header), f"date <= {day}")
        yield (
            f"flag_{name}",
            f"SELECT DISTINCT patient_id FROM clinical_events WHERE {ever}",
        )
    during = f"date BETWEEN {day} AND DATE '{period.end}'"
    for arm, codes in lists.arms.items():
        yield (
            arm,
            "SELECT DISTINCT patient_id, 1 AS uses FROM clinical_events WHERE "
            f"{_has('snomedct_code', codes, during)}",
        )
        for code in codes:
            yield f"code_{code}", _uses(code, during, period.rhythm)


def _uses(code: str, during: str, rhythm: str) -> str:
    """In weeks whether there was an event, in months how many."""
    rows = f"FROM clinical_events WHERE {_has('snomedct_code', [code], during)}"
    if rhythm == "weekly":
        return f"SELECT DISTINCT patient_id, 1 AS uses {rows}"
    return f"SELECT patient_id, count(*) AS uses {rows} GROUP BY patient_id"


def _covers(day: str) -> str:
    return f"start_date <= {day} AND (end_date IS NULL OR end_date >= {day})"


def _has(column: str, codes: list[str], when: str) -> str:
    return f"{column} IN ({', '.join(map(_text, codes))}) AND {when}"


def _last(rows: str, keys: str) -> str:
    """The last row of each patient by these keys; a NULL comes before everything
    else.
    """
    descending = ", ".join(f"{key.strip()} DESC NULLS LAST" for key in keys.split(","))
    place = (
        f"row_number() OVER (PARTITION BY patient_id ORDER BY {descending}) AS place"
    )
    return f"SELECT * FROM ({rows.format(place)}) WHERE place = 1"


def _age_band(day: str) -> str:
    """Complete years; before birth they are negative."""
    born = "patients.date_of_birth"
    before = f"(month({day}), day({day})) < (month({born}), day({born}))"
    age = f"(year({day}) - year({born}) - CASE WHEN {before} THEN 1 ELSE 0 END)"
    return (
        f"CASE WHEN {age} < 0 THEN 'Missing' WHEN {age} < 40 THEN '0-39' WHEN {age} "
        f"< 50 THEN '40-49' WHEN {age} < 65 THEN '50-64' WHEN {age} >= 65 THEN '65+' "
        "ELSE 'Missing' END"
    )


def _quintile() -> str:
    """Fifths of England's 32,844 small areas, the most deprived first."""
    rank, ends = "address.imd_rounded", {1: " (most deprived)", 5: " (least deprived)"}
    bounds = enumerate((6568, 13137, 19706, 26275, 32844), start=1)
    fifths = " ".join(
        f"WHEN {rank} <= {bound} THEN '{fifth}{ends.get(fifth, '')}'"
        for fifth, bound in bounds
    )
    return f"CASE WHEN {rank} < 0 THEN 'unknown' {fifths} ELSE 'unknown' END"


def _group_of(lists: Codelists) -> str:
    names = {"1": "White", "2": "Mixed", "3": "Asian or Asian British", "4": "Black or Black British",
             "5": "Chinese or other"}  # fmt: skip
    rows = [
        (row["snomedcode"].strip(), names[row["Grouping_6"].strip()])
        for row in lists.rows(ETHNICITY)
    ]
    cases = " ".join(f"WHEN {_text(code)} THEN {_text(group)}" for code, group in rows)
    return f"CASE ethnicity.code {cases} END"


def _group_in_hospital() -> str:
    letters = {"ABC": "White", "DEFG": "Mixed", "HJKL": "Asian or Asian British", "MNP": "Black or Black British",
               "RS": "Chinese or other"}  # fmt: skip
    cases = " ".join(
        f"WHEN {_text(letter)} THEN {_text(group)}"
        for all_, group in letters.items()
        for letter in all_
    )
    return f"CASE hospital.code {cases} END"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
