"""What commands take with which a definition is begun, tried and understood."""

from extractors.sources import TRIAL, explained_forms
from extractors.trial.manner import FORMS
from flows.command.study_arguments import RUN
from flows.preparing.options import PATIENTS, TRIED
from measures.describe.months import EVERY

TRIAL_RECORDS = {
    "--patients": {
        "type": int,
        "default": PATIENTS,
        "metavar": "N",
        "help": f"how many patients ({PATIENTS})",
    },
    "--other-events": {
        "type": int,
        "default": 0,
        "metavar": "N",
        "help": "about so many coded events a patient that the study does not look for "
        "(0)",
    },
    "--to": {
        "dest": "folder",
        "required": True,
        "metavar": "DIR",
        "help": "the folder to write, which must be new",
    },
    "--format": {
        "dest": "form",
        "default": "parquet",
        "choices": FORMS,
        "help": "of the files (parquet)",
    },
    "--dirty": {
        "action": "store_true",
        "help": "with damage as real records have it, a few rows in a thousand",
    },
    "--all-columns": {
        "action": "store_true",
        "help": "all columns of the tables, not just those the study reads",
    },
    "--from-rows": {
        "dest": "examples",
        "default": "",
        "metavar": "DIR",
        "help": "tables with rows of your own people, which are multiplied",
    },
    "--shape": {
        "default": "",
        "metavar": "FILE",
        "help": "totals that a site has released (measures.csv, or what,value,people), "
        "to look like the site",
    },
}
DOCS = {
    "what": {
        "nargs": "?",
        "default": "",
        "metavar": "PAGE",
        "help": "print this page, such as tutorial or language; `site` builds the site; "
        "without, it is opened",
    },
    "folder": {
        "nargs": "?",
        "default": "",
        "metavar": "DIR",
        "help": "of `site`: the folder to write, a new one",
    },
    "--list": {
        "dest": "listed",
        "action": "store_true",
        "help": "the names of all pages",
    },
    "--to": {
        "dest": "file",
        "default": "",
        "metavar": "FILE",
        "help": "write the page there as Markdown",
    },
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
    "--records": {
        "default": TRIAL,
        "metavar": "DIR",
        "help": "a folder that `cohortflow trial` wrote",
    },
    "--patients": {
        "type": int,
        "default": TRIED,
        "metavar": "N",
        "help": f"made-up patients ({TRIED})",
    },
    "--watch": {
        "action": "store_true",
        "help": "again whenever a file of the study changes, until Ctrl-C",
    },
}
CODELISTS = {
    "what": {
        "choices": ["update", "check", "show"],
        "help": "fetch them, find what is wrong, or list them",
    },
    # not `study`: only with --records is the definition read
    "where": {
        "nargs": "?",
        "default": ".",
        "metavar": "STUDY",
        "help": "a study, its definition or its folder (.)",
    },
    "--records": {
        "default": "",
        "metavar": "WHERE",
        "help": "with `check`: also find the codes that none of these records has",
    },
    "--workspace": {
        "default": "",
        "metavar": "DIR",
        "help": "where that is written (COHORTFLOW_WORKSPACE, workspace)",
    },
}
INSIDE = {
    "--records": {"default": TRIAL, "metavar": "WHERE", "help": explained_forms()},
    "--patients": {
        "type": int,
        "default": TRIED,
        "metavar": "N",
        "help": f"made-up patients ({TRIED})",
    },
    "--period": {
        "default": "",
        "metavar": "P",
        "help": "its name or first day (the last one)",
    },
}
EXPLAIN = {
    "--patient": {
        "required": True,
        "metavar": "ID",
        "help": "the patient's id in the records",
    },
    "--measure": {"default": "", "metavar": "NAME", "help": "this measure alone"},
}
DESCRIBE = {
    "--policy": RUN["--policy"],
    "--revise": RUN["--revise"],
    "--from": {
        "dest": "first",
        "default": "",
        "metavar": "DATE",
        "help": "of codes: from the month of this day on",
    },
    "--to": {
        "dest": "last",
        "default": "",
        "metavar": "DATE",
        "help": "of codes: up to the month of this day",
    },
    "--every": {
        "default": "",
        "choices": EVERY,
        "help": "codes by month or year (month; year for more than five years), and days "
        "of variables (year)",
    },
    "--page": {
        "dest": "file",
        "default": "",
        "metavar": "FILE",
        "help": "of made-up people: where the page goes (describe.html in the workspace)",
    },
}
