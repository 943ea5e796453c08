"""Concept sets: concepts of OMOP's vocabulary that mean one thing.

A set says what it asks for; which concepts that are, the vocabulary of the records says
when they are read. Files are CSV, or JSON as ATLAS exports it.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.errors import CodelistError
from extractors.language.codelists import find_codelist
from extractors.language.concept_ids import concept_id, concept_ids
from extractors.language.reading import CodelistFile, current
from extractors.model.concepts import MOST, Concept
from extractors.model.nearest import nearest

# What columns of a CSV file are called that say of a row what ATLAS says of a concept.
FLAGS = {
    "excluded": ("excluded", "is_excluded", "isexcluded", "exclude"),
    "descendants": ("descendants", "include_descendants", "includedescendants"),
    "mapped": ("mapped", "include_mapped", "includemapped"),
}
TRUE, FALSE = ("true", "t", "1", "yes", "y"), ("false", "f", "0", "no", "n", "", "na")


@dataclass(frozen=True)
class ConceptSet:
    """Concepts, to be looked for with `is_in`."""

    # the concepts that are named, with what comes with each
    asked: tuple[Concept, ...]

    _called = "a concept set"

    def __or__(self, _: Any) -> Any:
        raise TypeError(
            "concept sets are not joined; look for both: column.is_in(a) | "
            "column.is_in(b)"
        )

    def __iter__(self) -> Any:
        raise TypeError(
            "which concepts are in a set is known when records are read; look for "
            "them with is_in()"
        )

    def __contains__(self, _: Any) -> bool:
        raise TypeError(
            "use is_in() to look for a concept set in a column of concept ids"
        )

    def __len__(self) -> int:
        raise TypeError("how many concepts are in a set is known when records are read")

    def __bool__(self) -> bool:
        raise TypeError(
            "a concept set is neither true nor false; look for it with is_in()"
        )


def concept_set(
    ids: Iterable[int] | int,
    *,
    include_descendants: bool = False,
    include_mapped: bool = False,
    exclude: Iterable[int] | int = (),
) -> ConceptSet:
    """A set of concepts by their ids.

    `include_descendants`: with all concepts below them (concept_ancestor).
    `include_mapped`: with the source concepts that map to these (concept_relationship,
    "Maps to"). `exclude`: ids that are not in it, and neither is what comes with them.

        diabetes = concept_set([201826], include_descendants=True, exclude=[4063043])
        condition_occurrence.where(condition_occurrence.condition_concept_id.is_in(diabetes))

    Raises TypeError or ValueError for what is no concept id, and for no ids.
    """
    wanted, unwanted = _ids(ids), _ids(exclude)
    if not wanted:
        raise ValueError("a concept set needs at least one concept id")
    for name, flag in (
        ("include_descendants", include_descendants),
        ("include_mapped", include_mapped),
    ):
        if type(flag) is not bool:
            raise TypeError(f"{name} is True or False, got {flag!r}")
    return ConceptSet(
        (
            *(
                Concept(int(each), False, include_descendants, include_mapped)
                for each in wanted
            ),
            *(
                Concept(int(each), True, include_descendants, include_mapped)
                for each in unwanted
            ),
        )
    )


def _ids(given: Any) -> list:
    if isinstance(given, ConceptSet):
        raise TypeError(
            "a concept set is made of ids; look for several: column.is_in(a) | "
            "column.is_in(b)"
        )
    if isinstance(given, str | int):
        return [concept_id(given)]
    return concept_ids(given)


def concept_set_from_csv(
    filename: str | Path,
    *,
    column: str = "concept_id",
    include_descendants: bool = False,
    include_mapped: bool = False,
) -> ConceptSet:
    """A set of the concept ids in a column of a CSV file.

    Columns called `excluded`, `descendants` and `mapped` (or `is_excluded`,
    `include_descendants`, `include_mapped`), as OHDSI's tools write them, count for
    their rows; where one is missing, the argument of its name does.

        diabetes = concept_set_from_csv("codelists/diabetes.csv")

    Raises CodelistError if the file or the column is missing, or if a cell is no
    concept id.
    """
    name, text, sha256 = _read(filename)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if column not in header:
        close = nearest(column, header)
        hint = (
            f"did you mean {close!r}?"
            if close
            else f"its columns are {', '.join(filter(None, header)) or 'none'}"
        )
        raise CodelistError(f"{name} has no column {column!r}; {hint}")
    defaults = {
        "excluded": False,
        "descendants": include_descendants,
        "mapped": include_mapped,
    }
    found: list[Concept] = []
    for number, row in enumerate(rows[1:], 2):
        if any(map(str.strip, row)):
            found.append(
                _of_row(
                    dict(zip(header, row, strict=False)),
                    column,
                    defaults,
                    f"{name}, line {number}",
                )
            )
    return _noted(name, sha256, found, (column,))


def _of_row(
    cells: Mapping[str, str], column: str, defaults: Mapping[str, bool], where: str
) -> Concept:
    text = cells.get(column, "").strip()
    if not _is_id(text):
        raise CodelistError(
            f"{where}: {text!r} is no concept id, which is a whole number from 0 to "
            f"{MOST}"
        )
    known = {
        name.strip().lower(): value.strip().lower() for name, value in cells.items()
    }
    flags = dict(defaults)
    for flag, names in FLAGS.items():
        for name in names:
            if name in known:
                flags[flag] = _flag(known[name], f"{where}, column {name}")
    return Concept(int(text), **flags)


def _flag(text: str, where: str) -> bool:
    if text not in (*TRUE, *FALSE):
        raise CodelistError(f"{where}: {text!r} is neither true nor false")
    return text in TRUE


def concept_set_from_json(filename: str | Path, *, name: str = "") -> ConceptSet:
    """A set as ATLAS exports it: the expression of a concept set, or a cohort
    definition with several.

    `name`: which of several.

        diabetes = concept_set_from_json("codelists/diabetes.json")

    Raises CodelistError if the file is missing, or is something else.
    """
    file, text, sha256 = _read(filename)
    try:
        data = json.loads(text)
    except ValueError as error:
        raise CodelistError(
            f"{file} is not JSON ({error}); export the concept set again"
        ) from None
    items = _items(data, name, file)
    return _noted(
        file, sha256, [_of_item(each, file) for each in items], (name or "items",)
    )


def _items(data: Any, name: str, file: str) -> Sequence[Any]:
    """The concepts of one set, whatever it is wrapped in."""
    data = _unwrapped(data)
    if isinstance(data, dict) and isinstance(data.get("ConceptSets"), list):
        data = data["ConceptSets"]
    if isinstance(data, list) and all(
        isinstance(each, dict) and "expression" in each for each in data
    ):
        data = _unwrapped(_one_of(data, name, file))
    items = data.get("items") if isinstance(data, dict) else data
    if not isinstance(items, list) or not items:
        raise CodelistError(
            f"{file} holds no concept set, as ATLAS exports it: {{'items': […]}}"
        )
    return items


def _unwrapped(data: Any) -> Any:
    """What is in an expression; OHDSI's WebAPI gives that of a cohort definition as
    text.
    """
    if not isinstance(data, dict) or "expression" not in data:
        return data
    inner = data["expression"]
    try:
        return json.loads(inner) if isinstance(inner, str) else inner
    except ValueError:
        return None


def _one_of(sets: Sequence[Mapping[str, Any]], name: str, file: str) -> Any:
    names = [str(each.get("name", "")) for each in sets]
    if not name and len(sets) == 1:
        return sets[0]
    if name not in names:
        raise CodelistError(
            f"{file} holds the concept sets {', '.join(map(repr, names))}; say name= "
            "one of these"
        )
    return sets[names.index(name)]


def _of_item(item: Any, file: str) -> Concept:
    concept = item.get("concept", item) if isinstance(item, dict) else {}
    found = (
        concept.get("CONCEPT_ID", concept.get("conceptId", ""))
        if isinstance(concept, dict)
        else ""
    )
    if not _is_id(str(found)):
        raise CodelistError(
            f"{file}: a concept has no CONCEPT_ID that is a whole number; export the "
            "concept set again"
        )
    flags = (
        _said(item, name, file)
        for name in ("isExcluded", "includeDescendants", "includeMapped")
    )
    return Concept(int(str(found)), *flags)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= MOST


def _said(item: Mapping[str, Any], name: str, file: str) -> bool:
    """A flag; none is False, and a text means what it says."""
    value = item.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    return _flag(str(value).lower(), f"{file}, {name}")


def _read(filename: str | Path) -> tuple[str, str, str]:
    """The name of a file, its text and the hash of its contents."""
    reading = current()
    data = find_codelist(Path(filename), reading.folders or [Path.cwd()]).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CodelistError(
            f"{filename} is not a text file in UTF-8; save it again in UTF-8"
        ) from None
    return Path(filename).as_posix(), text, hashlib.sha256(data).hexdigest()


def _noted(
    name: str, sha256: str, found: Iterable[Concept], columns: tuple[str, ...]
) -> ConceptSet:
    """The set, of a file that results depend on."""
    found = list(dict.fromkeys(found))
    current().note_codelist(
        CodelistFile(name=name, sha256=sha256, codes=len(found), columns=columns)
    )
    if not any(not each.excluded for each in found):
        raise CodelistError(f"{name} holds no concept that is not excluded")
    try:
        concept_ids([each.id for each in found])
    except ValueError as error:
        raise CodelistError(f"{name}: {error}") from None
    return ConceptSet(tuple(found))
