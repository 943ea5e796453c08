"""What must be true after a year: counts equal those of a run from nothing, and those
of SQL by hand.
"""

import datetime
from pathlib import Path

import duckdb

from tests.flows.shelves import Shelves
from tests.flows.year.life import STUDY, Life, size

# results of so many loads may lie there: those kept, and what any workspace has
# After a clean-up no more than so many times what a run from nothing leaves. The ledger
# is never cleaned, and drawings are kept for an hour.
ROOMY = 1.5
KEPT_LONGER = ("ledger", "drawings")
BY_HAND = """
    SELECT count(DISTINCT patient_id)
    FROM read_parquet(?) AS events
    JOIN read_parquet(?) AS patients USING (patient_id)
    WHERE snomedct_code IN ('413606001', '413605002')
      AND date BETWEEN ?::DATE AND ?::DATE + 6
      AND (date_of_death IS NULL OR date_of_death > ?::DATE)
"""


def check(life: Life) -> Shelves:
    """Raises AssertionError where the long life left anything else than one run would;
    gives that run.
    """
    last = life.loads.weeks
    fresh = Shelves(life.home / "fresh", "lived")
    place = ("--records", life.records, "--workspace", fresh.workspace)
    life.command(
        "run", STUDY, *place, "--complete-by", life.loads.ends(last), "--json",
        COHORTFLOW_LEDGER=life.home / "site of the fresh run",
    ).well()  # fmt: skip
    life.command("clean", "--workspace", life.shelves.workspace).well()
    assert by_place(life.shelves) == by_place(fresh)
    assert taken(life.shelves) == _by_hand(life.records, taken(life.shelves))
    assert _results(life.shelves) <= ROOMY * _results(fresh)
    return fresh


def _results(shelves: Shelves) -> int:
    """The bytes of all that a clean-up may remove."""
    folders = [each for each in shelves.high.iterdir() if each.name not in KEPT_LONGER]
    return sum(size(each) for each in folders if each.is_dir())


def by_place(shelves: Shelves) -> dict[tuple[object, ...], tuple[int, int]]:
    """All raw counts: numerator and denominator by measure, interval and group."""
    found: dict[tuple[object, ...], tuple[int, int]] = {}
    for row in shelves.counts():
        place = (row["measure"], row["interval_start"], row["group_by"], row.get("sex"))
        assert place not in found
        found[place] = (row["numerator"], row["denominator"])
    return found


def taken(shelves: Shelves) -> dict[datetime.date, int]:
    """The people of each week with a reading, as counted."""
    return {
        row["interval_start"]: row["numerator"]
        for row in shelves.counts()
        if row["measure"] == "taken"
    }


def _by_hand(
    records: Path, weeks: dict[datetime.date, int]
) -> dict[datetime.date, int]:
    files = [
        str(records / f"{name}.parquet") for name in ("clinical_events", "patients")
    ]
    with duckdb.connect() as engine:
        return {
            day: engine.execute(BY_HAND, [*files, day, day, day]).fetchall()[0][0]
            for day in weeks
        }
