"""Tables for tests, and how to draw their rows.

`p` and `p2` have at most one row per patient, `e` and `e2` any number. All have the
same columns, whose names say their type: i int, b bool, f float, s string, d date, c
SNOMED CT code, k ICD-10 code, m several ICD-10 codes in one string.

    draw(e, '''
          |  i1 | b1 | d1
        --+-----+----+-----------
        1 | 101 | T  | 2020-01-01
        1 | 102 |    |
    ''')

gives the rows as dicts. The first column is patient_id. An empty cell is NULL, `""` is
the empty string.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from extractors.language import EventFrame, PatientFrame, Series, table
from extractors.model import nodes
from extractors.model.types import ConceptId, ICD10Code, ICD10MultiCode, SNOMEDCTCode


class Columns:
    i1, i2, i3 = Series(int), Series(int), Series(int)
    b1, b2 = Series(bool), Series(bool)
    f1, f2 = Series(float), Series(float)
    s1, s2 = Series(str), Series(str)
    d1, d2, d3 = Series(date), Series(date), Series(date)
    c1, c2 = Series(SNOMEDCTCode), Series(SNOMEDCTCode)
    k1 = Series(ICD10Code)
    m1 = Series(ICD10MultiCode)


p: Any = table(type("p", (Columns, PatientFrame), {}))
p2: Any = table(type("p2", (Columns, PatientFrame), {}))
e: Any = table(type("e", (Columns, EventFrame), {}))
e2: Any = table(type("e2", (Columns, EventFrame), {}))

FRAMES = {"p": p, "p2": p2, "e": e, "e2": e2}

READERS: Mapping[type, Callable[[str], Any]] = {
    bool: {"T": True, "F": False}.__getitem__,
    int: int,
    ConceptId: int,
    float: float,
    date: date.fromisoformat,
}


def schema_of(frame: Any) -> Any:
    node = frame._node
    assert isinstance(node, nodes.Table)
    return node.schema


def draw(frame: Any, drawing: str) -> list[dict[str, Any]]:
    """The rows of a drawn table as dicts, typed as the table's columns."""
    schema = schema_of(frame)
    header, _rule, *lines = [line for line in drawing.splitlines() if line.strip()]
    _, *names = _cells(header)
    types = [schema.column(name).type for name in names]
    return [_row(line, names, types) for line in lines]


def _row(line: str, names: list[str], types: list[type]) -> dict[str, Any]:
    patient_id, *cells = _cells(line)
    values = [_read(cell, type_) for cell, type_ in zip(cells, types, strict=True)]
    return {"patient_id": int(patient_id), **dict(zip(names, values, strict=True))}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _read(cell: str, type_: type) -> Any:
    if cell == "":
        return None
    return READERS.get(type_, lambda text: text.strip('"'))(cell)
