"""The files of measures as cohort-extractor lays them out, of released counts alone.

`old/measure_ID_2020-03-02.csv` has the group columns as the study names them, the
numerator's column, the denominator's, and `value`; `old/measure_ID.csv` all dates
together, and `date`. What is withheld is blank.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractors.late import pc
from measures.release.csv import escaped
from measures.release.files import OLD
from measures.release.wide import Wide

# A measure's numerator, denominator and groups, as the study's columns are called.
Names = Sequence[str]
Row = dict[str, Any]


def write_old(rows: Wide, measures: Mapping[str, Names], folder: Path) -> None:
    """A file for each measure and each of its dates; no folder for a study that is none
    of the old language.
    """
    for measure, (numerator, denominator, *groups) in measures.items():
        (folder / OLD).mkdir(exist_ok=True)
        mine = rows.table.filter(pc.equal(rows.table["measure"], measure)).to_pylist()
        columns = [*groups, *dict.fromkeys([numerator, denominator]), "value"]
        found = sorted(
            _rows(mine, numerator, denominator, groups),
            key=lambda row: (row["date"], *_order(row, groups)),
        )
        _write(found, [*columns, "date"], folder / OLD / f"measure_{measure}.csv")
        for date in dict.fromkeys(row["date"] for row in found):
            of_date = [row for row in found if row["date"] == date]
            _write(of_date, columns, folder / OLD / f"measure_{measure}_{date}.csv")


def _rows(
    rows: Iterable[Row], numerator: str, denominator: str, groups: Sequence[str]
) -> Iterator[Row]:
    for row in rows:
        counts = {denominator: row["denominator"], numerator: row["numerator"]}
        value = _ratio(row["numerator"], row["denominator"])
        found = {name: row[name] for name in groups}
        yield {
            **found,
            **counts,
            "value": value,
            "date": row["interval_start"].isoformat(),
        }


def _ratio(numerator: float | None, denominator: float | None) -> float | None:
    """0 of 0 is blank; something of 0 is infinite, as it was."""
    if numerator is None or denominator is None or (not numerator and not denominator):
        return None
    return numerator / denominator if denominator else float("inf")


def _order(row: Row, groups: Sequence[str]) -> list[tuple[bool, Any]]:
    return [(row[name] is not None, row[name]) for name in groups]


def _write(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    lines = [",".join(map(_quoted, columns))]
    for row in rows:
        lines.append(",".join(_cell(row[name]) for name in columns))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cell(value: Any) -> str:
    """As the old program writes it; a text that a spreadsheet would run is escaped as
    in all our files.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return _quoted(escaped(value) if isinstance(value, str) else str(value))


def _quoted(text: str) -> str:
    needs_quotes = any(mark in text for mark in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if needs_quotes else text
