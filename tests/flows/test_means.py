"""Sums of floats in whole runs: the same whatever the number of workers, and nowhere
exact.
"""

from pathlib import Path

import pytest

from tests.flows.commands import Command
from tests.flows.conftest import STUDIES
from tests.flows.shelves import Shelves

MEANS = (STUDIES / "means.py", "--patients", 3000)
# more than 300, which is the most that anybody may add
BASES = {"controlled": 500, "opensafely": 500}


@pytest.mark.slow
@pytest.mark.parametrize("policy", BASES)
def test_means(cohortflow: Command, tmp_path: Path, policy: str):
    one, other = (Shelves(tmp_path / name, "means") for name in ("one", "other"))
    for shelves, workers in ((one, 1), (other, 3)):
        settings = ("--workspace", shelves.workspace, "--policy", policy)
        cohortflow("run", *MEANS, *settings, COHORTFLOW_WORKERS=workers).well()
    assert one.released() == other.released()
    true = {
        (row["interval_start"].isoformat(), row["measure"], row["sex"]): row
        for row in one.counts()
    }
    shown = [
        row for row in one.rows() if row["measure"].startswith("mean") and row["ratio"]
    ]
    assert len(shown) >= 2
    for row in shown:
        counts = true[row["interval_start"], row["measure"], row["sex"] or None]
        assert (
            int(row["numerator"]) % BASES[policy] == 0 and counts["numerator"] % 10_000
        )
        assert abs(int(row["numerator"]) - counts["numerator"] / 10) < BASES[policy]
        mean = counts["numerator"] / 10 / counts["denominator"]
        assert float(row["ratio_at_least"]) <= mean <= float(row["ratio_at_most"])
