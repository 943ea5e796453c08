"""Studies that are shipped: how they are planned, and what made-up records they get."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from measures.definitions import Interval
from measures.loading import load_study
from measures.study import SHIPPED, Study


def shipped(name: str, *arguments: str) -> Study:
    """A shipped study with the words behind `--`."""
    return load_study(SHIPPED / name / "definition.py", arguments=arguments)


def prepared(name: str, workspace: Path, patients: int, *arguments: str) -> Prepared:
    """A run of it on made-up records, before it begins."""
    return prepare(
        Options(
            name,
            patients=patients,
            workspace=str(workspace),
            arguments=tuple(arguments),
        )
    )


def kinds(run: Prepared) -> set[str]:
    """How its series change from one period to the next."""
    return {part.kind.value for part in run.plan.parts.values()}


def trial(run: Prepared, folder: Path) -> duckdb.DuckDBPyConnection:
    """The run's made-up records, for SQL by hand; each table is a view."""
    run.records.write_to(folder)
    connection = duckdb.connect()
    for need in run.plan.needs:
        file = folder / f"{need.schema.name}.parquet"
        connection.execute(
            f"CREATE VIEW {need.schema.name} AS FROM read_parquet('{file}')"
        )
    return connection


def flat(row: Mapping[str, Any]) -> tuple:
    """A row of `measures.evaluate` or of the plain-Python engine, so that both look
    alike.
    """
    groups = row.get("groups")
    if groups is None:
        groups = {name: row[name] for name in row["group_by"].split("+") if name}
    counts = ("numerator", "denominator", "numerator_patients", "denominator_patients")
    cells = [row[count] for count in counts]
    return (
        row["measure"],
        row["interval_start"],
        row["interval_end"],
        str(sorted(groups.items())),
        *cells,
    )


def alike(
    ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]
) -> bool:
    return Counter(map(flat, ours)) == Counter(map(flat, theirs))


def counted(
    counts: Sequence[Mapping[str, Any]], name: str, interval: Interval
) -> dict[tuple, tuple[int, int]]:
    """Values of the groups -> (numerator, denominator) of a measure in an interval; a
    total has the key ().
    """
    found: dict[tuple, tuple[int, int]] = {}
    for row in counts:
        if (row["measure"], row["interval_start"], row["interval_end"]) == (
            name,
            *interval,
        ):
            names = [each for each in row["group_by"].split("+") if each]
            key = tuple(row[each] for each in names)
            found[key] = (row["numerator"], row["denominator"])
    return found
