"""What commands take that read, decide about, or add up releases."""

from flows.command.study_arguments import NAMING, PERIODS, RUN, STUDY

APPROVE = {
    "--release": {
        "type": int,
        "required": True,
        "metavar": "N",
        "help": "its number, which `run` and `status` print",
    },
    "--by": {"required": True, "metavar": "NAME", "help": "who decides"},
    "--note": {"required": True, "metavar": "TEXT", "help": "why"},
    "--refuse": {"action": "store_true", "help": "it may not leave"},
    "--file": {
        "dest": "only",
        "action": "append",
        "default": [],
        "metavar": "FILE",
        "help": "this file of the release alone, as its manifest names it; may be "
        "repeated",
    },
}
AUDIT = {
    "files": {
        "nargs": "+",
        "metavar": "FILE",
        "help": "measures.csv, or ehrQL's files; a release, then its reruns",
    },
    "--policy": {
        "required": True,
        "metavar": "NAME",
        "help": "the rules by which they were made",
    },
    "--structure": {
        "default": "",
        "metavar": "FILE",
        "help": "manifest.json of the release (the one beside FILE)",
    },
}
FORMATS = ["html", "latex", "markdown", "summarised_result"]
TABLE = {
    "folder": {
        "metavar": "RELEASE_FOLDER",
        "help": "the folder moderately_sensitive of a study, or a copy of it",
    },
    "measure": {
        "nargs": "?",
        "default": "",
        "metavar": "MEASURE",
        "help": "one measure, to paste; else a workbook",
    },
    "--by": {
        "default": "",
        "metavar": "GROUP",
        "help": "the same by this group; several with +",
    },
    "--format": {
        "default": "",
        "choices": FORMATS,
        "help": "of one measure (markdown), or all for OHDSI",
    },
    "--period": {
        "default": "",
        "metavar": "DATE",
        "help": "the interval that begins on this day (the last)",
    },
    "--to": {
        "dest": "file",
        "default": "",
        "metavar": "FILE",
        "help": "FILE.xlsx for all measures; else the text",
    },
}
REPORT = {
    "folder": {
        "metavar": "RELEASE_FOLDER",
        "help": "the folder moderately_sensitive of a study, or a copy of it",
    },
    "--to": {
        "dest": "file",
        "default": "",
        "metavar": "FILE",
        "help": "write the page there, not into the folder",
    },
    "--no-tables": {
        "dest": "tables",
        "action": "store_false",
        "help": "without the tables of all numbers",
    },
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
        "help": "the folder moderately_sensitive of a site's study, or a copy of it; "
        "NAME=FOLDER names the site",
    },
    "--to": {
        "dest": "folder",
        "required": True,
        "metavar": "DIR",
        "help": "the folder to write the release of all to",
    },
    "--no-report": RUN["--no-report"],
}
SITES = {
    "what": {
        "choices": ["key", "round", "mask", "combine"],
        "help": "make a site's key; agree on a round; mask a site's counts; add up what "
        "the sites have sent",
    },
    "study": {
        "nargs": "?",
        "default": "",
        "metavar": "STUDY",
        "help": "as for `run`; of `mask` one that was run",
    },
    "files": {
        "nargs": "*",
        "metavar": "FILE",
        "help": "of `combine`: the files that the sites have sent",
    },
    "--as": {
        "dest": "me",
        "default": "",
        "metavar": "NAME",
        "help": "what this site is called",
    },
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
        "help": "of `round`: all values of a group that the definition does not name; "
        "again for each group",
    },
    "--round": {
        "default": "",
        "metavar": "FILE",
        "help": "the file that `round` has made, the same for all",
    },
    "--keys": {
        "default": "",
        "metavar": "DIR",
        "help": "where the keys of all lie (`sites` beside the site's key)",
    },
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
        "help": "of `combine`: what a site has released of this study itself, to be "
        "attacked together with the sums",
    },
    "--other-sites": {
        "action": "store_true",
        "help": "of `mask`: for other partners than before, whose sums can be subtracted "
        "from those of before",
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
