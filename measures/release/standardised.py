"""Directly standardised rates of a release, made of its released counts alone.

A band whose numerator is withheld is never 0: the rate then has its certain range and
interval only, and not even these where such bands hold more than a fifth of the
standard's weight.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from measures.disclosure.types import ReleasedCounts
from measures.release.layout import as_json
from measures.release.wide import rows_of
from measures.statistics.digits import down, nearest, up
from measures.statistics.standardised import direct, direct_range, direct_union
from measures.statistics.unions import Range

FEWEST_PEOPLE = 100  # in a band, as released; below, a rate says too little
MOST_WITHHELD = 0.2  # of the weight, in bands whose numerator is withheld
WITHHELD, RANGE_ONLY, RELEASED = "withheld", "range only", "released"

SCHEMA = pa.schema(
    [
        ("measure", pa.string()),
        ("interval_start", pa.date32()),
        ("interval_end", pa.date32()),
        ("group_by", pa.string()),
        ("group", pa.string()),
        ("standard", pa.string()),
        ("ratio", pa.float64()),
        ("ratio_at_least", pa.float64()),
        ("ratio_at_most", pa.float64()),
        ("ci_low", pa.float64()),
        ("ci_high", pa.float64()),
        ("bands_withheld", pa.int64()),
        ("status", pa.string()),
    ]
)
Cell = dict[str, Any]


def standardised_of(released: ReleasedCounts) -> dict[str, pa.Table]:
    """For each measure with a standard, by its name, the rates of every interval and
    group.
    """
    tables = {}
    for shape in released.measures:
        standard = shape.standard
        if standard is not None:
            weights = dict(standard.weights)
            rows = _rows(released, shape.name, standard.group, weights)
            listed = []
            for row in rows:
                listed.append({"measure": shape.name, "standard": standard.name, **row})
            tables[shape.name] = pa.Table.from_pylist(listed, schema=SCHEMA)
    return tables


def _rows(
    released: ReleasedCounts, measure: str, band: str, weights: dict[Any, float]
) -> Iterator[Cell]:
    names = _others(released, measure, band)
    found = _bands(released, measure, (band, *names))
    for (start, end, *group), bands in found.items():
        yield {
            "interval_start": start,
            "interval_end": end,
            "group_by": "+".join(names),
            "group": as_json(tuple(group)),
            **_rate([bands.get(each) for each in weights], list(weights.values())),
        }


def _others(released: ReleasedCounts, measure: str, band: str) -> list[str]:
    """What the measure is grouped by beside its bands."""
    [shape] = [shape for shape in released.measures if shape.name == measure]
    return [name for name in shape.group_by if name != band]


def _bands(
    released: ReleasedCounts, measure: str, names: tuple[str, ...]
) -> dict[tuple[Any, ...], dict[Any, Cell]]:
    """By interval and group the cells of all bands, by the value of the band."""
    mine = rows_of(released, [measure])
    columns = ["interval_start", "interval_end", *names, "numerator", "denominator"]
    shown = released.table.select(columns).filter(mine).to_pylist()
    ranges = released.ranges.filter(mine).to_pylist()
    found: dict[tuple[Any, ...], dict[Any, Cell]] = {}
    band, *others = names
    for row, ends in zip(shown, ranges, strict=True):
        key = (
            row["interval_start"],
            row["interval_end"],
            *(row[name] for name in others),
        )
        found.setdefault(key, {})[row[band]] = row | ends
    return found


def _rate(bands: list[Cell | None], weights: list[float]) -> Cell:
    """The rate of one interval and group; `bands` in the order of their weights."""
    known = [band for band in bands if band is not None and _is_known(band)]
    hidden = [band is not None and band["numerator"] is None for band in bands]
    weight_hidden = sum(
        weight for weight, each in zip(weights, hidden, strict=True) if each
    )
    withheld: Cell = {
        "bands_withheld": len(bands) - sum(_is_shown(band) for band in bands)
    }
    if len(known) < len(bands) or weight_hidden > MOST_WITHHELD * sum(weights):
        return {**withheld, "status": WITHHELD}
    counts = Range.of(*_ends(known, "numerator"))
    of = Range.of(*_ends(known, "denominator"))
    union = direct_union(counts, of, weights)
    if union is None:  # too few events
        return {**withheld, "status": WITHHELD}
    least, most = direct_range(counts, of, weights)
    ends = {
        "ratio_at_least": down(least),
        "ratio_at_most": up(most),
        "ci_low": down(union[0]),
        "ci_high": up(union[1]),
    }
    if any(hidden):
        return {**withheld, **ends, "status": RANGE_ONLY}
    value = direct(
        [band["numerator"] for band in known],
        [band["denominator"] for band in known],
        weights,
    )
    ratio = nearest(value.value) if value else None
    return {**withheld, **ends, "ratio": ratio, "status": RELEASED}


def _is_shown(band: Cell | None) -> bool:
    return band is not None and _is_known(band) and band["numerator"] is not None


def _is_known(band: Cell) -> bool:
    """Whether both counts of a band are known within a range, and its people are enough
    for a rate.
    """
    people = band["denominator"]
    return (
        people is not None
        and people >= FEWEST_PEOPLE
        and band["numerator_at_most"] is not None
    )


def _ends(bands: list[Cell], part: str) -> tuple[np.ndarray, np.ndarray]:
    least = np.array([max(0, band[f"{part}_at_least"]) for band in bands], np.float64)
    return least, np.array([band[f"{part}_at_most"] for band in bands], np.float64)
