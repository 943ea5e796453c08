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
    """How a run ended. It released if nothing failed or waits."""

    # what it was asked for
    options: Options
    # the names of all that it was to make
    periods: tuple[str, ...]
    # those that it made; the others were done before
    computed: tuple[str, ...] = ()
    # those of them that it took from the load of the records before, because nothing of
    # them is another
    carried: tuple[str, ...] = ()
    # period -> why, safe to show
    failed: Mapping[str, str] = field(default_factory=dict)
    # periods that the run was not asked to make and that are not done
    waiting: tuple[str, ...] = ()
    # what a reader of the release should know
    warnings: tuple[str, ...] = ()
    # released numbers only
    headlines: tuple[Headline, ...] = ()
    # of wall time
    seconds: float = 0.0
    # the folder of a dataset's rows, relative to the workspace
    dataset: str = ""
    # what the run set out to make; empty once it has written how it ended
    begun: tuple[str, ...] = ()

    @property
    def made(self) -> str:
        """In words, how many periods this run made."""
        carried = f", {len(self.carried)} of them carried over" if self.carried else ""
        return f"{len(self.computed)} made by this run{carried}"

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
            f"{workspace.last_run.name} is of another cohortflow, whose format "
            f"{LAST_RUN.format} holds other things"
        )
        raise AnotherVersion(
            f"{words}; {remedy}: {workspace.last_run}", str(error)
        ) from None


def _tupled(data: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples; plain data of ours has nothing else."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        found[name] = tuple(value) if isinstance(value, list) else value
    return found
