"""What a definition file defines, found among the names that it has made."""

from pathlib import Path
from typing import Any

from extractors.errors import DefinitionError
from extractors.language.dataset import Dataset, events_of, nodes_of
from extractors.language.reading import Reading
from extractors.model.nearest import nearest
from measures.cohortextractor import options
from measures.cohortextractor.joining import joined_studies
from measures.cohortextractor.measure import Measure
from measures.cohortextractor.measured import intervals, measures_of, old_names
from measures.cohortextractor.study import StudyDefinition, dataset_of, forms_of
from measures.definitions import Measures
from measures.describing import checked
from measures.study import Study


def study_in(names: dict[str, Any], path: Path, asked: Reading, chosen: str) -> Study:
    """The study of a file; `chosen` names one of its datasets, and is empty where
    no author chose.

    Raises DefinitionError if there is none.
    """
    old = names.get("study")
    if isinstance(old, StudyDefinition):
        return _of_old_study(old, names.get("measures"), path, asked)
    datasets = {
        name: value for name, value in names.items() if isinstance(value, Dataset)
    }
    if chosen:
        return _of_dataset(_chosen(chosen, datasets), path, asked)
    measures, dataset = names.get("measures"), names.get("dataset")
    if isinstance(measures, Measures) and (tuple(measures) or not datasets):
        if datasets:
            options = " or ".join(f"--dataset {name}" for name in datasets)
            asked.note(
                "the file defines measures and a dataset, and its measures run; "
                f"{options} chooses the other"
            )
        return _of_measures(measures, path, asked)
    if isinstance(dataset, Dataset):
        return _of_dataset(dataset, path, asked)
    raise DefinitionError(_nothing_there(names))


def _of_old_study(
    old: StudyDefinition, measures: Any, path: Path, asked: Reading
) -> Study:
    """Over index dates that move its measures are computed, of one day its columns; of
    both, if files are asked for.
    """
    listed = (
        [each for each in measures if isinstance(each, Measure)]
        if isinstance(measures, list)
        else []
    )
    if not old.calendar.moves:
        return Study(
            path,
            "dataset",
            dataset=dataset_of(old),
            codelists=tuple(asked.codelists),
            forms=forms_of(old),
        )
    rows: dict[str, Any] = {}
    if options.writes_files():
        rows = {
            "dataset": dataset_of(old),
            "forms": forms_of(old),
            "index": tuple(intervals(old.calendar.index)),
        }
    if rows and (not listed or options.only_files()):
        return Study(path, "dataset", codelists=tuple(asked.codelists), **rows)
    if not listed:
        raise DefinitionError(
            "the study has no measures, so it has nothing to compute over a range of "
            "index dates"
        )
    defined = tuple(measures_of(old, listed, joined_studies()))
    return Study(
        path,
        "measures",
        measures=defined,
        codelists=tuple(asked.codelists),
        old_measures=old_names(listed, defined),
        **rows,
    )


def _chosen(name: str, datasets: dict[str, Dataset]) -> Dataset:
    if name in datasets:
        return datasets[name]
    close = nearest(name, datasets)
    hint = (
        f"did you mean {close!r}?"
        if close
        else f"it defines {', '.join(datasets) or 'none'}"
    )
    raise DefinitionError(f"the file defines no dataset {name!r}; {hint}")


def _of_measures(measures: Measures, path: Path, asked: Reading) -> Study:
    defined = tuple(measures)
    if not defined:
        raise DefinitionError(
            "the file defines no measure; call measures.define_measure(…) at least once"
        )
    try:
        described = checked(measures.described, [measure.name for measure in defined])
    except ValueError as error:
        raise DefinitionError(str(error)) from None
    return Study(
        path,
        "measures",
        measures=defined,
        codelists=tuple(asked.codelists),
        described=described,
    )


def _of_dataset(dataset: Dataset, path: Path, asked: Reading) -> Study:
    if dataset._population is None:
        raise DefinitionError(
            "the dataset has no population; call dataset.define_population(…) before "
            "the end"
        )
    return Study(
        path,
        "dataset",
        dataset=nodes_of(dataset),
        events=events_of(dataset),
        codelists=tuple(asked.codelists),
    )


def _nothing_there(names: dict[str, Any]) -> str:
    for name, kind, maker in (
        ("measures", Measures, "create_measures"),
        ("dataset", Dataset, "create_dataset"),
    ):
        if name in names:
            return (
                f"`{name}` is something else than a {kind.__name__}; add a line "
                f"`{name} = {maker}()`"
            )
    for kind, name, instead in (
        (Measures, "measures", ""),
        (Dataset, "dataset", ", or choose it by --dataset {}"),
    ):
        other = next(
            (key for key, value in names.items() if isinstance(value, kind)), None
        )
        if other:
            what = f"the {kind.__name__} is named {other!r}"
            return (
                f"{what}; rename it to `{name}`, the name that is looked "
                f"for{instead.format(other)}"
            )
    return (
        "the file defines neither measures nor a dataset; add `measures = "
        "create_measures()` and define some"
    )
