"""The executable specification: a drawn table in, a series, and the value each patient
gets.

Every test is one statement about the language with its example, and holds on every
engine. A module's docstring is the title of its section and a test's docstring the
statement, so the manual can be made from them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Any

import pytest

from extractors import create_dataset
from extractors.language.reading import reading
from measures import Measures
from tests.lib.agreement import same
from tests.lib.engines import COUNTERS, ENGINES, complete_grid
from tests.lib.old_studies import OLD_ENGINES, study_of
from tests.lib.reference_engine import Records
from tests.lib.tables import draw, schema_of


@pytest.fixture(params=ENGINES)
def engine(request) -> Callable:
    return ENGINES[request.param]


@pytest.fixture
def spec(engine) -> Callable:
    """Check one statement.

    `drawings`: table -> drawn rows. `series`: one series, or several by name.
    `expected`: patient -> value (or -> name -> value). The population is everybody
    drawn, unless given.
    """

    def check(
        drawings: Mapping,
        series: Any,
        expected: Mapping,
        *,
        population: Any = None,
        interval: Any = None,
    ):
        dataset = create_dataset()
        dataset.define_population(
            _everybody(drawings) if population is None else population
        )
        several = isinstance(series, Mapping)
        for name, each in (series if several else {"value": series}).items():
            dataset.add_column(name, each)
        wanted = (
            expected
            if several
            else {patient: {"value": value} for patient, value in expected.items()}
        )
        got = engine(dataset, _records(drawings), interval)
        assert same(got, wanted), f"got {got}, expected {wanted}"

    return check


@pytest.fixture(params=COUNTERS)
def counted(request) -> Callable:
    """Check what measures give.

    `drawings` as for `spec`; `expected`: the rows as drawn, one for each measure,
    interval and group that occurs. Columns that are not drawn are not looked at.
    """

    def check(drawings: Mapping, chosen: Measures, expected: str):
        rows = COUNTERS[request.param](list(chosen), _records(drawings))
        _compare([{**row, **row["groups"]} for row in rows], expected)

    return check


@pytest.fixture
def grid() -> Callable:
    """Check the rows that a release of measures has, before disclosure control; as
    `counted`.
    """

    def check(drawings: Mapping, chosen: Measures, expected: str):
        _compare(complete_grid(list(chosen), _records(drawings)), expected)

    return check


@pytest.fixture(params=OLD_ENGINES)
def old(request) -> Callable:
    """Check the columns of an old study.

    `drawings` as for `spec`. `columns`: one function call, or names with calls as in
    StudyDefinition(…). `expected`: patient -> value (or -> name -> value). Everybody
    drawn is a patient; `population` says who is in the study. `arguments` are the words
    behind `--`, `more` are names that the columns use.
    """

    def check(
        drawings: Mapping, columns: str, expected: Mapping, *arguments: str, **more: Any
    ):
        records = _with_patients(_records(drawings))
        one = columns.lstrip().startswith("patients.")
        study = study_of(f"value={columns}" if one else columns, *arguments, **more)
        rows = OLD_ENGINES[request.param](study, records)
        got = {row.pop("patient_id"): row for row in rows}
        wanted = (
            {patient: {"value": value} for patient, value in expected.items()}
            if one
            else expected
        )
        assert same(got, wanted), f"got {got}, expected {wanted}"

    return check


def _with_patients(records: Records) -> Records:
    """Everybody is a patient."""
    known = {row["patient_id"] for row in records.get("patients", ())}
    ids = {row["patient_id"] for rows in records.values() for row in rows} - known
    more = [{"patient_id": each} for each in sorted(ids)]
    return {**records, "patients": [*records.get("patients", ()), *more]}


@pytest.fixture
def noted() -> Iterator[Callable]:
    """Check that what a definition says so far is a warning of `check`, with these
    words in it.
    """
    with reading() as asked:

        def check(words: str):
            assert any(words in note.message for note in asked.notes)

        yield check


def _records(drawings: Mapping) -> Records:
    return {
        schema_of(frame).name: _rows(frame, drawing)
        for frame, drawing in drawings.items()
    }


def _rows(frame: Any, drawing: Any) -> Any:
    """Rows that cannot be drawn, because of a bar in a cell, are given as they are."""
    return draw(frame, drawing) if isinstance(drawing, str) else drawing


def _compare(rows: Iterable[Mapping], expected: str) -> None:
    header, _rule, *lines = [
        _cells(line) for line in expected.splitlines() if line.strip()
    ]
    assert sorted([_cell(row.get(name)) for name in header] for row in rows) == sorted(
        lines
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    return "" if value is None else str(value)


def _everybody(drawings: Mapping) -> Any:
    return reduce(or_, [frame.exists_for_patient() for frame in drawings])
