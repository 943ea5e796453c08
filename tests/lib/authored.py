"""The project in `tests/unit/definitions`: studies as analysts write them, read as a
run reads them.
"""

from collections.abc import Mapping
from typing import Any

import pytest

import extractors
import measures
from extractors import create_dataset
from extractors.language.base import wrap
from measures.loading import load_study
from measures.study import Study
from tests.lib.places import CHECKOUT
from tests.lib.tables import draw

PROJECT = CHECKOUT / "tests" / "unit" / "definitions"
Drawings = Mapping[Any, str]


@pytest.fixture
def authored(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read one of the project's definitions by name, with the arguments behind `--`."""
    monkeypatch.chdir(PROJECT)
    return lambda name, *arguments: load_study(
        f"analysis/{name}.py", arguments=arguments
    )


def rows_of(
    study: Study, drawings: Drawings, **more: list[dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """The rows of a dataset by patient; `more` are rows of tables that no module
    offers.
    """
    dataset = create_dataset()
    dataset.define_population(wrap(study.dataset[""]))
    for name, node in study.dataset.items():
        if name:
            dataset.add_column(name, wrap(node))
    rows = extractors.evaluate(dataset, {**_drawn(drawings), **more})
    return {row.pop("patient_id"): row for row in rows}


def counts_of(study: Study, drawings: Drawings) -> dict[tuple, tuple[int, int]]:
    """(measure, first day, group values …) -> numerator and denominator."""
    groups = {measure.name: list(measure.group_by) for measure in study.measures}
    found = {}
    for row in measures.evaluate(study.measures, _drawn(drawings)):
        place = (
            row["measure"],
            str(row["interval_start"]),
            *(row[name] for name in groups[row["measure"]]),
        )
        found[place] = (row["numerator"], row["denominator"])
    return found


def _drawn(drawings: Drawings) -> dict[str, list[dict[str, Any]]]:
    return {
        frame._node.schema.name: draw(frame, drawing)
        for frame, drawing in drawings.items()
    }
