"""A second engine, slow and obvious: plain Python over rows, one patient and one row at
a time.

It says what every node means (extractors/language/SEMANTICS.md), and DuckDB has to
agree with it. It keeps nothing between two evaluations and shares no code with planner
or SQL. NULL is None.

Records are a mapping from table names to lists of rows; a row is a dict with
`patient_id` and any of the table's columns. Columns left out are NULL, tables left out
are empty.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.model import nodes
from measures.definitions import Interval, Measure
from tests.lib.fingerprints import fingerprint_of
from tests.lib.reference_operations import AGGREGATES, OPERATIONS, placed

MOST_OF_ONE = 1_000_000_000
Row = Mapping[str, Any]
Records = Mapping[str, Sequence[Row]]
Selected = Mapping[nodes.Frame, Sequence[str]]


@dataclass(frozen=True)
class Patient:
    """One patient's rows by table, with what the evaluation needs beside them.

    `selected` names the columns that the definition reads from each frame; they break
    ties of picks.
    """

    id: int
    tables: Mapping[str, Sequence[Row]]
    interval: Interval | None
    selected: Selected


def evaluate(
    series_by_name: Mapping[str, nodes.Series],
    population: nodes.Series,
    records: Records,
    interval: Interval | None = None,
) -> dict[int, dict[str, Any]]:
    """The values of some series for everybody in the population: patient_id -> name ->
    value.
    """
    everybody = patients([population, *series_by_name.values()], records, interval)
    return {
        patient.id: {
            name: value(series, patient) for name, series in series_by_name.items()
        }
        for patient in everybody
        if value(population, patient) is True
    }


def events(
    tables: Mapping[str, Mapping[str, nodes.Series]],
    population: nodes.Series,
    records: Records,
) -> dict[str, list[dict[str, Any]]]:
    """The rows of tables of events for everybody in the population; their order means
    nothing.
    """
    roots = [series for columns in tables.values() for series in columns.values()]
    counted = [
        each
        for each in patients([population, *roots], records, None)
        if value(population, each) is True
    ]
    found: dict[str, list[dict[str, Any]]] = {}
    for name, columns in tables.items():
        frame = nodes.common_domain(columns.values())
        assert frame is not None
        found[name] = []
        for patient in counted:
            for row in rows(frame, patient):
                values = {
                    column: value(series, patient, row)
                    for column, series in columns.items()
                }
                found[name].append({"patient_id": patient.id, **values})
    return found


def measures(measures: Sequence[Measure], records: Records) -> list[dict[str, Any]]:
    """Raw counts, one row per measure, interval and group that occurs
    (extractors/language/SEMANTICS.md#measures).

    A row has measure, interval_start, interval_end, groups (name -> value), numerator,
    denominator, how many patients stand behind the last two: numerator_patients,
    denominator_patients, and the most that one of them adds: numerator_largest,
    denominator_largest. The fingerprints of these people come from their sets.
    """
    roots = [
        root
        for m in measures
        for root in (m.numerator, m.denominator, *m.group_by.values())
    ]
    return [
        row
        for measure in measures
        for interval in measure.intervals
        for row in _counts(measure, interval, patients(roots, records, interval))
    ]


def _counts(
    measure: Measure, interval: Interval, everybody: Sequence[Patient]
) -> Iterator[dict[str, Any]]:
    sums: dict[tuple, Counter] = {}
    people: dict[tuple, dict[str, set[int]]] = {}
    for patient in everybody:
        denominator = value(measure.denominator, patient) or 0
        if denominator > 0:
            numerator = _bounded(value(measure.numerator, patient) or 0)
            denominator = _bounded(denominator)
            group = tuple(
                value(series, patient) for series in measure.group_by.values()
            )
            counts = sums.setdefault(group, Counter())
            counts["numerator"] += int(numerator)
            counts["denominator"] += int(denominator)
            counts["numerator_patients"] += int(numerator != 0)
            counts["denominator_patients"] += 1
            sets = people.setdefault(group, {"numerator": set(), "denominator": set()})
            sets["denominator"].add(patient.id)
            if numerator != 0:
                sets["numerator"].add(patient.id)
            for part, amount in (
                ("numerator", numerator),
                ("denominator", denominator),
            ):
                counts[f"{part}_largest"] = max(
                    counts[f"{part}_largest"], abs(int(amount))
                )
    for group, counts in sums.items():
        groups = dict(zip(measure.group_by, group, strict=True))
        place = {
            "measure": measure.name,
            "interval_start": interval[0],
            "interval_end": interval[1],
        }
        amounts = ("numerator", "numerator_largest") if measure.most else ()
        ones = {name: counts[name] / 10**measure.places for name in amounts}
        told = {
            f"{part}_fingerprint": fingerprint_of(ids)
            for part, ids in people[group].items()
        }
        yield {**place, "groups": groups, **counts, **ones, **told}


def _bounded(number: int | float) -> int | float:
    """What one person adds to a sum at most."""
    return max(-MOST_OF_ONE, min(number, MOST_OF_ONE))


def patients(
    roots: Sequence[nodes.Node], records: Records, interval: Interval | None
) -> list[Patient]:
    """Everybody who has a row in any table that the definition mentions, by
    patient_id.
    """
    definition = nodes.walk(roots)
    names = {node.schema.name for node in definition if isinstance(node, nodes.Table)}
    ids = {row["patient_id"] for name in names for row in records.get(name, ())}
    selected = _selected(definition)
    return [
        Patient(id, _rows_of_patient(id, names, records), interval, selected)
        for id in sorted(ids)
    ]


def _rows_of_patient(
    id: int, names: set[str], records: Records
) -> dict[str, list[Row]]:
    return {
        name: [row for row in records.get(name, ()) if row["patient_id"] == id]
        for name in names
    }


def _selected(definition: Sequence[nodes.Node]) -> dict[nodes.Frame, list[str]]:
    columns = [node for node in definition if isinstance(node, nodes.Column)]
    return {
        frame: sorted({c.name for c in columns if c.source == frame})
        for frame in {c.source for c in columns}
    }


def value(series: nodes.Series, patient: Patient, row: Row | None = None) -> Any:
    """The value of a series for a patient, or for one row of a patient if it has many.

    The right side of `in` has a frozenset as its value.
    """
    match series:
        case nodes.Literal():
            return series.value
        case nodes.Concepts(asked=asked):
            excluded = {concept.id for concept in asked if concept.excluded}
            return frozenset(concept.id for concept in asked) - excluded
        case nodes.Values():
            return frozenset(series.values)
        case nodes.Parameter():
            return _date_of_interval(series.name, patient.interval)
        case nodes.Column():
            return _cell(series, patient, row)
        case nodes.Call():
            arguments = [value(argument, patient, row) for argument in series.arguments]
            return OPERATIONS[series.operation](*arguments)
        case nodes.Aggregate():
            return _aggregate(series, patient)
    raise TypeError(
        f"the reference engine does not know the series {type(series).__name__}"
    )


def _date_of_interval(name: str, interval: Interval | None) -> date:
    if interval is None:
        raise ValueError(
            "the definition mentions INTERVAL; give the interval to evaluate it for"
        )
    return {"interval_start": interval[0], "interval_end": interval[1]}[name]


def _cell(column: nodes.Column, patient: Patient, row: Row | None) -> Any:
    if column.source.one_row:
        row = next(iter(rows(column.source, patient)), {})
    assert row is not None, (
        "a column with many rows per patient is only evaluated row by row"
    )
    return row.get(column.name)


def _aggregate(aggregate: nodes.Aggregate, patient: Patient) -> Any:
    source, operation = aggregate.source, AGGREGATES[aggregate.operation]
    if isinstance(source, nodes.Frame):
        return operation(rows(source, patient))
    values = [value(source, patient, row) for row in rows(aggregate.rows, patient)]
    present = [each for each in values if each is not None]
    return (
        operation(present)
        if aggregate.argument is None
        else operation(present, aggregate.argument)
    )


def rows(frame: nodes.Frame, patient: Patient) -> list[Row]:
    """The rows a patient has in a frame; their order means nothing."""
    match frame:
        case nodes.Table():
            return list(patient.tables[frame.schema.name])
        case nodes.Where():
            return [
                row
                for row in rows(frame.source, patient)
                if value(frame.condition, patient, row) is True
            ]
        case nodes.Sort():
            return rows(frame.source, patient)
        case nodes.Pick():
            return _picked(frame, patient)
    raise TypeError(
        f"the reference engine does not know the frame {type(frame).__name__}"
    )


def _picked(pick: nodes.Pick, patient: Patient) -> list[Row]:
    """The least or greatest row by the sort's keys, then by the columns read from this
    pick.
    """
    keys = list(_keys(pick.source))
    names = patient.selected.get(pick, ())

    def place(row: Row) -> list[tuple]:
        return [_lowest_if_null(value(key, patient, row)) for key in keys] + [
            _lowest_if_null(row.get(name)) for name in names
        ]

    candidates = rows(pick.source, patient)
    choose = max if pick.last else min
    return [choose(candidates, key=place)] if candidates else []


def _keys(frame: nodes.Frame) -> Iterator[nodes.Series]:
    """What a frame is sorted by; the latest sort counts most."""
    while isinstance(frame, nodes.Where | nodes.Sort):
        if isinstance(frame, nodes.Sort):
            yield frame.key
        frame = frame.source


def _lowest_if_null(value: Any) -> tuple:
    return (value is not None, placed(value))
