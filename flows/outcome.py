"""What became of a run: kept in the workspace for `status`, `rerun` and the closing table."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from extractors.errors import CohortflowError, RecordsError
from flows.judging import is_full
from flows.prepare import Options, Prepared
from flows.store import Workspace, read_json, write_json
from measures.disclosure.keys import Key
from measures.release import Headline
from measures.studies.starters import starter_codelists

PACKAGES = ("cohortflow", "duckdb", "highspy", "pyarrow")


@dataclass(frozen=True)
class Outcome:
    """`failed`: period -> safe reason. `computed`: periods made by this run; the others were done before.

    `waiting`: periods that nobody asked this run to make and that are not done. There is a release if
    nothing failed and nothing is waiting. `headlines` hold released numbers only. `dataset`: where a
    dataset definition's rows are, relative to the workspace. `begun`: what a run set out to make; none once it has
    told how it ended.
    """

    options: Options
    periods: tuple[str, ...]
    computed: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    headlines: tuple[Headline, ...] = ()
    seconds: float = 0.0
    dataset: str = ""
    begun: tuple[str, ...] = ()

    @property
    def released(self) -> bool:
        return not (self.failed or self.waiting or self.dataset)


def write_outcome(workspace: Workspace, outcome: Outcome) -> None:
    write_json(workspace.last_run, asdict(outcome))


@contextmanager
def noted(prepared: Prepared, only: Sequence[str] | None) -> Iterator[None]:
    """While a run is at work, `status` knows what it has set out to do, also if it is killed.

    One that can't read its records was none: what was run before it is still the last.
    """
    before, periods = read_outcome(prepared.workspace), tuple(prepared.jobs)
    begun = tuple(period for period in periods if only is None or period in only)
    write_outcome(prepared.workspace, Outcome(prepared.options, periods, waiting=periods, begun=begun))
    try:
        yield
    except RecordsError:
        _put_back(prepared.workspace, before)
        raise


def _put_back(workspace: Workspace, before: Outcome | None) -> None:
    if before:
        write_outcome(workspace, before)
    else:
        workspace.last_run.unlink(missing_ok=True)


def note_end(workspace: Workspace, outcome: Outcome) -> None:
    """As `write_outcome`, for a run that has ended: where no room is left for that, it has still ended so."""
    try:
        write_outcome(workspace, outcome)
    except OSError as error:
        if not is_full(error):
            raise


def read_outcome(workspace: Workspace) -> Outcome | None:
    """The last run's outcome; None if there was none. CohortflowError if another version wrote it."""
    data = read_json(workspace.last_run)
    if data is None:
        return None
    try:
        options = Options(**_tupled(data.pop("options")))
        heads = tuple(Headline(**headline) for headline in data.pop("headlines"))
        return Outcome(options, headlines=heads, **_tupled(data))
    except TypeError as error:  # a setting that we do not know
        remedy = "use that one, or remove the file and run again"
        raise CohortflowError(f"{workspace.last_run} is of another cohortflow; {remedy}.", str(error)) from None


def _tupled(data: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples; plain data of ours has nothing else."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def starter_warning(prepared: Prepared) -> list[str]:
    """Starter codelists are fine for trial records and wrong for everything else."""
    names = starter_codelists(prepared.study.path.parent, (each.name for each in prepared.study.codelists))
    if not names or prepared.records.made_up:
        return []
    return [
        f"{len(names)} codelists are short starters, not the published lists, so the numbers are too low: "
        f"{', '.join(names)}; {prepared.study.path.parent.name}/README.md says how to replace them"
    ]


def manifest(prepared: Prepared, warnings: Iterable[str], key: Key) -> dict[str, Any]:
    """What the release says of how it was made: hashes, versions, plan; no times and no paths.

    Hashes of records are hashed again with the key: whoever knows all records but one could try out that one.
    """
    study = prepared.study
    return {
        "study": study.name,
        "definition": study.definition_hash,
        "codelists": {each.name: each.sha256 for each in study.codelists},
        "records": {"kind": _kind(prepared), "fingerprint": _hidden(prepared.records.fingerprint, key)},
        "snapshot": _hidden(prepared.snapshot_key, key),
        "periods": len(prepared.jobs),
        "kinds": {name: part.kind for name, part in prepared.parts.items()},
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in PACKAGES}},
        "warnings": [uncounted(warning) for warning in warnings],
    }


def _hidden(fingerprint: str, key: Key) -> str:
    return fingerprint if key.public else key.digest("records", fingerprint).hex()[: len(fingerprint)]


def uncounted(text: str) -> str:
    """A text about records without how many rows it is true of, and which is the first: those are true counts."""
    text = re.sub(r" \(the first is data row [\d,]+\)", "", text)
    return re.sub(r"\b[\d,]+ rows?\b( is\b)?", lambda said: "some rows are" if said[1] else "some rows", text)


def _kind(prepared: Prepared) -> str:
    """As the manifest may say it: `trial`, what stands before a colon, or the kind of file; no path."""
    where = prepared.records.where
    if prepared.records.made_up:
        return where
    return where.partition(":")[0] if ":" in where else Path(where).suffix or "tables"
