"""How fast records are read: rows that the snapshot takes in per second of processor
time, in every form of file.

    python -m tests.benchmarks.reading [--rows 2000000]

Of two states of the code the same command is run in turn; the rows are the same each
time.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path

import duckdb

from extractors.engine import Engine
from extractors.model.verhoeff import has_check_digit
from extractors.planner.plan import Plan, make_plan
from extractors.snapshot import write_snapshot
from extractors.sources import open_source
from extractors.tables.core import clinical_events

# different ones; those with a wrong check digit, as most records have a few
CODES, ODD = 5_000, 50
TRIES = 3  # of which the fastest counts
ROWS = """
SELECT n % ({rows} // 20) AS patient_id,
       DATE '2010-01-01' + CAST(hash(n) % 4000 AS INTEGER) AS date,
       codes[CAST(1 + hash(n, 1) % {codes} AS BIGINT)] AS snomedct_code,
       CAST(NULL AS VARCHAR) AS ctv3_code,
       CASE WHEN n % 3 = 0 THEN CAST(hash(n, 2) % 200 AS DOUBLE) END AS numeric_value
FROM range({rows}) AS t(n), (SELECT {listed} AS codes)
"""
NAME = "clinical_events"
FORMS: dict[str, Callable[[Path], str]] = {
    "parquet": lambda folder: (
        f"COPY rows TO '{folder / NAME}.parquet' (FORMAT parquet)"
    ),
    "csv": lambda folder: f"COPY rows TO '{folder / NAME}.csv' (FORMAT csv, HEADER)",
    "csv.gz": lambda folder: (
        f"COPY rows TO '{folder / NAME}.csv.gz' (FORMAT csv, HEADER, COMPRESSION gzip)"
    ),
}


def plan() -> Plan:
    """A definition that reads all columns."""
    last = clinical_events.sort_by(
        clinical_events.date, clinical_events.numeric_value
    ).last_for_patient()
    series = {
        "code": last.snomedct_code.node,
        "value": last.numeric_value.node,
        "": last.exists_for_patient().node,
    }
    return make_plan(series, ("",))


def codes() -> list[str]:
    """Of SNOMED CT's form, nearly all with the right check digit."""
    every = map(str, count(100_000_000))
    return [
        *islice(filter(has_check_digit, every), CODES - ODD),
        *(f"{200_000_001 + 10 * n}" for n in range(ODD)),
    ]


def rate(folder: Path, rows: int) -> float:
    """Rows per CPU second of the fastest try."""
    seconds = []
    for _ in range(TRIES):
        target = folder / "snapshot"
        target.mkdir()
        started = time.process_time()
        with Engine(threads=1) as engine:
            write_snapshot(engine, open_source(str(folder)), plan(), target)
        seconds.append(time.process_time() - started)
        shutil.rmtree(target)
    return rows / min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    rows = parser.parse_args().rows
    for form, copy in FORMS.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with duckdb.connect() as connection:
                connection.execute(
                    "CREATE TABLE rows AS "
                    f"{ROWS.format(rows=rows, codes=CODES, listed=codes())}"
                )
                connection.execute(copy(folder))
            print(
                f"{form:8} {rate(folder, rows) / 1e6:6.2f} million rows per CPU second",
                flush=True,
            )


if __name__ == "__main__":
    main()
