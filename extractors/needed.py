"""What a plan needs of the tables of a source, written as files.

Each table of the source is read once, streamed through DuckDB within its memory limit.
Tables in which periods look for their rows one by one are sorted by date: a sorted
Parquet file is read by row group, so a period touches only its own slice. Where all
periods are computed at once, the order of the source will do.
"""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from extractors.cohorts import EVERYONE, everyone_sql, write_narrow
from extractors.engine import Engine
from extractors.errors import EngineError, OutOfMemory
from extractors.planner.needs import TableNeed
from extractors.planner.plan import Plan
from extractors.sources.base import Source
from extractors.sources.dirt import Checked, DirtyRecords, together
from extractors.sql.files import read_parquet
from extractors.sql.row_conditions import rough_condition
from extractors.sql.words import quote

# rows per row group of a table read by date; of 100,000 patients about a week and a
# half
SLICE = 20_480
# with a space, so no table can have a column of this name
IS_NEEDED = "is needed"


def table_file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '_')}.parquet"


def look_through(engine: Engine, source: Source, plan: Plan) -> Checked:
    """What was found in all tables. Raises RecordsError; DirtyRecords with all that was
    found until then.
    """
    found: list[Checked] = []
    for need in plan.needs:
        try:
            found.append(source.check(engine, need.schema, need.columns))
        except DirtyRecords as error:
            dirt = (*together(found).dirt, *error.dirt)
            raise DirtyRecords(error.message, error.detail, dirt) from None
    return together(found)


def write_tables(
    engine: Engine, source: Source, plan: Plan, folder: Path, checked: Checked
) -> dict[str, int]:
    """Write what the plan needs of each table; by table the number of rows."""
    rows = {
        need.schema.name: _written(engine, source, need, folder, checked)
        for need in plan.needs
    }
    rows[EVERYONE] = _write_everyone(engine, source, plan, folder)
    return rows


def _written(
    engine: Engine, source: Source, need: TableNeed, folder: Path, checked: Checked
) -> int:
    """As `_write_table`; raises RecordsError if it fails because a file is damaged."""
    try:
        return _write_table(engine, source, need, folder, checked)
    except OutOfMemory:
        raise
    except EngineError:
        source.check(engine, need.schema, need.columns, thorough=True)
        raise


def _write_table(
    engine: Engine, source: Source, need: TableNeed, folder: Path, checked: Checked
) -> int:
    name, file = need.schema.name, table_file(folder, need.schema.name)
    query = needed_of_source(engine, source, need, checked)
    if not need.window:
        # zstd: a fifth smaller, a tenth more of this step
        engine.write_parquet(query, file, compression="snappy")
        return pq.read_metadata(file).num_rows
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS {query}")
    # sorted down to the last column, so that equal records give equal files
    order = list(dict.fromkeys([need.window, "patient_id", *need.columns]))
    rows = write_narrow(engine, name, file, order=order, row_group=SLICE)
    engine.execute(f"DROP TABLE {quote(name)}")
    return rows


def needed_of_source(
    engine: Engine, source: Source, need: TableNeed, checked: Checked
) -> str:
    """SELECT of the columns and rows that are needed of a table of the source."""
    clean = checked.clean_of(need.schema.name)
    relation = source.relation(engine, need.schema, need.columns, clean)
    return needed_sql(need, f"({relation})")


def needed_sql(need: TableNeed, relation: str) -> str:
    """SELECT of the columns and rows of a table that are needed, from what goes
    behind FROM.
    """
    columns = ["e.patient_id", *(f"e.{quote(column)}" for column in need.columns)]
    where = f" WHERE {rough_condition(need.rows)}" if need.rows else ""
    return f"SELECT {', '.join(columns)} FROM {relation} AS e{where}"


def marked_of_source(
    engine: Engine, source: Source, need: TableNeed, checked: Checked
) -> str:
    """SELECT of the columns that are needed of a table of the source, in all of its
    rows; IS_NEEDED says of each whether it is.
    """
    everything = replace(need, rows=())
    every = needed_of_source(engine, source, everything, checked)
    needed = f"coalesce({rough_condition(need.rows)}, FALSE)"
    return f"SELECT e.*, {needed} AS {quote(IS_NEEDED)} FROM ({every}) AS e"


def _write_everyone(engine: Engine, source: Source, plan: Plan, folder: Path) -> int:
    """The patients who may be counted, from the snapshot's rows or, where any row
    counts, the source's.
    """
    for need in plan.needs:
        if plan.candidates.any_row:
            engine.view(need.schema.name, source.relation(engine, need.schema, ()))
        else:
            file = table_file(folder, need.schema.name)
            engine.view(need.schema.name, f"SELECT * FROM {read_parquet([file])}")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {quote(EVERYONE)} AS "
        f"{everyone_sql(plan.candidates)}"
    )
    return write_narrow(engine, EVERYONE, table_file(folder, EVERYONE))
