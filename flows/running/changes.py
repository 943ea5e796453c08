"""What a run on new records would find changed, before it: `plan --changes`."""

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.errors import ArgumentsError
from extractors.time.since import load_before
from flows.preparing.prepare import keyed
from flows.preparing.prepared import Prepared
from flows.running.carrying import comparisons
from flows.running.here import Here
from flows.running.progress import RunProgress
from flows.running.steps import Steps
from flows.state.news import News, news_of
from flows.workspace.judging import judged


@dataclass(frozen=True)
class Changes:
    """How the records differ from those of the load before."""

    # None where no earlier load can be compared
    news: News | None
    # by the name of each period, whether its counts or the rows of people whom it
    # touches can be others
    periods: Mapping[str, bool]


def changes(prepared: Prepared, *, quiet: bool) -> Changes:
    """Read the records, do what a run does before its periods, and compare with the
    load before.

    What is made for it, the run after it finds. Nothing is released. Raises
    CohortflowError.
    """
    if not prepared.study.measures or prepared.records.made_up:
        raise ArgumentsError(
            "--changes is for measures, and compares real records with those before; "
            "say --records."
        )
    if not prepared.key_id:
        raise ArgumentsError(
            "Nothing was run here yet, so there are no records to compare with; run "
            "the study first."
        )
    try:
        with (
            prepared.workspace.locked(),
            RunProgress(prepared.study.name, 0, quiet=quiet) as progress,
        ):
            ready = keyed(prepared)
            Steps(ready, Here(), progress, force=False, anew=False).prepare_inputs()
            return compared(ready)
    except Exception as error:
        raise judged(error, "Comparing the records") from None


def compared(prepared: Prepared) -> Changes:
    """How a load whose timelines are made differs from the one before."""
    if load_before(prepared.places.timelines) is None:
        return Changes(None, dict.fromkeys(prepared.jobs, True))
    same: set[str] = set()
    for each in comparisons(prepared, prepared.jobs.values()):
        same |= {twice.new.period for twice in each.alike()}
    return Changes(
        news_of(prepared.workspace, prepared.places.snapshot_key),
        {name: name not in same for name in prepared.jobs},
    )
