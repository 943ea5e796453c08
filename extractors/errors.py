"""The error tree: what was wrong, what was got, what to do.

Each kind carries the exit code of the command line (flows/command/README.md#exit-codes)
and says whether trying again may help. A message may name files, columns, rules, tables
and dates of periods; it never holds a value from a record. Whatever may hold one goes
into `detail`, which only the highly_sensitive shelf sees. All of them survive a pickle,
because they travel between processes.
"""

from collections.abc import Sequence

from extractors.notice import Notice


class CohortflowError(Exception):
    """Something went wrong; `message` is safe to show to anybody."""

    exit_code = 1
    transient = False

    def __init__(self, message: str, detail: str = ""):
        super().__init__(message)
        self.message = message
        self.detail = detail

    def __reduce__(self) -> tuple:
        return type(self), (self.message, self.detail)


class DefinitionError(CohortflowError):
    """The author's file cannot be understood.

    `mistakes` are all that were found, `warnings` what is accepted and hardly meant.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        detail: str = "",
        mistakes: Sequence[Notice] = (),
        warnings: Sequence[Notice] = (),
    ):
        super().__init__(message, detail)
        self.mistakes = tuple(mistakes) or (Notice(message=message),)
        self.warnings = tuple(warnings)

    def __reduce__(self) -> tuple:
        return type(self), (self.message, self.detail, self.mistakes, self.warnings)


class CodelistError(DefinitionError):
    """A codelist file is missing, damaged or not what was asked for."""


class RecordsError(CohortflowError):
    """The records cannot be read as the tables they should be.

    `unseen`: this machine cannot look at them, so they may be right or wrong.
    """

    exit_code = 2
    unseen = False


class ArgumentsError(CohortflowError):
    """The command was asked for something that does not exist or makes no sense."""

    exit_code = 2


class Damaged(CohortflowError):
    """A file of ours is not as it was written: the disk did that, or a person's
    hand.
    """


class AnotherVersion(CohortflowError):
    """Another cohortflow wrote a file in a format that this one cannot read; both are
    named.
    """

    exit_code = 2


class EngineError(CohortflowError):
    """DuckDB refused; its own words may quote records, so they are in `detail` only."""


class OutOfMemory(EngineError):
    """Less memory than the work needs; as it needs the same at every try, another one
    does not help.
    """


class DiskFull(CohortflowError):
    """No room is left where results or what spills are written; a person has to make
    some.
    """


class InterruptedRun(CohortflowError):
    """Work was stopped from outside or took too long; trying again may help."""

    transient = True


class WorkerDied(CohortflowError):
    """A piece of work has outlived none of several workers, so it may be what kills
    them.
    """


class ClusterLost(CohortflowError):
    """There is no scheduler or no worker any more that could do the work of this
    run.
    """


class PeriodsFailed(CohortflowError):
    """Some periods have no result; the others are whole."""

    exit_code = 3


class DisclosureRefused(CohortflowError):
    """The numbers may not be released under the policy."""

    exit_code = 4


def ensure(holds: bool, fault: str) -> None:
    """Raise CohortflowError unless `holds`; unlike `assert` it can't be switched
    off.
    """
    if not holds:
        raise CohortflowError(
            f"Internal error: {fault}. This is a fault of cohortflow; please report it."
        )
