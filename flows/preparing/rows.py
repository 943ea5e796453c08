"""Files with the rows of patients, which a period of an old study leaves beside its
counts, or in their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.cohorts import POPULATION, CohortQuery, cohort_query
from extractors.fingerprint import fingerprint
from extractors.planner.ladders import Interval, period_name
from extractors.planner.plan import Plan
from extractors.snapshot import FORMAT
from flows.preparing.places import Places
from flows.workspace.kept import ROWS
from measures.cohortextractor.options import input_files
from measures.study import Study

OUTPUT = "output"  # the folder below highly_sensitive


@dataclass(frozen=True)
class RowsJob:
    """The files of patients of one period."""

    # the rows; their columns are named as the study names them
    cohort: CohortQuery
    # column -> how it is written
    forms: Mapping[str, str]
    # the files, in formats that their endings say
    targets: tuple[Path, ...]
    # what says that the files are there, made of what they would be made of now
    note: Path

    @property
    def written(self) -> bool:
        """Whether every file is there, and is the one that was written."""
        known = ROWS.recall(self.note)
        return known is not None and known["files"] == self._facts()

    def note_written(self) -> None:
        """Remember that the files are written."""
        ROWS.write(self.note, {"files": self._facts()})

    def _facts(self) -> dict[str, list[int]]:
        """Of each file that is there its size and its time: another run may write files
        of the same names.
        """
        found = {}
        for target in self.targets:
            if target.exists():
                facts = target.stat()
                found[target.name] = [facts.st_size, facts.st_mtime_ns]
        return found


def rows_jobs(
    study: Study, plan: Plan, arguments: Sequence[str], places: Places
) -> dict[Interval, RowsJob]:
    """The files of each period of a study that is to write some; `arguments` are the
    words behind `--`.
    """
    if not study.index:
        return {}
    query = cohort_query(plan, places.columns, (POPULATION,))
    files = input_files(arguments)
    made_of = (FORMAT, places.static.name, query.query.sql, list(study.forms.items()))
    found = {}
    for interval in study.index:
        day = interval[0]
        names = []
        for file in files:
            if day in file.dates:
                names.append(f"{file.name}_{day}.{file.format}")
        found[interval] = RowsJob(
            cohort=query,
            forms=study.forms,
            targets=tuple(places.workspace.folder(OUTPUT) / name for name in names),
            note=places.workspace.folder("datasets", fingerprint(*made_of, names))
            / f"{period_name(interval)}.json",
        )
    return found
