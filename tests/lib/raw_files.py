"""Files of raw counts, which call measures by their places; their recipe knows the
names.
"""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


def named_counts(file: Path, recipe: Path | None = None) -> list[dict[str, Any]]:
    """The rows of a file of raw counts under the names of their measures; its recipe
    lies beside it if not told.
    """
    names = json.loads(
        (recipe or file.with_name("recipe.json")).read_text(encoding="utf-8")
    )["names"]
    rows = pq.ParquetFile(file).read().to_pylist()
    return [row | {"measure": names[int(row["measure"])]} for row in rows]
