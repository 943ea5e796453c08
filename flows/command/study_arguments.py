"""What commands take that run a study, look at it, or say what a run would do."""

from extractors.sources import TRIAL, explained_forms
from flows.preparing.options import PATIENTS
from measures.disclosure.policies import DEFAULT

STUDY = {
    "study": {
        "metavar": "STUDY",
        "help": "the name of a shipped study, the path of a definition file, or a folder "
        "with a project.yaml",
    },
    "--workspace": {
        "default": "",
        "metavar": "DIR",
        "help": "where results are kept (COHORTFLOW_WORKSPACE, workspace)",
    },
}
TRIED_STUDY = {"study": STUDY["study"]}
NAMING = {
    "--name": {
        "default": "",
        "metavar": "NEW",
        "help": "another name for the study, and so a place of its own",
    },
    "--moved": {
        "action": "store_true",
        "help": "the definition of the study of this name is here now",
    },
}
RAN = {
    **STUDY,
    "study": {
        "metavar": "STUDY",
        "help": "the name of a study that was run, or as for `run`",
    },
}
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
        "help": "a file that the definition may read, such as a result in output/; again "
        "for each file",
    },
}
RECORDS = {
    "--records": {
        "default": TRIAL,
        "metavar": "WHERE",
        "help": explained_forms(),
    },
    "--patients": {
        "type": int,
        "default": PATIENTS,
        "metavar": "N",
        "help": f"trial patients ({PATIENTS})",
    },
}
PERIODS = {
    "--from": {
        "dest": "first",
        "default": "",
        "metavar": "DATE",
        "help": "periods that begin on or after",
    },
    "--to": {
        "dest": "last",
        "default": "",
        "metavar": "DATE",
        "help": "periods that begin on or before",
    },
    "--periods": {
        "default": "",
        "metavar": "D,D,…",
        "help": "just these periods: their names or first days",
    },
    "--complete-by": {
        "default": "",
        "metavar": "DATE",
        "help": "periods that had ended before this day",
    },
    "--only-these": {
        "action": "store_true",
        "help": "away from the release with all other periods; else what was released "
        "before stays in it",
    },
}
RUN = {
    "--cluster": {
        "default": "",
        "metavar": "ADDRESS",
        "help": "a Dask scheduler; without, a cluster of its own",
    },
    "--policy": {
        "default": "",
        "metavar": "NAME",
        "help": f"rules of disclosure control ({DEFAULT}, or the site's)",
    },
    "--revise": {
        "action": "store_true",
        "help": "new numbers where released intervals changed, if an audit allows it",
    },
    "--reason": {
        "default": "",
        "metavar": "TEXT",
        "help": "why, with --revise: the ledger and the release say it; nothing about "
        "single people",
    },
    "--force": {"action": "store_true", "help": "compute also what is done"},
    "--memory": {
        "type": int,
        "metavar": "MB",
        "help": "of all DuckDBs together; what does not fit spills to disk",
    },
    "--no-report": {
        "dest": "report",
        "action": "store_false",
        "help": "without report.html and charts/",
    },
    "--format": {
        "default": "parquet",
        "metavar": "FORMAT",
        "help": "of a dataset: parquet, csv, csv.gz, arrow, cohort.csv",
    },
}
INPUT_FILES = {
    "--write-input-files": {
        "action": "store_true",
        "help": "of a project: the files of patients that its other actions read, on the "
        "highly_sensitive shelf",
    },
}
JSON = {
    "--json": {
        "action": "store_true",
        "help": "one JSON object on standard output, and nothing else there",
    }
}
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
    "--periods": {
        "default": "",
        "metavar": "D,D,…",
        "help": "just these periods, done or not",
    },
}
PLAN = {
    "--series": {
        "action": "store_true",
        "help": "each series with its kind, its rule, and why it is not a better one",
    },
    "--sql": {
        "nargs": "?",
        "const": "",
        "metavar": "SERIES",
        "help": "the SQL of each step, in the order of a run; with the name of a series "
        "only what computes it",
    },
    "--explain": {
        "default": "",
        "metavar": "PERIOD",
        "help": "what a period reads and joins, and the SQL of it",
    },
    "--changes": {
        "action": "store_true",
        "help": "read the records, and say what they change of what was run before",
    },
}
CHECK = {
    "--rows": {"action": "store_true", "help": "look at every row of the records, too"}
}
