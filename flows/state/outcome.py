"""What became of a run: kept in the workspace for `status`, `rerun` and the closing
table.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from extractors.errors import AnotherVersion, Damaged, RecordsError
from flows.preparing.options import Options
from flows.workspace.judging import is_full
from flows.workspace.kept import LAST_RUN
from flows.workspace.store import Workspace
from measures.release.headlines import Headline


@dataclass(frozen=True)
class Outcome:
    """`failed`: period -> safe reason. `computed`: periods made by this run; the others
    were done before.

    `waiting`: periods that nobody asked this run to make and that are not done. There
    is a release if nothing failed and nothing is waiting. `headlines` hold released
    numbers only. `dataset`: where a dataset definition's rows are, relative to the
    workspace. `begun`: what a run set out to make; none once it has told how it ended.
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
    LAST_RUN.write(workspace.last_run, asdict(outcome))


@contextmanager
def noted(
    workspace: Workspace,
    options: Options,
    periods: tuple[str, ...],
    only: Sequence[str] | None,
) -> Iterator[None]:
    """While a run is at work, `status` knows what it has set out to do, also if it is
    killed.

    One that can't read its records was none: what was run before it is still the last.
    """
    before = None
    with suppress(Damaged):  # this run writes it anew
        before = read_outcome(workspace)
    begun = tuple(period for period in periods if only is None or period in only)
    write_outcome(workspace, Outcome(options, periods, waiting=periods, begun=begun))
    try:
        yield
    except RecordsError:
        _put_back(workspace, before)
        raise


def _put_back(workspace: Workspace, before: Outcome | None) -> None:
    if before:
        write_outcome(workspace, before)
    else:
        workspace.last_run.unlink(missing_ok=True)


def note_end(workspace: Workspace, outcome: Outcome) -> None:
    """As `write_outcome`, for a run that has ended: where no room is left for that, it
    has still ended so.
    """
    try:
        write_outcome(workspace, outcome)
    except OSError as error:
        if not is_full(error):
            raise


def read_outcome(workspace: Workspace) -> Outcome | None:
    """The last run's outcome; None if there was none. Raises AnotherVersion, and
    Damaged.
    """
    data = LAST_RUN.read(workspace.last_run)
    if data is None:
        return None
    try:
        options = Options(**_tupled(data.pop("options")))
        heads = tuple(Headline(**headline) for headline in data.pop("headlines"))
        return Outcome(options, headlines=heads, **_tupled(data))
    except (TypeError, KeyError) as error:  # a setting that we do not know
        remedy = "use that one, or remove the file and run again"
        words = (
            f"{workspace.last_run} is of another cohortflow, whose format "
            f"{LAST_RUN.format} holds other things"
        )
        raise AnotherVersion(f"{words}; {remedy}.", str(error)) from None


def _tupled(data: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples; plain data of ours has nothing else."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
    }
