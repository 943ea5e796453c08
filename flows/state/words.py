"""Words and numbers for people, as the terminal and Prefect's pages both show them."""

import shlex
from collections.abc import Iterable, Sequence

from flows.state.outcome import Outcome
from flows.state.periods import DONE, FAILED, MISSING, PeriodState
from measures.definitions import Measure

MOST_HEADLINES = 12
MOST_LINES = 20  # of the table at the end of a run; a window shows so many


def rerun_command(outcome: Outcome) -> str:
    """The exact command that runs just the failed periods again."""
    options = outcome.options
    return shlex.join(
        [
            "cohortflow",
            "rerun",
            options.name or options.study,
            "--failed",
            "--workspace",
            options.workspace,
        ]
    )


def means_of(measures: Iterable[Measure]) -> dict[str, int]:
    """The measures whose ratio is a mean, with the decimals that count."""
    return {measure.name: measure.places for measure in measures if measure.most}


def families_of(measures: Iterable[Measure]) -> list[list[str]]:
    """The names of measures that count the same in the same intervals, and differ in
    their groups.
    """
    found: dict[object, list[str]] = {}
    for measure in measures:
        if not measure.over:
            found.setdefault(
                (measure.numerator, measure.denominator, measure.intervals), []
            ).append(measure.name)
    return list(found.values())


def main_totals(names: Sequence[str]) -> list[str]:
    """The first of those whose name others extend, as `bp_weekly` is by
    `bp_weekly_by_sex`; of all if none is.
    """
    main = []
    for name in names:
        if any(other.startswith(f"{name}_") for other in names):
            main.append(name)
    return (main or list(names))[:MOST_HEADLINES]


def closing_lines(
    names: Sequence[str], measures: Iterable[Measure], first: Sequence[str]
) -> list[str]:
    """Which lines the table at the end of a run has, in their order, where all would
    fill several windows.

    What the author puts `first`, then what is broken down by groups, then others.
    """
    broken_down: list[str] = []
    for family in families_of(measures):
        if len(family) > 1:
            # the sum of groups has the name of the measure without them
            broken_down += [name.partition("_by_")[0] for name in family]
    wanted = [name for name in (*first, *broken_down, *names) if name in names]
    kept = set(list(dict.fromkeys(wanted))[:MOST_LINES])
    return [name for name in names if name in kept]


def count_shown(value: int | None) -> str:
    """A released count for people."""
    return "redacted" if value is None else f"{value:,}"


def by_length(states: Iterable[PeriodState]) -> list[tuple[str, list[PeriodState]]]:
    """The periods of each length together, under a name like `Weeks`."""
    kinds: dict[str, list[PeriodState]] = {}
    for state in states:
        first, last = state.job.interval
        kinds.setdefault(length_of((last - first).days + 1), []).append(state)
    return list(kinds.items())


def length_of(days: int) -> str:
    """What periods of so many days are called."""
    if 28 <= days <= 31:
        return "Months"
    return {1: "Days", 7: "Weeks"}.get(days, f"Periods of {days} days")


def counted(states: Iterable[PeriodState]) -> str:
    """As `164 done, 2 failed`."""
    names = [state.state for state in states]
    return ", ".join(
        f"{names.count(name)} {name}"
        for name in (DONE, FAILED, MISSING)
        if name in names
    )
