"""What commands take that keep a server and its workspace."""

from flows.command.release_arguments import SITES
from flows.command.study_arguments import STUDY

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
    "--dry-run": {
        "action": "store_true",
        "help": "say what would go, and remove nothing",
    },
}
SERVE = {
    "part": {
        "nargs": "?",
        "default": "",
        "metavar": "PART",
        "help": "just this part, for systemd and containers",
    },
    "--workspace": STUDY["--workspace"],
}
KEPT = {
    "file": {
        "metavar": "FILE",
        "help": "the backup, one file; its owner alone may read it",
    },
    "--workspace": STUDY["--workspace"],
    "--keys": SITES["--keys"],
}
