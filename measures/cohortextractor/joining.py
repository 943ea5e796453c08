"""Studies whose files are joined to those of another one: its measures may use their
columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module

from extractors.errors import DefinitionError
from extractors.language.reading import with_arguments
from measures.cohortextractor import making, options
from measures.cohortextractor.columns import Column
from measures.cohortextractor.study import StudyDefinition


def joined_studies() -> list[StudyDefinition]:
    """Those that the command line names, each read at its own index date. They lie
    beside the definition.
    """
    found = []
    for module, arguments in options.joins():
        with with_arguments(arguments):
            study = getattr(import_module(module), "study", None)
        if not isinstance(study, StudyDefinition):
            raise DefinitionError(
                f"the joined file {module}.py defines no study = StudyDefinition(…)"
            )
        found.append(study)
    return found


def columns_of(
    study: StudyDefinition, joined: Sequence[StudyDefinition]
) -> Mapping[str, Column]:
    """The columns of a study and of those that are joined to it, by their names in the
    joined file.

    A name that both have gets _x on the left and _y on the right.
    """
    columns = {name: study.columns[name] for name in study.output}
    for other in joined:
        both = columns.keys() & set(other.output)
        left = {
            f"{name}_x" if name in both else name: column
            for name, column in columns.items()
        }
        right = {
            f"{name}_y" if name in both else name: _where_matched(name, other)
            for name in other.output
        }
        columns = {**left, **right}
    return columns


def _where_matched(name: str, other: StudyDefinition) -> Column:
    """Nothing for a patient whom the joined study is not about."""
    column = other.columns[name]
    value = making.choice(
        [(other.population, column.value)], making.nothing(column.node.type)
    )
    return replace(column, node=value, labels=(), companion=None, joined=True)
