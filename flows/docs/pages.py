"""The pages of the documentation as Markdown: written by hand in `pages/`, with parts
that are made.

A line `<!-- made: NAME … -->` in a page stands for text that the code knows best: every
table, every function, every option. `Made` says who writes it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain

from extractors.errors import ArgumentsError
from extractors.model.nearest import nearest

MADE = re.compile(r"^<!-- made: ([a-z]+) ?([\w ]*) -->$", re.MULTILINE)
Made = Mapping[str, Callable[[str], str]]

# The sections of the site and their pages, in the order to read.
CONTENTS: dict[str, tuple[str, ...]] = {
    "": ("index", "tutorial"),
    "How to": (
        "how-to/static-and-moving",
        "how-to/rolling-windows",
        "how-to/denominators",
        "how-to/codelists",
        "how-to/test-a-definition",
        "how-to/describe",
        "how-to/practices-and-deciles",
        "how-to/bring-an-ehrql-study",
        "how-to/datasets",
        "how-to/own-records",
        "how-to/omop",
        "how-to/postgresql",
        "how-to/watch-and-rerun",
        "how-to/run-on-a-server",
        "how-to/clusters",
        "how-to/several-sites",
        "how-to/upgrade",
        "how-to/disaster",
        "how-to/read-a-refusal",
    ),
    "Reference": (
        "reference/language",
        "reference/functions",
        "reference/tables-core",
        "reference/tables-tpp",
        "reference/tables-emis",
        "reference/tables-omop",
        "reference/tables-raw",
        "reference/command",
        "reference/settings",
        "reference/systems",
        "reference/studies",
        "reference/glossary",
    ),
    "Explanation": (
        "explanation/the-way-of-the-data",
        "explanation/time-is-paid-once",
        "explanation/how-counts-are-protected",
        "explanation/what-a-checker-sees",
    ),
}


@dataclass(frozen=True)
class Page:
    """One page of the site."""

    # its path below the top, without the ending
    name: str
    # Markdown with its made parts
    text: str

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.text.partition("\n")[0].removeprefix("# ")


def all_pages(made: Made) -> list[Page]:
    """Every page, in the order to read."""
    names = chain.from_iterable(CONTENTS.values())
    return [page(name, made) for name in names]


def page(name: str, made: Made) -> Page:
    """The page of this name; of `how-to/omop` also `omop`. ArgumentsError if there is
    none.

    page("tutorial", made).text
    """
    names: dict[str, str] = {}
    for section in CONTENTS.values():
        for each in section:
            names |= {each: each, each.rpartition("/")[2]: each}
    if name not in names:
        close = nearest(name, names)
        hint = (
            f"did you mean {close!r}?"
            if close
            else "`cohortflow docs --list` names all."
        )
        raise ArgumentsError(f"There is no page {name!r}; {hint}")
    return Page(names[name], _complete(_source(names[name]), made))


def _source(name: str) -> str:
    place: Traversable = files(__package__).joinpath("pages")
    for part in f"{name}.md".split("/"):
        place = place.joinpath(part)
    return place.read_text(encoding="utf-8")


def _complete(text: str, made: Made) -> str:
    return MADE.sub(lambda found: made[found[1]](found[2]).strip(), text)
