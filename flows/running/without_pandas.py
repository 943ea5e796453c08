"""Processes of a run say that there is no pandas.

Whatever pyarrow is handed, it asks whether that is of pandas, and loads pandas for it:
a quarter of a second in every process. Nothing that a run hands over is.
"""

import sys
from importlib.abc import MetaPathFinder


class _NoPandas(MetaPathFinder):
    """The first place where Python looks for a module."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("this process does without pandas", name=name)


def without_pandas() -> None:
    """From here on `import pandas` fails in this process, unless it is loaded
    already.
    """
    sys.meta_path.insert(0, _NoPandas())


def with_pandas() -> None:
    """From here on pandas may be loaded all the same: by who writes a file that only it
    can write.
    """
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if not isinstance(finder, _NoPandas)
    ]


def dask_setup(_worker: object) -> None:
    """What Dask calls in a worker that starts with this module."""
    without_pandas()
