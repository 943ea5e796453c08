"""Deciles of the rates of units, such as practices: all that a release says of units.

Units are counted and protected as any group is, and their rates are the released ones.
A decile is nearly the rate of one unit, so a period has deciles only where there are
100 units of 100 people at least: ten in each tenth. The lowest and the highest tenth
have no ends, which would be single units.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from extractors.late import pc
from measures.disclosure.types import ReleasedCounts
from measures.release.layout import as_json
from measures.release.wide import rows_of
from measures.statistics.digits import down, nearest, up
from measures.statistics.quantiles import DECILES, deciles

FEWEST_UNITS = 100  # with a rate, in a period: ten in each tenth
FEWEST_PEOPLE = 100  # in a unit, as released
# Units without a released rate have mostly low ones. More of them, and a decile would
# be another.
MOST_WITHOUT = 0.1
STEP = 10  # units are counted in tens, so that no reader sees a single one come or go
ROUNDED = {"ratio": nearest, "ratio_at_least": down, "ratio_at_most": up}

SCHEMA = pa.schema(
    [
        ("measure", pa.string()),
        ("interval_start", pa.date32()),
        ("interval_end", pa.date32()),
        ("group_by", pa.string()),
        ("group", pa.string()),
        ("percentile", pa.int64()),
        ("ratio", pa.float64()),
        ("ratio_at_least", pa.float64()),
        ("ratio_at_most", pa.float64()),
        ("units", pa.int64()),
        ("status", pa.string()),
    ]
)


def deciles_of(released: ReleasedCounts) -> dict[str, pa.Table]:
    """For each measure with units, by its name, the deciles of every interval and
    group.
    """
    tables = {}
    for shape in released.measures:
        if shape.over:
            names = [name for name in shape.group_by if name != shape.over]
            periods = _periods(released, shape.name, shape.over, names)
            rows: list[dict[str, Any]] = []
            for period in periods:
                for row in _rows(period, names):
                    rows.append({"measure": shape.shown_as, **row})
            tables[shape.shown_as] = pa.Table.from_pylist(rows, schema=SCHEMA)
    return tables


def _periods(
    released: ReleasedCounts, measure: str, unit: str, names: list[str]
) -> list[dict[str, Any]]:
    """For each interval and group the rates of its units, as lists: NULL where there is
    none.
    """
    table = released.table.filter(rows_of(released, [measure]))
    keys = ["interval_start", "interval_end", *names]
    # A group of units without a name is no unit, and a small unit is left out.
    large = pc.and_(
        pc.is_valid(table[unit]),
        pc.fill_null(pc.greater_equal(table["denominator"], FEWEST_PEOPLE), False),
    )
    columns = {name: _plain(table[name]) for name in keys}
    columns["large"] = large
    for name in ROUNDED:
        columns[name] = pc.if_else(large, table[name], None)
    by_period = pa.table(columns).group_by(keys, use_threads=False)
    lists = [(name, "list") for name in ROUNDED]
    return by_period.aggregate([*lists, ("large", "sum")]).to_pylist()


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Grouping does not take texts that are coded."""
    is_coded = pa.types.is_dictionary(column.type)
    return column.cast(column.type.value_type) if is_coded else column


def _rows(period: dict[str, Any], names: list[str]) -> Iterator[dict[str, Any]]:
    """A row for each decile of one interval and group."""
    keys = {
        "interval_start": period["interval_start"],
        "interval_end": period["interval_end"],
        "group_by": "+".join(names),
        "group": as_json(tuple(period[name] for name in names)),
    }
    rates = {name: _known(period[f"{name}_list"]) for name in ROUNDED}
    units = len(rates["ratio"])
    if not _is_enough(units, period["large_sum"] or 0):
        for percentile in DECILES:
            yield {**keys, "percentile": percentile, "status": "withheld"}
        return
    ends = {name: deciles(rates[name]) for name in ROUNDED}
    for place, percentile in enumerate(DECILES):
        yield {
            **keys,
            "percentile": percentile,
            **{
                name: rounding(float(ends[name][place]))
                for name, rounding in ROUNDED.items()
            },
            "units": units // STEP * STEP,
            "status": "released",
        }


def _known(rates: list[float | None]) -> np.ndarray:
    return np.array([rate for rate in rates if rate is not None], np.float64)


def _is_enough(units: int, large: int) -> bool:
    """Whether so many units with a rate stand for all that are large enough."""
    return units >= FEWEST_UNITS and large - units <= MOST_WITHOUT * large
