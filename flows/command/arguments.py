"""The words that the command `cohortflow` understands."""

import argparse
from collections.abc import Callable, Mapping

from flows.command.examples import EXAMPLES
from flows.command.release_arguments import (
    APPROVE,
    AUDIT,
    COMBINE,
    REPORT,
    SITES,
    TABLE,
)
from flows.command.server_arguments import CLEAN, KEPT, SERVE
from flows.command.study_arguments import (
    CHECK,
    CHOICE,
    INPUT_FILES,
    JSON,
    NAMING,
    PERIODS,
    PLAN,
    RAN,
    RECORDS,
    RERUN,
    RUN,
    STATUS,
    STUDY,
    TRIED_STUDY,
)
from flows.command.trial_arguments import (
    CODELISTS,
    DESCRIBE,
    DOCS,
    EXPLAIN,
    INSIDE,
    NEW,
    TRIAL_RECORDS,
    TRYING,
)
from flows.command.version import version_line
from measures.closed.process import Closed

Command = Callable[[argparse.Namespace, Closed | None], int]


DEFINED = {**STUDY, **NAMING, **CHOICE}
COMMANDS: dict[str, tuple[str, dict]] = {
    "new": ("make the folder of a new study, one that runs", NEW),
    "run": (
        "compute what is missing, then release",
        {**DEFINED, **RECORDS, **PERIODS, **RUN, **INPUT_FILES, **JSON},
    ),
    "plan": (
        "say what is asked, what would run and why; read no rows",
        {**DEFINED, **RECORDS, **PERIODS, **PLAN, **JSON},
    ),
    "status": (
        "every period of the last run: done, missing, failed",
        {**RAN, **STATUS, **NAMING, **JSON},
    ),
    "approve": (
        "say whether a release may leave",
        {**RAN, **NAMING, **APPROVE, **JSON},
    ),
    "rerun": (
        "compute failed or named periods of the last run again",
        {**RAN, **NAMING, **RERUN, **JSON},
    ),
    "check": (
        "find what is wrong before a run",
        {**DEFINED, **RECORDS, **CHECK, **JSON},
    ),
    "try": (
        "count made-up people at once; say what is doubtful",
        {**TRIED_STUDY, **CHOICE, **TRYING, **JSON},
    ),
    "test": ("run the tests that lie beside a definition", {**TRIED_STUDY, **CHOICE}),
    "explain": (
        "a patient's rows, and what each part of the definition makes of them",
        {**DEFINED, **INSIDE, **EXPLAIN, **JSON},
    ),
    "attrition": (
        "how many people are left after each condition",
        {**DEFINED, **INSIDE, **JSON},
    ),
    "describe": (
        "what the variables look like, and how often the codes are found",
        {**DEFINED, **INSIDE, **DESCRIBE, **JSON},
    ),
    "trial": (
        "write made-up records as a folder of tables",
        {**DEFINED, **TRIAL_RECORDS},
    ),
    "codelists": (
        "fetch, check or show the published codelists of a study",
        {**CODELISTS, **JSON},
    ),
    "clean": (
        "remove the results of older loads of records, and old runs of Prefect",
        {**CLEAN, **JSON},
    ),
    "serve": (
        "Prefect's server, its worker, Dask and the deployments, until stopped",
        SERVE,
    ),
    "backup": ("keep ledgers, notes and releases of a workspace in one file", KEPT),
    "restore": ("put a backup back, over nothing that is there", KEPT),
    "docs": ("open the documentation, print a page of it, or build it as a site", DOCS),
    "table": ("write a release as a workbook, or one measure to paste", TABLE),
    "report": ("write report.html of a release, from its files alone", REPORT),
    "combine": ("add up the releases of several sites", {**COMBINE, **JSON}),
    "sites": (
        "add up counts that sites have masked, so that only the sums mean anything",
        {**SITES, **JSON},
    ),
    "audit": ("attack released files; say what they give away", {**AUDIT, **JSON}),
}


class SayVersion(argparse.Action):
    """Print the version and end; argparse's own action would look it up for every
    command.
    """

    def __call__(self, asked: argparse.ArgumentParser, *_: object) -> None:
        print(version_line())
        asked.exit()


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The parser; `command` in its result is the function to call."""
    made = argparse.ArgumentParser(
        prog="cohortflow",
        description="Measures over time on health records: one definition, every period, "
        "safe counts.",
        epilog="Begin with `cohortflow new DIR`; `cohortflow docs` has all the rest. "
        "Arguments for the definition itself follow --, as in: cohortflow run "
        "STUDY -- --name value",
    )
    made.add_argument(
        "--version", action=SayVersion, nargs=0, help="print the version and end"
    )
    subs = made.add_subparsers(required=True, metavar="COMMAND")
    for name, (summary, options) in COMMANDS.items():
        sub = subs.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog="\n".join(
                ["examples:", *(f"  {line}" for line in EXAMPLES.get(name, ()))]
            ),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for option, settings in options.items():
            sub.add_argument(option, **settings)
        sub.set_defaults(command=commands.get(name))
    return made


def split_arguments(arguments: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The command's own arguments, and those behind `--`, which are the
    definition's.
    """
    if "--" not in arguments:
        return arguments, ()
    place = arguments.index("--")
    return arguments[:place], tuple(arguments[place + 1 :])
