"""The groups of a study, checked again: what a definition says comes from a
stranger.
"""

from collections.abc import Iterable

from extractors.errors import DefinitionError
from measures.definitions import Measure
from measures.telling import refuse_telling_group


def refuse_telling_groups(measures: Iterable[Measure]) -> None:
    """Raises DefinitionError for a group that is a float, a day, or a whole number
    without ends.
    """
    for measure in measures:
        for name, node in measure.group_by.items():
            try:
                refuse_telling_group(measure.name, name, node)
            except ValueError as error:
                raise DefinitionError(str(error)) from None
