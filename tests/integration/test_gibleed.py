"""A study on real OMOP records, from the command line to the release, every cell made
again with hand-written SQL.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.flows.commands import Command, Result
from tests.flows.shelves import HISTORY, Shelves, read
from tests.integration.by_hand import (
    Counts,
    Interval,
    Place,
    Raw,
    Row,
    cells,
    of_measure,
    release,
    tidy,
)
from tests.integration.side_by_side import side_by_side

STUDY = Path(__file__).parent / "definitions" / "viral_sinusitis.py"
TABLES = ("person", "observation_period", "condition_occurrence", "concept")
MONTHS = 228
GROUPS = ("age_band", "sex")
GROUPINGS = {
    "viral_sinusitis": "",
    "viral_sinusitis_by_age_band": "age_band",
    "viral_sinusitis_by_sex": "sex",
    "viral_sinusitis_events": "",
}
PROPORTIONS = set(GROUPINGS) - {"viral_sinusitis_events"}
ONE_YEAR = ("--from", "2010-01-01", "--to", "2010-12-31")
LEFT_OUT = (
    "observation_period: some rows are of persons who are not in person; they are "
    "left out"
)

# One row for each month and person whom an observation period covers on the first of
# the month. GiBleed has months of birth for everybody, only the sexes below, and viral
# sinusitis among conditions alone.
COUNTED = """
    CREATE TABLE counted AS
    WITH month AS (
        SELECT day::DATE AS first, last_day(day) AS last
        FROM range(TIMESTAMP '2000-01-01', TIMESTAMP '2019-01-01', INTERVAL 1 MONTH) AS days(day)
    ), sinusitis AS (
        SELECT co.person_id, co.condition_start_date AS day
        FROM condition_occurrence AS co JOIN concept AS c ON c.concept_id = co.condition_concept_id
        WHERE c.vocabulary_id = 'SNOMED' AND c.concept_code = '444814009'
    ), aged AS (
        SELECT DISTINCT m.first, m.last, p.person_id,
            CASE p.gender_concept_id WHEN 8507 THEN 'male' WHEN 8532 THEN 'female' END AS sex,
            year(m.first) - p.year_of_birth - CASE WHEN month(m.first) < p.month_of_birth THEN 1 ELSE 0 END AS age
        FROM month AS m
        JOIN observation_period AS o
            ON o.observation_period_start_date <= m.first AND o.observation_period_end_date >= m.first
        JOIN person AS p ON p.person_id = o.person_id
    )
    SELECT a.*, count(s.day) AS events,
        CASE WHEN age < 18 THEN '0-17' WHEN age < 40 THEN '18-39' WHEN age < 65 THEN '40-64' ELSE '65+' END AS age_band
    FROM aged AS a
    LEFT JOIN sinusitis AS s ON s.person_id = a.person_id AND s.day BETWEEN a.first AND a.last
    GROUP BY ALL"""

USERS = "count(*) FILTER (events > 0)"
MEASURES = f"""
    SELECT 'viral_sinusitis', first, last, '', NULL, NULL, {USERS}, count(*), {USERS}, count(*)
    FROM counted GROUP BY first, last
    UNION ALL
    SELECT 'viral_sinusitis_by_age_band', first, last, 'age_band', age_band, NULL, {USERS}, count(*), {USERS}, count(*)
    FROM counted GROUP BY first, last, age_band
    UNION ALL
    SELECT 'viral_sinusitis_by_sex', first, last, 'sex', NULL, sex, {USERS}, count(*), {USERS}, count(*)
    FROM counted GROUP BY first, last, sex
    UNION ALL
    SELECT 'viral_sinusitis_events', first, last, '', NULL, NULL, sum(events), count(*), {USERS}, count(*)
    FROM counted GROUP BY first, last"""


@dataclass(frozen=True)
class Run:
    result: Result
    shelves: Shelves

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads(
            (self.shelves.release / "manifest.json").read_text(encoding="utf-8")
        )


@pytest.fixture(scope="module")
def gibleed(shared_data: Path) -> Path:
    return shared_data / "gibleed_omop53"


@pytest.fixture(scope="module")
def run(
    cohortflow: Command, gibleed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    workspace = tmp_path_factory.mktemp("workspace")
    result = cohortflow(
        "run", STUDY, "--records", f"omop:{gibleed}", "--workspace", workspace
    )
    return Run(result, Shelves(workspace, "viral_sinusitis"))


@pytest.fixture(scope="module")
def by_sql(gibleed: Path) -> Raw:
    """The raw counts of all months, with groups that occur."""
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(
                f"CREATE VIEW {table} AS FROM '{gibleed}/{table}.parquet'"
            )
        connection.execute(COUNTED)
        rows = connection.execute(MEASURES).fetchall()
    return {
        Place(row[0], row[1], row[2], row[3], groups=row[4:6]): Counts(*row[6:])
        for row in rows
    }


@pytest.fixture(scope="module")
def released(by_sql: Raw) -> list[Row]:
    return by_hand(by_sql, intervals_of(by_sql))


def intervals_of(raw: Raw, year: int | None = None) -> list[Interval]:
    return sorted(
        {
            (place[1], place[2])
            for place in raw
            if year in (None, place.interval_start.year)
        }
    )


def by_hand(raw: Raw, intervals: Sequence[Interval]) -> list[Row]:
    """The release of a run over these intervals."""
    ran = {
        place: counts
        for place, counts in raw.items()
        if (place[1], place[2]) in intervals
    }
    return release(ran, GROUPINGS, intervals, GROUPS, PROPORTIONS)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# The whole time


def test_it_ends_well_and_says_whose_rows_were_left_out(run: Run):
    assert run.result.code == 0, run.result.err
    assert f"Warning: {LEFT_OUT}." in " ".join(run.result.out.split())
    assert LEFT_OUT in run.manifest["warnings"]
    assert "2,649" not in run.result.out + run.result.err + str(run.manifest), (
        "how many is for the site's people"
    )
    assert f"{MONTHS} of {MONTHS} periods done, {MONTHS} of them now" in run.result.out


def test_raw_counts_are_those_of_hand_written_sql(run: Run, by_sql: Raw):
    tables = run.shelves.tables("counts")
    assert len(tables) == len(intervals_of(by_sql)) == MONTHS
    found = run.shelves.counts()
    ours = {
        _place(row): Counts(*(row[name] for name in Counts._fields)) for row in found
    }
    assert len(found) == len(ours)
    assert ours == by_sql


def _place(row: Row) -> Place:
    measure, start, end, group_by = (row[name] for name in Place._fields[:4])
    return Place(measure, start, end, group_by, tuple(row[name] for name in GROUPS))


def test_the_records_put_counts_of_all_kinds_to_the_test(
    released: list[Row], by_sql: Raw
):
    assert {row["status"] for row in released} == {"released", "redacted"}
    assert any(row["numerator"] == 0 for row in released) and any(
        row["denominator"] is None for row in released
    )
    assert any(counts.numerator == 0 for counts in by_sql.values()) and len(
        by_sql
    ) < len(released)


def test_measures_csv_is_as_worked_out_by_hand(run: Run, released: list[Row]):
    assert rows_of(run.shelves.release / "measures.csv") == [
        tidy(row, GROUPS) for row in released
    ]


def test_measures_parquet_is_as_worked_out_by_hand(run: Run, released: list[Row]):
    table = read(run.shelves.release / "measures.parquet")
    assert table.column_names == list(released[0])
    assert table.to_pylist() == released
    assert (
        table.schema.field("numerator").type
        == table.schema.field("denominator").type
        == pa.int64()
    )


@pytest.mark.parametrize("measure", GROUPINGS)
def test_the_file_of_a_measure_is_as_worked_out_by_hand(
    run: Run, released: list[Row], measure: str
):
    found = rows_of(run.shelves.release / "measures" / f"{measure}.csv")
    assert found == of_measure(
        released, measure, [name for name in GROUPS if name == GROUPINGS[measure]]
    )


def test_a_second_run_computes_nothing_and_gives_the_same_bytes(
    run: Run, cohortflow: Command, gibleed: Path
):
    before, stamps = run.shelves.released(), run.shelves.stamps()
    where = ("--records", f"omop:{gibleed}", "--workspace", run.shelves.workspace)
    again = cohortflow("run", STUDY, *where, "--json").well()
    assert again.json["computed"] == [] and len(again.json["periods"]) == MONTHS
    assert run.shelves.stamps() == stamps
    assert run.shelves.released() == before


# Other kinds of the same records, over one year


@pytest.fixture(scope="module")
def by_kind(
    cohortflow: Command, gibleed: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("kinds")
    places = {
        "parquet": gibleed,
        "csv": _as_csv(gibleed, folder),
        "duckdb": _as_database(gibleed, folder),
    }
    commands = {
        kind: (
            "run",
            STUDY,
            "--records",
            f"omop:{place}",
            "--workspace",
            folder / kind,
            *ONE_YEAR,
        )
        for kind, place in places.items()
    }
    results = side_by_side(cohortflow, commands)
    return {
        kind: Run(result, Shelves(folder / kind, "viral_sinusitis"))
        for kind, result in results.items()
    }


def _as_csv(gibleed: Path, folder: Path) -> Path:
    target = folder / "omop_csv"
    target.mkdir()
    with duckdb.connect() as connection:
        for path in gibleed.glob("*.parquet"):
            connection.execute(f"COPY (FROM '{path}') TO '{target / path.stem}.csv'")
    return target


def _as_database(gibleed: Path, folder: Path) -> Path:
    target = folder / "omop.duckdb"
    with duckdb.connect(str(target)) as connection:
        for path in gibleed.glob("*.parquet"):
            connection.execute(f"CREATE TABLE {path.stem} AS FROM '{path}'")
    return target


@pytest.mark.parametrize("kind", ["parquet", "csv", "duckdb"])
def test_one_year_of_every_kind_is_as_worked_out_by_hand(
    by_kind: dict[str, Run], by_sql: Raw, kind: str
):
    expected = by_hand(by_sql, intervals_of(by_sql, 2010))
    assert by_kind[kind].shelves.rows() == [cells(row) for row in expected]


@pytest.mark.parametrize("kind", ["csv", "duckdb"])
def test_every_kind_gives_the_same_files(by_kind: dict[str, Run], kind: str):
    ours, theirs = by_kind["parquet"], by_kind[kind]
    assert ours.shelves.numbers() == theirs.shelves.numbers()
    assert _without_source(ours.manifest) == _without_source(theirs.manifest)


def _without_source(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest without what names the records' kind and content, and the snapshot
    of them.
    """
    files = {
        name: value for name, value in manifest["files"].items() if name not in HISTORY
    }
    return {**manifest, "records": None, "snapshot": None, "files": files}
