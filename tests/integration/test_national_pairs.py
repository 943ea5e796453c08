"""Released numbers of both suppliers of OpenSAFELY and of both together: adding up is
what we think it is.

The files are not ours to ship. In the folder of shared data they are called
NAME_tpp.csv, NAME_emis.csv and NAME_combined.csv, with the columns of a measure as
ehrQL or cohort-extractor write them.
"""

import csv
from pathlib import Path

import pytest

from measures.sites.adding import Known, together

COUNTS = ("numerator", "denominator", "value", "count", "population")


def rows(path: Path) -> dict[tuple[str, ...], dict[str, int]]:
    """By all that is no number of people, the counts of a file."""
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = tuple(
                value
                for name, value in row.items()
                if name not in COUNTS and name not in ("ratio", "rate")
            )
            found[key] = {
                name: int(float(row[name]))
                for name in COUNTS
                if row.get(name, "").replace(".", "").isdigit()
            }
    return found


def test_tpp_and_emis_are_the_combined_numbers(shared_data):
    pairs = sorted(shared_data.rglob("*_tpp.csv"))
    if not pairs:
        pytest.skip(
            "the shared data have no NAME_tpp.csv beside NAME_emis.csv and "
            "NAME_combined.csv"
        )
    compared = 0
    for tpp in pairs:
        name = tpp.name.removesuffix("_tpp.csv")
        emis, both = (
            rows(tpp.with_name(f"{name}_{part}.csv")) for part in ("emis", "combined")
        )
        for key, counts in rows(tpp).items():
            for count, shown in counts.items():
                other, total = emis[key][count], both[key][count]
                sums = together(
                    [Known(shown, shown, shown), Known(other, other, other)]
                )
                assert sums.shown == total, f"{name}: {count} of {key}"
                compared += 1
    assert compared >= 36
