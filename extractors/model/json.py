"""Nodes to JSON and back.

A graph is a list of nodes, children before parents, that name their children by
position; so shared parts stay shared and depth costs nothing. Reading builds real
nodes, so whatever is illegal is refused on arrival.
"""

import datetime
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from extractors.errors import DefinitionError
from extractors.model import nodes
from extractors.model.concepts import Concept
from extractors.model.schema import Column, TableSchema
from extractors.model.types import ConceptId, name_of, type_named

CLASSES = {
    c.__name__: c
    for c in (
        nodes.Table,
        nodes.Where,
        nodes.Sort,
        nodes.Pick,
        nodes.Column,
        nodes.Literal,
        nodes.Values,
        nodes.Concepts,
        nodes.Parameter,
        nodes.Call,
        nodes.Aggregate,
    )
}


def dump(roots: Mapping[str, nodes.Node]) -> dict:
    """The graph below some named nodes as plain JSON data."""
    order = nodes.walk(roots.values())
    place = {node: index for index, node in enumerate(order)}
    return {
        "nodes": [_dump_node(node, place) for node in order],
        "roots": {name: place[node] for name, node in roots.items()},
    }


def load(data: Mapping) -> dict[str, nodes.Node]:
    """The named nodes of a graph; DefinitionError if it is not a legal one."""
    try:
        made: list[nodes.Node] = []
        for item in data["nodes"]:
            made.append(_load_node(item, made))
        return {str(name): made[index] for name, index in data["roots"].items()}
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise DefinitionError(
            f"The definition did not arrive as a legal model: {error}"
        ) from None


def _dump_node(node: nodes.Node, place: Mapping[nodes.Node, int]) -> dict:
    values = {f.name: getattr(node, f.name) for f in fields(node) if f.init}
    return {
        "node": type(node).__name__,
        **{k: _dump_value(v, place) for k, v in values.items()},
    }


def _dump_value(value: object, place: Mapping[nodes.Node, int]) -> object:
    match value:
        case nodes.Node():
            return {"at": place[value]}
        case TableSchema():
            return {"table": _dump_schema(value)}
        case type():
            return {"type": name_of(value)}
        case datetime.date():
            return {"date": value.isoformat()}
        case Concept():
            return {"concept": list(value.plain)}
        case tuple():
            return [_dump_value(each, place) for each in value]
        case _:
            return value


def _load_node(item: Mapping, made: list[nodes.Node]) -> nodes.Node:
    values: dict[str, Any] = {}
    for name, value in item.items():
        if name != "node":
            values[name] = _load_value(value, made)
    of = values.get("of")
    if isinstance(of, type) and (
        issubclass(of, str) or of is ConceptId
    ):  # codes travel as plain strings, concept ids as plain numbers
        values = {
            k: _as_coded(of, v) if k in ("value", "values") else v
            for k, v in values.items()
        }
    return CLASSES[item["node"]](**values)


def _as_coded(of: type[str] | type[ConceptId], value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_one_coded(of, each) for each in value)
    return None if value is None else _one_coded(of, value)


def _one_coded(of: type[str] | type[ConceptId], value: object) -> object:
    """Only from what it is made of: `int` would take a text for a number."""
    if of is ConceptId and type(value) is int:
        return ConceptId(value)
    if issubclass(of, str) and isinstance(value, str):
        return of(value)
    raise TypeError("a value is not of its type")


def _load_value(value: object, made: list[nodes.Node]) -> object:
    match value:
        case {"at": int(index)} if 0 <= index < len(made):
            return made[index]
        case {"table": table}:
            return _load_schema(table)
        case {"concept": list(asked)}:
            return Concept(*asked)
        case {"type": str(name)}:
            return type_named(name)
        case {"date": str(iso)}:
            return datetime.date.fromisoformat(iso)
        case list():
            return tuple(_load_value(each, made) for each in value)
        case dict():
            raise DefinitionError(
                f"The definition did not arrive as a legal model: {sorted(value)}"
            )
        case _:
            return value


def _dump_schema(schema: TableSchema) -> dict:
    columns = [
        {**vars(c), "type": name_of(c.type), "categories": list(c.categories)}
        for c in schema.columns
    ]
    return {
        "name": schema.name,
        "one_row": schema.one_row,
        "file": schema.file,
        "columns": columns,
    }


def _load_schema(data: Mapping) -> TableSchema:
    columns = [
        Column(
            **{**c, "type": type_named(c["type"]), "categories": tuple(c["categories"])}
        )
        for c in data["columns"]
    ]
    return TableSchema(data["name"], tuple(columns), data["one_row"], data["file"])
