"""Whether our raw counts are those of the baseline, cell by cell."""

from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.baseline import Cell, Counts, Period
from tests.lib.raw_files import named_counts

NOBODY = (0, 0, 0, 0)


def our_counts(workspace: Path, period: Period) -> Counts:
    """The raw counts of a period in a workspace, in the baseline's terms."""
    found = list(
        workspace.glob(
            f"*/highly_sensitive/counts/*/period={period.start}..{period.end}.parquet"
        )
    )
    if len(found) != 1:
        raise SystemExit(
            f"{len(found)} files of raw counts for {period.start}..{period.end}; "
            "expected one"
        )
    return read_counts(found[0], period)


def read_counts(file: Path, period: Period, recipe: Path | None = None) -> Counts:
    """As `our_counts`, from a file of raw counts; `recipe` if that lies elsewhere."""
    rows = named_counts(file, recipe)
    return {
        _cell(row): _counts(row)
        for row in rows
        if f"_{period.rhythm}_" in row["measure"]
    }


def _cell(row: dict) -> Cell:
    group = row["group_by"]
    value = row[group] if group else None
    return (
        row["measure"],
        group,
        str(value).lower() if isinstance(value, bool) else value,
    )


def _counts(row: dict) -> tuple[int, int, int, int]:
    return (
        row["numerator"],
        row["denominator"],
        row["numerator_patients"],
        row["denominator_patients"],
    )


def differences(ours: Counts, theirs: Counts) -> list[str]:
    """One line for each cell that differs. A group without people may be there or
    not.
    """
    cells: Iterable[Cell] = sorted(ours.keys() | theirs.keys(), key=str)
    return [
        f"{cell}: ours {ours.get(cell)}, baseline {theirs.get(cell)}"
        for cell in cells
        if ours.get(cell, NOBODY) != theirs.get(cell, NOBODY)
    ]
