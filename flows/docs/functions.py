"""Every function of the language: its signature, what it does with NULL, and an
example.

Signatures and words come from the code, examples from the specification. What happens
to NULL is written here; `tests/unit/flows/docs/test_functions.py` fails for a function
without it.
"""

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import extractors
import measures
from extractors import language
from extractors.language import (
    cases,
    dates,
    durations,
    frames,
    levels,
    numbers,
    series,
    texts,
)
from extractors.language.dataset import Dataset
from flows.docs.manual import SPECIFICATION
from flows.docs.markdown import table
from flows.docs.null_rules import OPERATORS, OWN_EXAMPLES, RULES
from flows.docs.real_tables import in_real_tables
from flows.docs.specification import Example, read_specification
from measures.standin import ehrql


@dataclass(frozen=True)
class Group:
    """Functions or methods that belong together."""

    # of a heading in the manual
    title: str
    # what is written before the dot where it is used
    on: str
    # the classes whose public members they are
    owners: tuple[type, ...]
    # members that are there to say why they cannot be used
    refused: tuple[str, ...] = ()


GROUPS = (
    Group(
        "Tables", "events", (frames.BaseFrame, frames.EventFrame, frames.SortedFrame)
    ),
    Group(
        "Any series",
        "series",
        (levels.NullMethods, levels.ValueMethods, levels.PatientSeries),
    ),
    Group("Bool series", "condition", (series.BoolMethods,)),
    Group("Numbers", "number", (numbers.NumberMethods,)),
    Group("Strings", "text", (texts.StrMethods,)),
    Group("Dates", "date", (dates.DateMethods, dates.DateDifference)),
    Group("Codes", "code", (texts.CodeMethods,)),
    Group(
        "Several codes in one string",
        "codes",
        (texts.MultiCodeMethods,),
        ("is_in", "is_not_in", "map_values"),
    ),
    Group(
        "From many rows to one value",
        "events.column",
        (
            levels.EventSeries,
            series.ComparableAggregates,
            numbers.NumberAggregates,
            dates.DateEventSeries,
        ),
        ("map_values",),
    ),
    Group("Cases", "when(…)", (cases.when, cases.WhenThen)),
    Group("Durations and intervals", "days(n)", (durations.Duration,)),
    Group("Datasets", "dataset", (Dataset,)),
    Group("Measures", "measures", (measures.Measures,)),
)
LEFT_OUT = {"described", "node"}  # the machinery's own


@dataclass(frozen=True)
class Function:
    """One function or method."""

    # without its class
    name: str
    # as it is typed, with its arguments
    call: str
    # its docstring
    words: str
    # the title of its group
    group: str = "Functions"

    @property
    def rule(self) -> str:
        """What it does with NULL."""
        return RULES.get(f"{self.group}.{self.name}") or RULES.get(self.name, "")

    @property
    def description(self) -> str:
        """What it does, as Markdown; what is indented in a docstring is code
        already.
        """
        return self.words.replace("<", "&lt;")

    @property
    def called(self) -> re.Pattern[str]:
        """How it looks where it is used."""
        dot = r"(?<![\w.])" if self.group == "Functions" else r"\."
        return re.compile(rf"{dot}{self.name}\b")


def functions() -> dict[str, list[Function]]:
    """Title of a group -> its functions, in the order of the alphabet; free functions
    come last.
    """
    found = {
        group.title: sorted(_methods(group), key=lambda each: each.name)
        for group in GROUPS
    }
    found["Functions"] = sorted(_free(), key=lambda each: each.name.lower())
    return found


def _methods(group: Group) -> Iterator[Function]:
    for owner in group.owners:
        for name, member in vars(owner).items():
            if name.startswith("_") or name in (*LEFT_OUT, *group.refused):
                continue
            words = inspect.getdoc(member) or ""
            if isinstance(member, property):
                yield Function(name, f"{group.on}.{name}", words, group.title)
            elif inspect.isfunction(member):
                call = f"{group.on}.{name}{arguments(member, skip=1)}"
                yield Function(name, call, words, group.title)


def _free() -> Iterator[Function]:
    """What `extractors`, `measures` and `ehrql` offer to be called, each once."""
    found: dict[str, Any] = {}
    for module in (extractors, measures, language, ehrql):
        for name in module.__all__:
            found.setdefault(name, getattr(module, name))
    for name, member in found.items():
        if name == "ConceptId":
            yield Function(name, "ConceptId(number)", inspect.getdoc(member) or "")
        elif inspect.isfunction(member) or member is cases.when:
            yield Function(
                name, f"{name}{arguments(member)}", inspect.getdoc(member) or ""
            )


def arguments(member: Any, skip: int = 0) -> str:
    """The arguments as an author gives them, without their types."""
    shown = []
    stars = False
    for parameter in list(inspect.signature(member).parameters.values())[skip:]:
        if parameter.name.startswith("_") or (
            parameter.kind is parameter.VAR_KEYWORD and parameter.name == "_"
        ):
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not stars:
            shown.append("*")
            stars = True
        stars = stars or parameter.kind is parameter.VAR_POSITIONAL
        shown.append(
            str(parameter.replace(annotation=parameter.empty)).replace(
                "<class 'str'>", "str"
            )
        )
    return f"({', '.join(shown)})"


class Examples:
    """Examples of the specification, by the function that they show."""

    def __init__(self, folder: Path = SPECIFICATION):
        self.folder = folder

    @cached_property
    def all(self) -> Sequence[Example]:
        _, chapters = read_specification(self.folder)
        found = []
        for chapter in chapters:
            for section in chapter.sections:
                found += [in_real_tables(example) for example in section.examples]
        return found

    def of(self, function: Function) -> str:
        """The shortest code in which a function is called; an example of ours where the
        tests have none.
        """
        if function.name in OWN_EXAMPLES:
            return OWN_EXAMPLES[function.name]
        shown = []
        for example in self.all:
            if function.called.search(example.code) and not example.gives.startswith(
                "This is refused"
            ):
                shown.append(example.code)
        return min(shown, key=len, default="")


def function_reference(_: str = "") -> str:
    """All groups as Markdown."""
    examples = Examples()
    parts = [
        "## Operators",
        table(["operator", "means", "with NULL", "example"], OPERATORS),
    ]
    for title, found in functions().items():
        parts.append(f"## {title}")
        for each in found:
            parts += _function(each, examples)
    return "\n\n".join(parts)


def _function(function: Function, examples: Examples) -> Iterator[str]:
    yield f"### {function.name}"
    yield f"```python\n{function.call}\n```"
    yield function.description
    yield f"**NULL**: {function.rule}"
    example = examples.of(function)
    # a docstring with an example of its own needs no other
    if example and "\n    " not in function.words:
        yield f"```python\n{example}\n```"
