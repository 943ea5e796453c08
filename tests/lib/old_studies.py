"""Old studies in tests: written in a few words, read in this process, and run on both
engines.
"""

from collections.abc import Callable, Mapping
from typing import Any

import extractors
from extractors.language.base import wrap
from extractors.language.dataset import Dataset, create_dataset
from extractors.language.reading import reading
from measures.cohortextractor import offered
from measures.cohortextractor.study import StudyDefinition, dataset_of, forms_of
from measures.trying_old import written_rows
from tests.lib import reference_engine
from tests.lib.reference_engine import Records

Rows = list[dict[str, Any]]


def study_of(
    columns: str, *arguments: str, population: str = "patients.all()", **more: Any
) -> StudyDefinition:
    """The study with some columns, as they stand in the call of StudyDefinition."""
    names = {name: getattr(offered, name) for name in offered.__all__} | more
    with reading(arguments=arguments):
        return eval(f"StudyDefinition(population={population}, {columns})", names)


def on_duckdb(study: StudyDefinition, records: Records) -> Rows:
    nodes = dataset_of(study)
    return written_rows(
        extractors.evaluate(dataset_from(nodes), records), forms_of(study)
    )


def on_reference(study: StudyDefinition, records: Records) -> Rows:
    nodes = dataset_of(study)
    population = nodes.pop("")
    found = reference_engine.evaluate(nodes, population, records)
    rows = [{"patient_id": patient, **values} for patient, values in found.items()]
    return written_rows(rows, forms_of(study))


def dataset_from(nodes: Mapping[str, Any]) -> Dataset:
    dataset = create_dataset()
    dataset.define_population(wrap(nodes[""]))
    for name, node in nodes.items():
        if name:
            dataset.add_column(name, wrap(node))
    return dataset


OLD_ENGINES: Mapping[str, Callable[[StudyDefinition, Records], Rows]] = {
    "duckdb": on_duckdb,
    "reference": on_reference,
}
