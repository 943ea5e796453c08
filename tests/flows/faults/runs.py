"""The run that faults are made in."""

from pathlib import Path

from tests.flows.conftest import PATIENTS, STUDY
from tests.flows.shelves import Shelves

LONG = ("--", "--weeks", 27)  # long enough to be disturbed in the middle
PERIODS = 30


def long_run(workspace: Path, *options: object) -> tuple:
    return ("run", STUDY, *PATIENTS, "--workspace", workspace, "--json", *options, *LONG)


def counted(shelves: Shelves) -> int:
    """Periods that have their counts."""
    return len(shelves.results("counts"))


def same(shelves: Shelves, whole: Shelves) -> bool:
    """Whether a disturbed run has ended as the undisturbed one, to the byte, with nothing left lying about."""
    assert not shelves.unfinished()
    assert shelves.results("cohorts").keys() == whole.results("cohorts").keys()
    for shelf in ("cohorts", "counts"):
        theirs = whole.results(shelf)
        for period, path in shelves.results(shelf).items():
            assert path.read_bytes() == theirs[period].read_bytes(), f"{shelf} of {period}"
    return shelves.released() == whole.released()
