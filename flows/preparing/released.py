"""The periods that the release of a study has already: a run of others leaves them in
it.
"""

from collections.abc import Collection, Sequence

from extractors.planner.ladders import Interval, period_name
from extractors.sources import TRIAL, Address
from flows.preparing.options import Options
from flows.workspace.store import Workspace
from measures.release.reading import read_manifest, released_table

ENDS = ("interval_start", "interval_end")


def with_released(
    asked: Sequence[Interval],
    every: Sequence[Interval],
    workspace: Workspace,
    options: Options,
) -> tuple[Interval, ...]:
    """The periods that were asked for, and those of the study that were released
    before.

    A run of a few periods would else replace a larger release by a smaller one. Where
    the options say `only_these`, it does. Made-up records and real ones have nothing to
    do with each other.
    """
    if options.only_these or not options.chooses or options.describe:
        return tuple(asked)
    released = released_periods(
        workspace, made_up=Address.parse(options.records).kind.made_up
    )
    kept = [interval for interval in every if period_name(interval) in released]
    return tuple(sorted({*asked, *kept}))


def released_periods(workspace: Workspace, *, made_up: bool) -> Collection[str]:
    """The names of the periods that the release has; none if it is of the other kind of
    records.
    """
    manifest = read_manifest(workspace.release)
    kind = manifest.get("records", {}).get("kind", "")
    if not kind or (kind == TRIAL) != made_up:
        return ()
    if "released" in manifest:
        return manifest["released"]
    # the manifest of an older version has their number alone
    rows = released_table(workspace.release, ENDS)
    if rows is None:
        return ()
    distinct = rows.group_by(list(ENDS)).aggregate([])
    ends = zip(*(distinct[name].to_pylist() for name in ENDS), strict=True)
    return {period_name(interval) for interval in ends}
