"""What a run was asked for."""

from dataclasses import dataclass

from extractors.errors import ArgumentsError
from extractors.sources import TRIAL

PATIENTS = 20_000
LAST = "last"  # of the study's periods
TRIED = 3_000  # of `try`: an answer within seconds
LONGEST_REASON = 300  # letters of what a release says about why it has other numbers


class NothingComplete(ArgumentsError):
    """No period has ended yet; a weekly run has nothing to do."""


@dataclass(frozen=True)
class Options:
    """What a run is asked for; plain data. Empty means the default."""

    # a name, or a path of a definition
    study: str
    # an address: TRIAL, a folder, a file, or that of a database
    records: str = TRIAL
    # how many people are made up
    patients: int = PATIENTS
    # the first day on which a period may begin; empty for no bound
    first: str = ""
    # the last day on which a period may begin; empty for no bound
    last: str = ""
    # names of periods; all others of the study are left out
    periods: tuple[str, ...] = ()
    # a day: only periods that have ended before it
    complete_by: str = ""
    # whether periods that were released before and are not asked for leave the release
    only_these: bool = False
    # the folder of all results
    workspace: str = "workspace"
    # the address of a Dask scheduler; empty: the run starts its own
    cluster: str = ""
    # of disclosure control
    policy: str = ""
    # whether a release may show other numbers than an earlier one
    revise: bool = False
    # why released numbers are replaced: the ledger and the release say it
    reason: str = ""
    # of a dataset's files
    format: str = "parquet"
    # what follows `--`, for the definition
    arguments: tuple[str, ...] = ()
    # another name for the study than its own
    name: str = ""
    # whether the definition of the study of this name is here now
    moved: bool = False
    # one dataset of a file of several, by its name
    dataset: str = ""
    # files that the definition may read wherever they lie
    named_files: tuple[str, ...] = ()
    # instead of the study, who is left after each condition: in the period of this
    # name, or the LAST
    attrition: str = ""
    # instead of the study, its data report: of variables in the period of this name, or
    # the LAST
    describe: str = ""
    # of a data report: codes by `month` or `year`
    every: str = ""
    # whether a release has a page and charts
    report: bool = True

    @property
    def chooses(self) -> bool:
        """Whether it asks for some of the study's periods only."""
        return bool(self.first or self.last or self.periods or self.complete_by)


def check_reason(options: Options) -> None:
    """Raises ArgumentsError for a reason that no release can say."""
    if options.reason and not options.revise:
        raise ArgumentsError(
            "--reason says why released numbers are replaced; give --revise, too."
        )
    if len(options.reason) > LONGEST_REASON or not options.reason.isprintable():
        raise ArgumentsError(
            f"The reason for new numbers needs at most {LONGEST_REASON} letters in "
            f"one line; got {len(options.reason)}."
        )
    if options.revise and options.reason and not options.reason.strip():
        raise ArgumentsError(
            "The reason for new numbers has no letters; say it in words."
        )
