"""Every table and every column, written from the schemas."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from inspect import getdoc, getmembers, isfunction, signature
from itertools import chain
from typing import Any

from extractors.language.frames import BaseFrame, EventFrame, PatientFrame
from extractors.model.schema import Column, TableSchema
from extractors.model.types import name_of
from extractors.sources.omop.own import REQUIRED
from extractors.sources.omop.views import MAPPED
from flows.docs.columns import COLUMNS, ELSE, OMOP_OF_CORE, TABLES, TEXTS
from flows.docs.markdown import table

MODULES = (
    "core",
    "tpp",
    "emis",
    "omop",
    "omop_core",
    "raw_core",
    "raw_tpp",
    "raw_emis",
    "smoketest",
)
# Where a column is looked for, to say where else it is.
COMPARED = ("core", "tpp", "emis")
# A value as a definition writes it, by the type of its column.
EXAMPLES = {
    "bool": "True",
    "int": "3",
    "float": "27.5",
    "date": '"2020-03-23"',
    "SNOMEDCTCode": '"271649006"',
    "CTV3Code": '"246.."',
    "ICD10Code": '"I10"',
    "ICD10MultiCode": '"I10 || E119"',
    "OPCS4Code": '"K40"',
    "OPCS4MultiCode": '"K401 || K402"',
    "DMDCode": '"322236009"',
    "BNFCode": '"0212000B0AAABAB"',
    "LOINCCode": '"8480-6"',
    "ICD10CMCode": '"I10"',
    "RxNormCode": '"860975"',
    "CVXCode": '"208"',
    "ATCCode": '"A10BA02"',
    "ConceptId": "201826",
}

SEVERAL = {
    "ICD10MultiCode": "several ICD-10",
    "OPCS4MultiCode": "several OPCS-4",
    "ConceptId": "concept id",
}
# OMOP's columns of text.
ENDINGS = {
    "source_value": "E11.9",
    "issuer": "3f2a9c",
    "identifier": "3f2a9c",
    "name": "Ward 4",
    "_id": "A-12",
    "cohort": "Yes",
}


def tables_of(modules: str) -> str:
    """The tables of some modules, by their names with blanks between."""
    return "\n\n".join(chain.from_iterable(map(_module, modules.split())))


def frames_of(module: str) -> dict[str, BaseFrame]:
    """The tables that a module defines, by name and in alphabetical order."""
    found = vars(import_module(f"extractors.tables.{module}"))
    frames = {}
    for name in sorted(found):
        if isinstance(found[name], BaseFrame) and not name.startswith("_"):
            frames[name] = found[name]
    return frames


def _module(module: str) -> Iterator[str]:
    for name, frame in frames_of(module).items():
        yield from _table(module, name, frame)


def _table(module: str, name: str, frame: BaseFrame) -> Iterator[str]:
    schema = frame._node.table.schema
    yield f"## {name}"
    yield f"`from extractors.tables.{module} import {name}`"
    yield _what(name, frame)
    permission = getattr(getattr(frame, "_meta", None), "required_permission", "")
    if permission:
        yield (
            "A definition that reads it claims a permission: "
            f'`claim_permissions("{permission}")`.'
        )
    made = of_core(name) if module == "omop" else ""
    if made:
        yield (
            f"Records of OMOP have no {made} of their own: `core` makes them of this "
            "table."
        )
    yield table(
        ["column", "type", "values", "example", "what", _elsewhere(module)],
        _rows(module, name, schema),
    )
    yield from _methods(frame)


def of_core(name: str) -> str:
    """The tables of `core` that are made of a table of OMOP; empty if there is none."""
    made = [core for core, mapped in MAPPED.items() if name in mapped.every]
    return ", ".join(f"`{core}`" for core in made)


def _what(name: str, frame: BaseFrame) -> str:
    said = TABLES.get(name) or _own_words(frame)
    shape = (
        "one row per patient at most"
        if isinstance(frame, PatientFrame)
        else "any number of rows per patient"
    )
    return f"{said} It has {shape}."


def _own_words(frame: BaseFrame) -> str:
    for owner in type(frame).__mro__:
        if owner in (PatientFrame, EventFrame, BaseFrame):
            return ""
        if owner.__doc__:
            return owner.__doc__.strip().partition("\n")[0]
    return ""


def _elsewhere(module: str) -> str:
    return {"core": "OMOP", "omop": "must be there"}.get(module, "also in")


def _rows(module: str, name: str, schema: TableSchema) -> Iterator[list[str]]:
    for column in schema.columns:
        yield [
            f"`{column.name}`",
            type_name(column.type),
            values(column),
            f"`{example(column)}`",
            COLUMNS.get(f"{name}.{column.name}") or COLUMNS.get(column.name, ""),
            _where(module, name, column),
        ]


def type_name(type_: type) -> str:
    """A type in the words of people: a coding system, or Python's name."""
    return SEVERAL.get(type_.__name__) or getattr(type_, "label", "") or name_of(type_)


def values(column: Column) -> str:
    """What a column may hold, in words."""
    said = []
    if column.categories:
        said.append(", ".join(f"`{value}`" for value in column.categories))
    if column.minimum is not None:
        step = f" in steps of {column.step}" if column.step != 1 else ""
        said.append(f"{column.minimum} to {column.maximum}{step}")
    if column.pattern:
        said.append(f"as `{column.pattern}`")
    if column.first_of_month:
        said.append("the first of a month")
    if column.required:
        said.append("never NULL")
    return "; ".join(said)


def example(column: Column) -> str:
    """A value of a column as a definition writes it."""
    if column.categories:
        return repr(column.categories[0]).replace("'", '"')
    if column.first_of_month:
        return '"1961-04-01"'
    if column.minimum is not None:
        return str(column.minimum + column.step)
    if column.name == "msoa_code":
        return '"E02000001"'
    if column.type is str and column.name.endswith("date"):
        return '"2020-03-23"'
    return (
        EXAMPLES.get(column.type.__name__)
        or f'"{TEXTS.get(column.name, _by_ending(column.name))}"'
    )


def _by_ending(name: str) -> str:
    """An example of a text by the last word of its name."""
    for ending, text in ENDINGS.items():
        if name.endswith(ending):
            return text
    return ELSE


def _where(module: str, name: str, column: Column) -> str:
    if module == "core":
        return OMOP_OF_CORE.get(f"{name}.{column.name}", "")
    if module == "omop":
        return "yes" if column.name in REQUIRED.get(name, ()) else ""
    others = [
        other
        for other in COMPARED
        if other != module and _has(other, name, column.name)
    ]
    return ", ".join(f"`{other}`" for other in others)


def _has(module: str, name: str, column: str) -> bool:
    frame = frames_of(module).get(name)
    return frame is not None and any(
        each.name == column for each in frame._node.table.schema.columns
    )


def _methods(frame: Any) -> Iterator[str]:
    """What a table offers beside its columns, in the words of its docstrings."""
    lines = []
    for name, doc, call in own_methods(frame):
        lines.append(f"- `{name}{call}`: {doc}" if doc else f"- `{name}{call}`")
    if lines:
        yield "\n".join(lines)


def own_methods(frame: Any) -> Iterator[tuple[str, str, str]]:
    """Name, first words and arguments of each method and property that a table adds."""
    shared: Sequence[str] = [*dir(EventFrame), *dir(PatientFrame)]
    for name, member in getmembers(type(frame)):
        if name.startswith("_") or name in shared:
            continue
        words = (getdoc(member) or "").replace("\n", " ")
        if isfunction(member):
            arguments = list(signature(member).parameters)[1:]
            yield name, words, f"({', '.join(arguments)})"
        elif isinstance(member, property):
            yield name, words, ""
