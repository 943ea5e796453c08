"""What a dataset definition asks for, before it runs: its columns, its format, the time
it looks at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from extractors.cohorts import POPULATION, event_columns
from extractors.errors import ArgumentsError, DefinitionError
from extractors.model import nodes
from extractors.notice import Notice

COHORT = "cohort.csv"  # OMOP's table `cohort`
COHORT_START = "cohort_start_date"
FORMATS = ("parquet", "csv", "csv.gz", "arrow", COHORT)


def dataset_series(
    dataset: Mapping[str, nodes.Series],
    path: Path,
    defined: Mapping[str, Notice],
    *,
    moves: bool = False,
) -> dict[str, nodes.Series]:
    """The variables and the population by the names of their columns.

    `defined`: the lines that define them. DefinitionError if INTERVAL is used, unless
    the dataset `moves`: an old study's, at each index date.
    """
    moving = [] if moves else [name for name, node in dataset.items() if node.interval]
    mistakes = []
    for name in moving:
        place = defined.get(
            f"variable {name}" if name else "population",
            Notice(message="", file=path.name),
        )
        message = (
            f"{name or 'the population'} uses INTERVAL, which only measures have; "
            "give plain dates"
        )
        mistakes.append(replace(place, message=message))
    if mistakes:
        raise DefinitionError("\n".join(map(str, mistakes)), mistakes=mistakes)
    return {(name or POPULATION): node for name, node in dataset.items()}


def event_series(
    events: Mapping[str, Mapping[str, nodes.Series]], path: Path
) -> dict[str, nodes.Series]:
    """The columns of all tables of events, as `event_columns` calls them;
    DefinitionError if INTERVAL is used.
    """
    named: dict[str, nodes.Series] = {}
    for table, columns in event_columns(events).items():
        for name, series in columns.items():
            node = events[table][name]
            if node.interval or (node.domain is not None and node.domain.interval):
                raise DefinitionError(
                    f"{path.name}: {series} uses INTERVAL, which only measures have; "
                    "give plain dates."
                )
            named[series] = node
    return named


def check_format(name: str) -> None:
    if name not in FORMATS:
        raise ArgumentsError(
            f"There is no format {name!r}; choose one of {', '.join(FORMATS)}."
        )


def check_cohort(variables: Iterable[str], events: Mapping[str, Iterable[str]]) -> None:
    """Raises ArgumentsError where nothing is to become a table `cohort`."""
    if COHORT_START not in variables and not any(
        COHORT_START in columns for columns in events.values()
    ):
        raise ArgumentsError(
            f"The format {COHORT} needs a variable {COHORT_START}, and has use for "
            "cohort_end_date and cohort_definition_id; so does a table of events. "
            "Name one of them so, or choose another format."
        )
