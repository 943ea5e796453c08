"""The words that the command `cohortflow` understands."""

import argparse
from collections.abc import Callable, Mapping

from extractors.sources import TRIAL, explained_forms
from extractors.trial.manner import FORMS
from flows.command.examples import EXAMPLES
from flows.command.version import version_line
from flows.preparing.options import PATIENTS, TRIED
from measures.closed.process import Closed
from measures.describe.steps import EVERY
from measures.disclosure.policies import DEFAULT

Command = Callable[[argparse.Namespace, Closed | None], int]

STUDY = {
    "study": {
        "metavar": "STUDY",
        "help": "the name of a shipped study, the path of a definition file, or a folder with a project.yaml",
    },
    "--workspace": {"default": "workspace", "metavar": "DIR", "help": "where results are kept (workspace)"},
}
TRIED_STUDY = {"study": STUDY["study"]}
NAMING = {
    "--name": {"default": "", "metavar": "NEW", "help": "another name for the study, and so a place of its own"},
    "--moved": {"action": "store_true", "help": "the definition of the study of this name is here now"},
}
RAN = {**STUDY, "study": {"metavar": "STUDY", "help": "the name of a study that was run, or as for `run`"}}
CHOICE = {
    "--dataset": {
        "default": "",
        "metavar": "NAME",
        "help": "this dataset of the file, instead of `measures` or `dataset`",
    },
    "--with": {
        "dest": "named_files",
        "action": "append",
        "default": [],
        "metavar": "FILE",
        "help": "a file that the definition may read, such as a result in output/; again for each file",
    },
}
RECORDS = {
    "--records": {
        "default": TRIAL,
        "metavar": "WHERE",
        "help": explained_forms(),
    },
    "--patients": {"type": int, "default": PATIENTS, "metavar": "N", "help": f"trial patients ({PATIENTS})"},
}
PERIODS = {
    "--from": {"dest": "first", "default": "", "metavar": "DATE", "help": "periods that begin on or after"},
    "--to": {"dest": "last", "default": "", "metavar": "DATE", "help": "periods that begin on or before"},
    "--periods": {"default": "", "metavar": "D,D,…", "help": "just these periods: their names or first days"},
    "--complete-by": {"default": "", "metavar": "DATE", "help": "periods that had ended before this day"},
    "--only-these": {
        "action": "store_true",
        "help": "away from the release with all other periods; else what was released before stays in it",
    },
}
RUN = {
    "--cluster": {"default": "", "metavar": "ADDRESS", "help": "a Dask scheduler; without, a cluster of its own"},
    "--policy": {"default": "", "metavar": "NAME", "help": f"rules of disclosure control ({DEFAULT}, or the site's)"},
    "--revise": {"action": "store_true", "help": "new numbers where released intervals changed, if an audit allows it"},
    "--reason": {
        "default": "",
        "metavar": "TEXT",
        "help": "why, with --revise: the ledger and the release say it; nothing about single people",
    },
    "--force": {"action": "store_true", "help": "compute also what is done"},
    "--memory": {"type": int, "metavar": "MB", "help": "of all DuckDBs together; what does not fit spills to disk"},
    "--no-report": {"dest": "report", "action": "store_false", "help": "without report.html and charts/"},
    "--format": {
        "default": "parquet",
        "metavar": "FORMAT",
        "help": "of a dataset: parquet, csv, csv.gz, arrow, cohort.csv",
    },
}
INPUT_FILES = {
    "--write-input-files": {
        "action": "store_true",
        "help": "of a project: the files of patients that its other actions read, on the highly_sensitive shelf",
    },
}
JSON = {"--json": {"action": "store_true", "help": "one JSON object on standard output, and nothing else there"}}
STATUS = {
    "study": {**RAN["study"], "nargs": "?", "default": ""},
    "--all": {
        "dest": "every",
        "action": "store_true",
        "help": "every study of the workspace, each in a line and a grid",
    },
}
RERUN = {
    "--failed": {"action": "store_true", "help": "the periods that failed"},
    "--periods": {"default": "", "metavar": "D,D,…", "help": "just these periods, done or not"},
}
TRIAL_RECORDS = {
    "--patients": {"type": int, "default": PATIENTS, "metavar": "N", "help": f"how many patients ({PATIENTS})"},
    "--other-events": {
        "type": int,
        "default": 0,
        "metavar": "N",
        "help": "about so many coded events a patient that the study does not look for (0)",
    },
    "--to": {"dest": "folder", "required": True, "metavar": "DIR", "help": "the folder to write, which must be new"},
    "--format": {"dest": "form", "default": "parquet", "choices": FORMS, "help": "of the files (parquet)"},
    "--dirty": {"action": "store_true", "help": "with damage as real records have it, a few rows in a thousand"},
    "--all-columns": {"action": "store_true", "help": "all columns of the tables, not just those the study reads"},
    "--from-rows": {
        "dest": "examples",
        "default": "",
        "metavar": "DIR",
        "help": "tables with rows of your own people, which are multiplied",
    },
    "--shape": {
        "default": "",
        "metavar": "FILE",
        "help": "totals that a site has released (measures.csv, or what,value,people), to look like the site",
    },
}
APPROVE = {
    "--release": {"type": int, "required": True, "metavar": "N", "help": "its number, which `run` and `status` print"},
    "--by": {"required": True, "metavar": "NAME", "help": "who decides"},
    "--note": {"required": True, "metavar": "TEXT", "help": "why"},
    "--refuse": {"action": "store_true", "help": "it may not leave"},
    "--file": {
        "dest": "only",
        "action": "append",
        "default": [],
        "metavar": "FILE",
        "help": "this file of the release alone, as its manifest names it; may be repeated",
    },
}
AUDIT = {
    "files": {"nargs": "+", "metavar": "FILE", "help": "measures.csv, or ehrQL's files; a release, then its reruns"},
    "--policy": {"required": True, "metavar": "NAME", "help": "the rules by which they were made"},
    "--structure": {"default": "", "metavar": "FILE", "help": "manifest.json of the release (the one beside FILE)"},
}

FORMATS = ["html", "latex", "markdown", "summarised_result"]
TABLE = {
    "folder": {"metavar": "RELEASE_FOLDER", "help": "the folder moderately_sensitive of a study, or a copy of it"},
    "measure": {"nargs": "?", "default": "", "metavar": "MEASURE", "help": "one measure, to paste; else a workbook"},
    "--by": {"default": "", "metavar": "GROUP", "help": "the same by this group; several with +"},
    "--format": {"default": "", "choices": FORMATS, "help": "of one measure (markdown), or all for OHDSI"},
    "--period": {"default": "", "metavar": "DATE", "help": "the interval that begins on this day (the last)"},
    "--to": {"dest": "file", "default": "", "metavar": "FILE", "help": "FILE.xlsx for all measures; else the text"},
}
REPORT = {
    "folder": {"metavar": "RELEASE_FOLDER", "help": "the folder moderately_sensitive of a study, or a copy of it"},
    "--to": {"dest": "file", "default": "", "metavar": "FILE", "help": "write the page there, not into the folder"},
    "--no-tables": {"dest": "tables", "action": "store_false", "help": "without the tables of all numbers"},
    "--files": {
        "dest": "pictures",
        "action": "store_true",
        "help": "every chart as SVG, PNG and .vl.json, too, in charts/ beside the page",
    },
}

COMBINE = {
    "sites": {
        "nargs": "+",
        "metavar": "RELEASE_FOLDER",
        "help": "the folder moderately_sensitive of a site's study, or a copy of it; NAME=FOLDER names the site",
    },
    "--to": {"dest": "folder", "required": True, "metavar": "DIR", "help": "the folder to write the release of all to"},
    "--no-report": RUN["--no-report"],
}
SITES = {
    "what": {
        "choices": ["key", "round", "mask", "combine"],
        "help": "make a site's key; agree on a round; mask a site's counts; add up what the sites have sent",
    },
    "study": {"nargs": "?", "default": "", "metavar": "STUDY", "help": "as for `run`; of `mask` one that was run"},
    "files": {"nargs": "*", "metavar": "FILE", "help": "of `combine`: the files that the sites have sent"},
    "--as": {"dest": "me", "default": "", "metavar": "NAME", "help": "what this site is called"},
    "--site": {
        "dest": "sites",
        "action": "append",
        "default": [],
        "metavar": "NAME",
        "help": "of `round`: a site that masks its counts; again for each, three or more",
    },
    "--combining-place": {
        "dest": "place",
        "default": "",
        "metavar": "NAME",
        "help": "of `round`: who adds up; with two sites it may be neither of them",
    },
    "--values": {
        "action": "append",
        "default": [],
        "metavar": "GROUP=V,V,…",
        "help": "of `round`: all values of a group that the definition does not name; again for each group",
    },
    "--round": {"default": "", "metavar": "FILE", "help": "the file that `round` has made, the same for all"},
    "--keys": {"default": "", "metavar": "DIR", "help": "where the keys of all lie (`sites` beside the site's key)"},
    "--to": {
        "dest": "file",
        "default": "",
        "metavar": "FILE",
        "help": "what `round` or `mask` writes (of `mask`: on the highly_sensitive shelf)",
    },
    "--beside": {
        "action": "append",
        "default": [],
        "metavar": "NAME=FOLDER",
        "help": "of `combine`: what a site has released of this study itself, to be attacked together with the sums",
    },
    "--other-sites": {
        "action": "store_true",
        "help": "of `mask`: for other partners than before, whose sums can be subtracted from those of before",
    },
    "--workspace": STUDY["--workspace"],
    "--from": PERIODS["--from"],
    "--periods": PERIODS["--periods"],
    "--complete-by": PERIODS["--complete-by"],
    "--policy": RUN["--policy"],
    "--revise": RUN["--revise"],
    "--reason": RUN["--reason"],
    "--no-report": RUN["--no-report"],
    **NAMING,
}
PLAN = {
    "--series": {"action": "store_true", "help": "each series with its kind, its rule, and why it is not a better one"},
    "--changes": {"action": "store_true", "help": "read the records, and say what they change of what was run before"},
}
CLEAN = {
    "--workspace": STUDY["--workspace"],
    "--keep": {
        "type": int,
        "default": 1,
        "metavar": "N",
        "help": "the newest N loads of records of each study, and their results, stay (1)",
    },
    "--older-than": {
        "type": int,
        "metavar": "DAYS",
        "help": "only what no run has used for so many days (0; of Prefect's runs 30)",
    },
    "--dry-run": {"action": "store_true", "help": "say what would go, and remove nothing"},
}
SERVE = {
    "part": {"nargs": "?", "default": "", "metavar": "PART", "help": "just this part, for systemd and containers"},
    "--workspace": {
        "default": "",
        "metavar": "DIR",
        "help": "where results are kept (COHORTFLOW_WORKSPACE, workspace)",
    },
}
KEPT = {
    "file": {"metavar": "FILE", "help": "the backup, one file; its owner alone may read it"},
    "--workspace": STUDY["--workspace"],
}
DOCS = {
    "what": {
        "nargs": "?",
        "default": "",
        "metavar": "PAGE",
        "help": "print this page, such as tutorial or language; `site` builds the site; without, it is opened",
    },
    "folder": {"nargs": "?", "default": "", "metavar": "DIR", "help": "of `site`: the folder to write, a new one"},
    "--list": {"dest": "listed", "action": "store_true", "help": "the names of all pages"},
    "--to": {"dest": "file", "default": "", "metavar": "FILE", "help": "write the page there as Markdown"},
}
NEW = {
    "folder": {"metavar": "DIR", "help": "the folder to make; its name is the study's"},
    "--dataset": {
        "dest": "kind",
        "action": "store_const",
        "const": "dataset",
        "default": "measures",
        "help": "a dataset with one row per patient, instead of measures",
    },
}

TRYING = {
    "--records": {"default": TRIAL, "metavar": "DIR", "help": "a folder that `cohortflow trial` wrote"},
    "--patients": {"type": int, "default": TRIED, "metavar": "N", "help": f"made-up patients ({TRIED})"},
    "--watch": {"action": "store_true", "help": "again whenever a file of the study changes, until Ctrl-C"},
}
CODELISTS = {
    "what": {"choices": ["update", "check", "show"], "help": "fetch them, find what is wrong, or list them"},
    # not `study`: only with --records is the definition read
    "where": {"nargs": "?", "default": ".", "metavar": "STUDY", "help": "a study, its definition or its folder (.)"},
    "--records": {
        "default": "",
        "metavar": "WHERE",
        "help": "with `check`: also find the codes that none of these records has",
    },
    "--workspace": {"default": "workspace", "metavar": "DIR", "help": "where that is written (workspace)"},
}

INSIDE = {
    "--records": {"default": TRIAL, "metavar": "WHERE", "help": explained_forms()},
    "--patients": {"type": int, "default": TRIED, "metavar": "N", "help": f"made-up patients ({TRIED})"},
    "--period": {"default": "", "metavar": "P", "help": "its name or first day (the last one)"},
}
EXPLAIN = {
    "--patient": {"required": True, "metavar": "ID", "help": "the patient's id in the records"},
    "--measure": {"default": "", "metavar": "NAME", "help": "this measure alone"},
}

DESCRIBE = {
    "--policy": RUN["--policy"],
    "--revise": RUN["--revise"],
    "--from": {"dest": "first", "default": "", "metavar": "DATE", "help": "of codes: from the month of this day on"},
    "--to": {"dest": "last", "default": "", "metavar": "DATE", "help": "of codes: up to the month of this day"},
    "--every": {
        "default": "",
        "choices": EVERY,
        "help": "codes by month or year (month; year for more than five years), and days of variables (year)",
    },
    "--page": {
        "dest": "file",
        "default": "",
        "metavar": "FILE",
        "help": "of made-up people: where the page goes (describe.html in the workspace)",
    },
}

CHECK = {"--rows": {"action": "store_true", "help": "look at every row of the records, too"}}

DEFINED = {**STUDY, **NAMING, **CHOICE}
COMMANDS: dict[str, tuple[str, dict]] = {
    "new": ("make the folder of a new study, one that runs", NEW),
    "run": ("compute what is missing, then release", {**DEFINED, **RECORDS, **PERIODS, **RUN, **INPUT_FILES, **JSON}),
    "plan": (
        "say what is asked, what would run and why; read no rows",
        {**DEFINED, **RECORDS, **PERIODS, **PLAN, **JSON},
    ),
    "status": ("every period of the last run: done, missing, failed", {**RAN, **STATUS, **NAMING, **JSON}),
    "approve": ("say whether a release may leave", {**RAN, **NAMING, **APPROVE, **JSON}),
    "rerun": ("compute failed or named periods of the last run again", {**RAN, **NAMING, **RERUN, **JSON}),
    "check": ("find what is wrong before a run", {**DEFINED, **RECORDS, **CHECK, **JSON}),
    "try": ("count made-up people at once; say what is doubtful", {**TRIED_STUDY, **CHOICE, **TRYING, **JSON}),
    "test": ("run the tests that lie beside a definition", {**TRIED_STUDY, **CHOICE}),
    "explain": (
        "a patient's rows, and what each part of the definition makes of them",
        {**DEFINED, **INSIDE, **EXPLAIN, **JSON},
    ),
    "attrition": ("how many people are left after each condition", {**DEFINED, **INSIDE, **JSON}),
    "describe": (
        "what the variables look like, and how often the codes are found",
        {**DEFINED, **INSIDE, **DESCRIBE, **JSON},
    ),
    "trial": ("write made-up records as a folder of tables", {**DEFINED, **TRIAL_RECORDS}),
    "codelists": ("fetch, check or show the published codelists of a study", {**CODELISTS, **JSON}),
    "clean": ("remove the results of older loads of records, and old runs of Prefect", {**CLEAN, **JSON}),
    "serve": ("Prefect's server, its worker, Dask and the deployments, until stopped", SERVE),
    "backup": ("keep ledgers, notes and releases of a workspace in one file", KEPT),
    "restore": ("put a backup back, over nothing that is there", KEPT),
    "docs": ("open the documentation, print a page of it, or build it as a site", DOCS),
    "table": ("write a release as a workbook, or one measure to paste", TABLE),
    "report": ("write report.html of a release, from its files alone", REPORT),
    "combine": ("add up the releases of several sites", {**COMBINE, **JSON}),
    "sites": ("add up counts that sites have masked, so that only the sums mean anything", {**SITES, **JSON}),
    "audit": ("attack released files; say what they give away", {**AUDIT, **JSON}),
}


class SayVersion(argparse.Action):
    """Print the version and end; argparse's own action would look it up for every command."""

    def __call__(self, asked: argparse.ArgumentParser, *_: object) -> None:
        print(version_line())
        asked.exit()


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The parser; `command` in its result is the function to call."""
    made = argparse.ArgumentParser(
        prog="cohortflow",
        description="Measures over time on health records: one definition, every period, safe counts.",
        epilog="Begin with `cohortflow new DIR`; `cohortflow docs` has all the rest. "
        "Arguments for the definition itself follow --, as in: cohortflow run STUDY -- --name value",
    )
    made.add_argument("--version", action=SayVersion, nargs=0, help="print the version and end")
    subs = made.add_subparsers(required=True, metavar="COMMAND")
    for name, (summary, options) in COMMANDS.items():
        sub = subs.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog="\n".join(["examples:", *(f"  {line}" for line in EXAMPLES.get(name, ()))]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for option, settings in options.items():
            sub.add_argument(option, **settings)
        sub.set_defaults(command=commands.get(name))
    return made


def split_arguments(arguments: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The command's own arguments, and those behind `--`, which are the definition's."""
    if "--" not in arguments:
        return arguments, ()
    place = arguments.index("--")
    return arguments[:place], tuple(arguments[place + 1 :])
