"""`README.md` of a release: what each file is, and in which order to read them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from measures.release.files import (
    ASKED,
    AUDIT,
    BEFORE,
    CSV,
    DECILES,
    DICTIONARY,
    MANIFEST,
    MEASURES,
    OLD,
    PARQUET,
    REDACTIONS,
    REVISIONS,
    SITES,
    STANDARDISED,
)

MADE_UP = "trial"  # as a manifest says it of its records
BANNER = "**These numbers are of made-up records. They say nothing of anybody.**"
# What may be there, in the order in which to read it; pages and pictures are added
# later.
FILES = {
    "report.html": "the page to begin with: charts, tables and how the numbers were made, in "
    "any browser; a run with `--no-report` does not make it",
    "charts": "each chart of the page as a file of its own",
    ASKED: "what was asked, in words made of the definition's model, with its text and "
    "its codelists",
    DICTIONARY: "what every column of every table means",
    CSV: "all numbers, one row per measure, interval and group; the same columns in "
    "every study, for programs",
    MEASURES: "the numbers of one measure each, for people; at most 5,000 rows a file, "
    "else one for each year",
    DECILES: "the tenths of units such as practices; nothing else of single units is "
    "released",
    STANDARDISED: "rates as they would be in a standard population",
    OLD: "the same numbers in the files that cohort-extractor wrote, one for each "
    "measure and date; what is withheld is blank",
    PARQUET: f"the numbers of `{CSV}` with a column for each group, for Python, R and "
    "databases",
    REDACTIONS: "which counts are withheld, and why",
    SITES: "of sums over several sites: the least and the most that each can be, and "
    "which sites show no number",
    REVISIONS: "which intervals changed after they were released",
    BEFORE: "what the release before held, in short; not beside the first",
    AUDIT: "what an attacker learns who knows everything but the records and the key",
    MANIFEST: "how the numbers were made: hashes of definition, codelists, records and "
    "files, versions, rules",
}
LATER = ("report.html", "charts", BEFORE)
NUMBERS = f"""\
- A count is not the true one: disclosure control rounds it, and withholds small ones (`[REDACTED]`,
  in `{PARQUET}` NULL). A withheld count is not 0.
- `ratio` is numerator / denominator of the released counts, with three significant digits.
- `ratio_at_least` and `ratio_at_most`: the true ratio of these very people lies between them, for
  certain. They say how much the rounding leaves open.
- `ci_low` and `ci_high`: a 95 % interval, for the rate as one of a longer run. It allows for the
  rounding and for chance. The two ranges answer two questions, so they have two names."""


def readme(folder: Path, manifest: Mapping[str, Any], rules: tuple[str, ...]) -> str:
    """The page for the files that lie in a folder."""
    study = _plain(str(manifest.get("study", ""))) or "a study"
    parts = [f"# Released numbers of {study}"]
    if manifest.get("records", {}).get("kind") == MADE_UP:
        parts.append(BANNER)
    parts += ["## What is here, in the order to read it", _files(folder)]
    parts += ["## How to read a number", NUMBERS]
    parts += ["## What disclosure control did", _rules(rules)]
    return "\n\n".join(parts) + "\n"


def _files(folder: Path) -> str:
    there = {path.name for path in folder.iterdir()} | {MANIFEST, *LATER}
    lines = []
    for name, meaning in FILES.items():
        if name in there:
            shown = f"{name}/" if (folder / name).is_dir() or name == "charts" else name
            lines.append(f"| `{shown}` | {meaning} |")
    return "\n".join(["| file | what it is |", "|---|---|", *lines])


def _rules(rules: tuple[str, ...]) -> str:
    return "\n".join(f"- {_plain(rule)}" for rule in rules)


def _plain(text: str) -> str:
    """A text inside Markdown: its marks are only marks."""
    for mark in "\\`*_[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
