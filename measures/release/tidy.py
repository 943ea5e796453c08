"""The tidy form: the same thirteen columns for every study, one row per cell, for
programs.
"""

import numpy as np
import pyarrow as pa

from extractors.ranks import joint_ranks
from measures.release.layout import COLUMNS, as_json, names_of
from measures.release.wide import Wide


def tidy(wide: Wide) -> pa.Table:
    """The rows with their groups in one column, `group`.

    It holds a JSON array with the value of each column that `group_by` names, in their
    order: `null` for a missing value, `[]` for the total.
    """
    place = wide.table.column_names.index("group_by") + 1
    return wide.table.add_column(place, "group", _groups(wide)).select(COLUMNS)


def _groups(wide: Wide) -> pa.Array:
    """The text of each row; written once for all rows of the same groups, which every
    period has.
    """
    names = ["group_by", *wide.groups]
    _, first, same = np.unique(
        joint_ranks(wide.table, names), return_index=True, return_inverse=True
    )
    texts = []
    for row in wide.table.select(names).take(first).to_pylist():
        values = tuple(row[name] for name in names_of(row["group_by"]))
        texts.append(as_json(values))
    return pa.array(texts, pa.string()).take(pa.array(same))
