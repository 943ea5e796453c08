"""One try of a definition: what it counts, and what is doubtful about it."""

from dataclasses import dataclass, replace
from importlib import import_module
from threading import Thread
from typing import Any

from extractors.cohorts import COHORT
from extractors.notice import Notice
from extractors.sql.words import quote
from flows.preparing.doubts import doubts_of
from flows.preparing.options import Options
from flows.trying.codes import unmatched
from flows.trying.counting import Trial, count_of, rows_of, trial_of
from flows.trying.outside import with_people
from flows.trying.showing import Table, tables_of
from flows.trying.variables import Variable, doubts_of_variables, variables_of
from measures.closed.process import Closed
from measures.counts.doubts import doubts_of_counts, without_numerator
from measures.counts.true_rows import TrueRow, true_rows
from measures.study import Study


@dataclass(frozen=True)
class Attempt:
    """What came of a try."""

    # whose definition was tried
    study: Study
    # of made-up people: all that there are
    patients: int
    # of measures: every group in every period
    rows: tuple[TrueRow, ...]
    # of a dataset: its variables
    variables: tuple[Variable, ...]
    # of a dataset: how many people are in its population
    population: int
    # what the numbers make doubtful about the definition
    doubts: tuple[Notice, ...]
    # what the author wants to see
    shown: tuple[Table, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `cohortflow try --json` prints it."""
        said: dict[str, Any] = {"study": self.study.name, "patients": self.patients}
        said["measures"] = [row.as_json() for row in self.rows]
        if self.study.kind == "dataset":
            said["population"] = self.population
            said["variables"] = [variable.as_json() for variable in self.variables]
        if self.shown:
            said["shown"] = [table.as_json() for table in self.shown]
        return said | {"doubts": [doubt.as_doubt() for doubt in self.doubts]}


def attempt(options: Options, early: Closed | None = None) -> Attempt:
    """Try a definition on made-up people. Raises what `trial_of` raises."""
    Thread(target=_load_ahead, daemon=True).start()
    with trial_of(options, early) as trial:
        study = trial.prepared.study
        known = doubts_of(study, trial.prepared.named, made_up=True)
        with trial.engine() as engine:
            known += unmatched(study, engine)
        shown, unshown = tables_of(trial)
        made = _dataset(trial) if study.kind == "dataset" else _measures(trial)
        return replace(
            made, doubts=(*known, *made.doubts, *unshown), shown=tuple(shown)
        )


def _load_ahead() -> None:
    """Load what counts while the closed process still reads the definition."""
    for library in ("duckdb", "pyarrow.compute"):
        import_module(library)


def _measures(trial: Trial) -> Attempt:
    study, counts = trial.prepared.study, count_of(trial)
    elsewhere = with_people(trial, without_numerator(study, counts))
    found = doubts_of_counts(study, counts, elsewhere)
    return Attempt(
        study, _patients(trial), tuple(true_rows(counts)), (), 0, tuple(found)
    )


def _dataset(trial: Trial) -> Attempt:
    study = trial.prepared.study
    with rows_of(trial) as engine:
        population = engine.execute(f"SELECT count(*) FROM {quote(COHORT)}")[0][0]
        variables = variables_of(study, engine)
    found = doubts_of_variables(study, variables, population)
    return Attempt(
        study, _patients(trial), (), tuple(variables), population, tuple(found)
    )


def _patients(trial: Trial) -> int:
    return trial.prepared.options.patients if trial.prepared.records.made_up else 0
