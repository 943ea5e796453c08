"""The values that a series can have, where the definition tells them: so groups are
kept as numbers of a list.
"""

from collections.abc import Sequence

from extractors.model import nodes

MOST = 255  # so that the number of a value takes one byte


def known_values(series: nodes.Series) -> tuple[str, ...] | None:
    """The strings that a series may be, sorted, NULL aside; None where anything may
    come, or too much.
    """
    found: dict[nodes.Series, set[str] | None] = {}
    for node in nodes.walk([series]):
        if isinstance(node, nodes.Series) and node.type is str:
            found[node] = _values(node, found)
    values = found.get(series)
    return tuple(sorted(values)) if values and len(values) <= MOST else None


def _values(
    node: nodes.Series, known: dict[nodes.Series, set[str] | None]
) -> set[str] | None:
    match node:
        case nodes.Literal(value=value):
            return set() if value is None else {str(value)}
        case nodes.Column(source=source, name=name):
            # kept by all records: they are checked
            return set(source.table.schema.column(name).categories) or None
        case nodes.Call(operation="coalesce", arguments=values):
            return _together([known[each] for each in values])
        case nodes.Call(operation="case", arguments=(*conditions_and_values, default)):
            return _together(
                [known[each] for each in (*conditions_and_values[1::2], default)]
            )
    return None


def _together(several: Sequence[set[str] | None]) -> set[str] | None:
    sets = [each for each in several if each is not None]
    return set().union(*sets) if len(sets) == len(several) else None
