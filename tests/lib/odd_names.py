"""Names of files and folders that some reader takes for more than a name."""

# Each is one name. To DuckDB, Arrow, a shell or an address they are patterns, columns,
# homes, options, places elsewhere, ends of strings or of lines.
ODD_NAMES = (
    "run?",
    "run*",
    "**",
    "[r]un1",
    "[!a]un1",
    "{run1,run2}",
    "a]b",
    "[",
    "patient_id=3",
    "period=2020",
    "it's",
    'a "name"',
    "per%20cent",
    "a#b",
    "two\nlines",
    "a\ttab",
    " blanks ",
    "über 数",
    "~",
    "~root",
    "-rf",
    "s3:",
    "file:",
    "omop:x",
    "$HOME;x|y",
)
# One name with all that a whole run must survive.
ODDEST = "s3:~[r]un?*{a,b} patient_id=3 it's \"%20#$HOME\nüber"


def decoys(name: str) -> set[str]:
    """Names that a pattern would find beside this one."""
    others = {"run1", "aun1", "a"}
    return others - {name}
