"""Tests beside a definition: hand-written rows, and what the definition makes of them.

They are kept as plain data while a file is read, and run afterwards where the records
of tests may be:

    dataset.test(
        {"patients": [{"patient_id": 1, "date_of_birth": "1980-01-01", "sex": "male"}]},
        [{"patient_id": 1, "sex": "male"}],
    )
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.language.base import called
from extractors.language.frames import BaseFrame
from extractors.language.reading import Place, current

PLAIN = (str, int, float, bool, type(None))
# the words of ehrQL's `test_data`
POPULATION, COLUMNS = "expected_in_population", "expected_columns"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class InlineTest:
    """One test as plain data; dates are ISO strings."""

    # table -> its rows, each with a `patient_id`
    records: dict[str, Rows]
    # the rows that must come out, with all or some of their columns
    expected: Rows
    # where the author wrote it
    place: Place = field(default_factory=Place)


def note_test(records: Any, expected: Any) -> None:
    """Keep a test of the file that is being read. Raises TypeError for what is no
    test.
    """
    tables = {
        _name(table): _rows(rows, f"the rows of {_name(table)}")
        for table, rows in _mapping(records).items()
    }
    current().tests.append(
        InlineTest(tables, _rows(expected, "what is expected"), current().locate())
    )


def note_test_data(test_data: Any) -> None:
    """Keep ehrQL's `test_data`: patient id -> rows by table, and what is expected of
    the patient.
    """
    records: dict[str, Rows] = {}
    expected: Rows = []
    for patient, given in _mapping(test_data).items():
        said = dict(_mapping(given))
        if said.pop(POPULATION, True):
            expected.append({"patient_id": patient, **_mapping(said.get(COLUMNS, {}))})
        said.pop(COLUMNS, None)
        for table, rows in said.items():
            listed = [rows] if isinstance(rows, Mapping) else rows
            own = _rows(listed, f"the rows of {_name(table)}")
            records.setdefault(_name(table), []).extend(
                {"patient_id": patient, **row} for row in own
            )
    current().tests.append(InlineTest(records, _rows(expected, COLUMNS)))


def _mapping(given: Any) -> Mapping:
    if not isinstance(given, Mapping):
        raise TypeError(
            f"a test takes a dict of table names and their rows, got {called(given)}"
        )
    return given


def _name(table: Any) -> str:
    if isinstance(table, BaseFrame):
        return str(table._node.table.schema.name)
    if not isinstance(table, str):
        raise TypeError(f"a test names its tables by strings, got {called(table)}")
    return table


def _rows(rows: Any, what: str) -> Rows:
    if isinstance(rows, str | Mapping) or not isinstance(rows, Sequence):
        raise TypeError(f"{what} must be a list of dicts, got {called(rows)}")
    found: Rows = []
    for row in rows:
        if not isinstance(row, Mapping):
            raise TypeError(f"{what} must be a list of dicts, got {called(row)} in it")
        found.append({str(name): _plain(value, what) for name, value in row.items()})
    return found


def _plain(value: Any, what: str) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, PLAIN):
        return value
    raise TypeError(
        f"{what} may hold texts, numbers, dates, True, False and None, got "
        f"{called(value)}"
    )
