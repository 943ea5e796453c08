"""Definitions in the manner of studies that others wrote for ehrQL: each runs as it is,
from any current folder.
"""

import re
from pathlib import Path
from typing import Any

import pytest

import extractors
from extractors import create_dataset
from extractors.evaluation import evaluate_events
from extractors.language.base import wrap
from extractors.model import nodes
from measures import evaluate
from measures.loading import load_study
from measures.study import Study
from tests.integration.strangers.expected import STRANGERS, Stranger
from tests.integration.strangers.records import rows_of
from tests.lib import reference_engine

FOLDER = Path(__file__).parent / "strangers" / "study"
WHERE = {
    "root": FOLDER,
    "analysis": FOLDER / "analysis",
    "above": FOLDER.parents[1],
    "elsewhere": None,
}
TODAY = re.compile(r"_\d{4}_\d{2}_\d{2}$")


def called(stranger: Stranger) -> str:
    return " ".join(
        filter(None, [stranger.name, *stranger.arguments, stranger.dataset])
    )


every_stranger = pytest.mark.parametrize("stranger", STRANGERS, ids=called)


def read(stranger: Stranger) -> Study:
    path = FOLDER / "analysis" / f"{stranger.name}.py"
    return load_study(path, arguments=stranger.arguments, dataset=stranger.dataset)


@every_stranger
def test_it_gives_what_was_counted_by_hand(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(FOLDER)
    study = read(stranger)
    assert results(study) == stranger.gives
    assert events(study) == stranger.events
    assert len(study.warnings) == len(stranger.warns)
    for warning, words in zip(study.warnings, stranger.warns, strict=True):
        assert warning.message.startswith(words)


@every_stranger
def test_the_slow_engine_agrees(stranger: Stranger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(FOLDER)
    assert slow_results(read(stranger)) == stranger.gives


@pytest.mark.parametrize("where", WHERE)
def test_it_means_the_same_from_any_current_folder(
    where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """A dozen of them: each reads files of its study."""
    monkeypatch.chdir(WHERE[where] or tmp_path)
    for stranger in READERS:
        assert results(read(stranger)) == stranger.gives, stranger.name


HOW_THEY_READ = (
    "appended",
    "codelists",
    "codes",
    "csv",
    "damaged",
    "glob",
    "helper",
    "json",
    "package",
    "text",
    "yaml",
)
READERS = [
    stranger for stranger in STRANGERS if stranger.name.startswith(HOW_THEY_READ)
]


def test_there_are_forty():
    files = {path.stem for path in (FOLDER / "analysis").glob("*.py")} - {
        "codelists_here",
        "variables_lib",
    }
    assert files == {stranger.name for stranger in STRANGERS} and len(files) >= 40


# What comes out


def roots_of(study: Study) -> list[nodes.Node]:
    columns = [node for columns in study.events.values() for node in columns.values()]
    counted = [
        node
        for m in study.measures
        for node in (m.numerator, m.denominator, *m.group_by.values())
    ]
    return [*study.dataset.values(), *columns, *counted]


def records_of(study: Study) -> dict[str, list[dict[str, Any]]]:
    schemas = {
        node.schema
        for node in nodes.walk(roots_of(study))
        if isinstance(node, nodes.Table)
    }
    return {schema.name: rows_of(schema) for schema in schemas}


def dataset_of(study: Study) -> Any:
    made = create_dataset()
    made.define_population(wrap(study.dataset[""]))
    for name, node in study.dataset.items():
        if name:
            made.add_column(name, wrap(node))
    for name, columns in study.events.items():
        made.add_event_table(
            name, **{each: wrap(node) for each, node in columns.items()}
        )
    return made


def results(study: Study) -> dict[Any, tuple]:
    if study.kind == "dataset":
        rows = extractors.evaluate(dataset_of(study), records_of(study))
        return {row.pop("patient_id"): tuple(row.values()) for row in rows}
    groups = {measure.name: list(measure.group_by) for measure in study.measures}
    rows = evaluate(study.measures, records_of(study))
    return {
        _place(row, [row[name] for name in groups[row["measure"]]]): _counts(row)
        for row in rows
    }


def slow_results(study: Study) -> dict[Any, tuple]:
    records = records_of(study)
    if study.kind == "dataset":
        series = {name: node for name, node in study.dataset.items() if name}
        found = reference_engine.evaluate(series, study.dataset[""], records)
        return {patient: tuple(values.values()) for patient, values in found.items()}
    rows = reference_engine.measures(study.measures, records)
    return {_place(row, row["groups"].values()): _counts(row) for row in rows}


def events(study: Study) -> dict[str, list[tuple]]:
    if not study.events:
        return {}
    found = evaluate_events(dataset_of(study), records_of(study))
    return {name: [tuple(row.values()) for row in rows] for name, rows in found.items()}


def _place(row: dict[str, Any], groups: Any) -> tuple:
    return (TODAY.sub("", row["measure"]), str(row["interval_start"]), *groups)


def _counts(row: dict[str, Any]) -> tuple:
    return row["numerator"], row["denominator"]
