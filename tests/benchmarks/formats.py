"""The same cohort as our Parquet, as CSV and as naive Parquet: bytes per row and rows
per CPU-second.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from extractors.cohorts import write_narrow
from extractors.engine import Engine
from extractors.sql.words import quote, text
from tests.benchmarks.costs import cost_of

COHORT = "cohort"
NAIVE = "(FORMAT parquet, COMPRESSION snappy)"


@dataclass(frozen=True)
class Written:
    form: str
    rows: int
    bytes: int
    cpu: float

    @property
    def bytes_per_row(self) -> float:
        return self.bytes / max(1, self.rows)

    @property
    def rows_per_second(self) -> float:
        return self.rows / max(self.cpu, 1e-9)


def write_all(cohort: Path, folder: Path) -> list[Written]:
    """Write the rows of a cohort file anew, in each of the forms."""
    rows = pq.ParquetFile(cohort).metadata.num_rows
    with Engine() as engine:
        engine.execute(
            f"CREATE TABLE {quote(COHORT)} AS SELECT * FROM "
            f"read_parquet({text(cohort)})"
        )
        columns = [name for name, *_ in engine.execute(f"DESCRIBE {quote(COHORT)}")]
        words = ", ".join(
            f"CAST({quote(name)} AS VARCHAR) AS {quote(name)}" for name in columns
        )
        ways: dict[str, Callable[[Path], object]] = {
            "ours": lambda path: write_narrow(engine, COHORT, path),
            "CSV": lambda path: engine.execute(
                f"COPY {quote(COHORT)} TO {text(path)} (FORMAT csv, HEADER)"
            ),
            "Parquet of VARCHAR": lambda path: engine.execute(
                f"COPY (SELECT {words} FROM {quote(COHORT)}) TO {text(path)} {NAIVE}"
            ),
        }
        return [
            _written(form, rows, folder / f"written-{form}", write)
            for form, write in ways.items()
        ]


def _written(
    form: str, rows: int, path: Path, write: Callable[[Path], object]
) -> Written:
    cost = cost_of(lambda: write(path))
    return Written(form, rows, path.stat().st_size, cost.cpu)
