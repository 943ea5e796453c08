"""What the description of a study may say; it comes from the closed process, and is
checked as if a stranger had sent it.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractors.language.reading import CodelistFile
from measures.amounts import check_amount
from measures.definitions import Measure
from measures.standards import DECILES, ESP2013, OWN

SHA256 = re.compile(r"[0-9a-f]{64}|")
COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")


FORM = re.compile(r"flag|int|imd|float|str|date (4|7|10)")


MOST_TEXT = 1_000


def forms(forms: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """Nothing but columns of the dataset, each in a form that there is."""
    for name, form in forms.items():
        if name not in columns or not FORM.fullmatch(form):
            raise ValueError("the form of a column is none")
    return dict(forms)


def old_measures(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Of each measure two columns and those of its groups, by names that a column may
    have.
    """
    groups = {each["name"]: list(each["groups"]) for each in data["measures"]}
    for name, columns in data["old_measures"].items():
        if columns[2:] != groups[name] or not all(
            COLUMN.fullmatch(column) for column in columns[:2]
        ):
            raise ValueError("an old measure is not described as one")
    return {name: tuple(columns) for name, columns in data["old_measures"].items()}


def of_amounts(measure: Measure, data: Mapping[str, Any]) -> Measure:
    check_amount(measure.numerator, measure.denominator, data["places"], data["most"])
    return replace(measure, places=data["places"], most=data["most"])


def of_units(measure: Measure, data: Mapping[str, Any]) -> Measure:
    over = data["over"]
    if over and (over not in measure.group_by or not measure.name.endswith(DECILES)):
        raise ValueError("a measure of units is not described as one")
    named = measure.standard and replace(
        measure.standard, name=_name_of_standard(data["standard"])
    )
    return replace(measure, over=over, standard=named)


def standard_json(measure: Measure) -> dict[str, Any] | None:
    known = measure.standard
    if known is None:
        return None
    return {
        "group": known.group,
        "name": known.name,
        "weights": [list(each) for each in known.weights],
    }


def standardise(data: Mapping[str, Any] | None) -> dict[str, dict[Any, float]] | None:
    """As an author says it who has weights of their own."""
    return None if data is None else {data["group"]: dict(data["weights"])}


def _name_of_standard(data: Mapping[str, Any]) -> str:
    if data["name"] not in (ESP2013, OWN):
        raise ValueError("a standard population has no known name")
    return str(data["name"])


def day_of(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def codelist(data: Mapping[str, Any]) -> CodelistFile:
    """Strings and a count; whether they are true of a file is for who reads the
    file.
    """
    name, sha256, codes, columns = (
        data[key] for key in ("name", "sha256", "codes", "columns")
    )
    legal = all(
        type(text) is str and text.isprintable() and len(text) <= MOST_TEXT
        for text in (name, *columns)
    )
    if not legal or not SHA256.fullmatch(sha256) or type(codes) is not int or codes < 0:
        raise ValueError("a codelist is not described as one")
    return CodelistFile(name, sha256, codes, tuple(columns))
