"""Large tables in several files: output checkers take at most 5,000 rows a file."""

import pyarrow as pa

from extractors.late import pc

MOST_ROWS = 5_000  # OpenSAFELY's output checkers take no CSV file with more


def parts_of(rows: pa.Table, most: int = MOST_ROWS) -> dict[str, pa.Table]:
    """The rows by what the name of their file has more: nothing if they fit in one
    file.

    Else there is a part for each year in which an interval begins, `.2020`; where one
    year alone has too many rows, it has several, `.2020-1`. Rows keep their order.
    """
    if len(rows) <= most:
        return {"": rows}
    years = pc.year(rows["interval_start"])
    parts: dict[str, pa.Table] = {}
    for year in sorted(pc.unique(years).to_pylist()):
        parts |= _of_year(f".{year}", rows.filter(pc.equal(years, year)), most)
    return parts


def _of_year(name: str, rows: pa.Table, most: int) -> dict[str, pa.Table]:
    if len(rows) <= most:
        return {name: rows}
    starts = range(0, len(rows), most)
    found: dict[str, pa.Table] = {}
    for number, start in enumerate(starts, start=1):
        found[f"{name}-{number}"] = rows.slice(start, most)
    return found
