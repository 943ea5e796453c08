"""Groups that are of few values: the names of groups leave the server as the records have them.

A float or a date has about as many values as there are people, so that nearly everybody would be a group of their own,
named by what only their record says.
"""

import datetime
from collections.abc import Iterable

from extractors.errors import DefinitionError
from extractors.model import nodes
from extractors.model.types import name_of
from measures.definitions import Measure

OF_MANY = (float, datetime.date)
ROUNDED = ("first_of_month", "first_of_year")


def refuse_telling_groups(measures: Iterable[Measure]) -> None:
    """Raises DefinitionError for a group that is a float or a day."""
    for measure in measures:
        for name, node in measure.group_by.items():
            if node.type in OF_MANY and not (isinstance(node, nodes.Call) and node.operation in ROUNDED):
                raise DefinitionError(
                    f"The group {name!r} of {measure.name} is a {name_of(node.type)}: nearly everybody would be a "
                    "group of their own, named by a value of theirs. Make bands of it with case(), or take a date's "
                    "year, to_first_of_year() or to_first_of_month()."
                )
