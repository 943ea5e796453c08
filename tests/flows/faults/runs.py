"""The run that faults are made in."""

from pathlib import Path

from tests.flows.conftest import PATIENTS, STUDY
from tests.flows.shelves import Shelves

LONG = ("--", "--weeks", 27)  # long enough to be disturbed in the middle
PERIODS = 30


def long_run(workspace: Path, *options: object) -> tuple:
    return (
        "run",
        STUDY,
        *PATIENTS,
        "--workspace",
        workspace,
        "--json",
        *options,
        *LONG,
    )


FAILS = (1, 3)  # a step before the periods has no result, or some periods have none


def midway(shelves: Shelves) -> bool:
    """Whether a run has read the records and has its periods still before it."""
    return any(shelves.high.glob("static/*/*.parquet"))


def counted(shelves: Shelves) -> int:
    """Periods that have their counts."""
    return len(shelves.results("counts"))


def same(shelves: Shelves, whole: Shelves) -> bool:
    """Whether a disturbed run has ended as the undisturbed one, to the byte, with
    nothing left lying about.
    """
    assert not shelves.unfinished()
    assert _names(shelves) == _names(whole), "files that only one of them has"
    for shelf in ("cohorts", "counts"):
        alike(shelves.results(shelf), whole.results(shelf), shelf)
    return shelves.released() == whole.released()


def alike(some: dict[str, Path], others: dict[str, Path], shelf: str) -> None:
    """Results of the same periods have the same bytes."""
    assert some.keys() == others.keys(), shelf
    for period, path in some.items():
        assert path.read_bytes() == others[period].read_bytes(), f"{shelf} of {period}"


def _names(shelves: Shelves) -> set[Path]:
    """Whatever lies on the highly_sensitive shelf, but for the errors of periods, which
    are kept to be counted.
    """
    kept = shelves.high.glob("errors/*/period=*.json")
    return {
        path.relative_to(shelves.high)
        for path in {*shelves.high.rglob("*")} - {*kept}
        if path.is_file()
    }
