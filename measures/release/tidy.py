"""The tidy form: the same thirteen columns for every study, one row per cell, for
programs.
"""

import pyarrow as pa

from measures.release.layout import COLUMNS, as_json, names_of
from measures.release.wide import Wide


def tidy(wide: Wide) -> pa.Table:
    """The rows with their groups in one column, `group`.

    It holds a JSON array with the value of each column that `group_by` names, in their
    order: `null` for a missing value, `[]` for the total.
    """
    group = pa.array(_groups(wide), pa.string())
    place = wide.table.column_names.index("group_by") + 1
    return wide.table.add_column(place, "group", group).select(COLUMNS)


def _groups(wide: Wide) -> list[str]:
    groupings = wide.table["group_by"].to_pylist()
    columns = {name: wide.table[name].to_pylist() for name in wide.groups}
    known: dict[tuple[object, ...], str] = {}
    said = []
    for row, grouping in enumerate(groupings):
        values = tuple(columns[name][row] for name in names_of(grouping))
        # True equals 1, so the type is part of what a value is known by
        key = (*values, *map(type, values))
        if key not in known:
            known[key] = as_json(values)
        said.append(known[key])
    return said
