"""What a run's workers are copies of: a process that has loaded what they need.

Loading this module loads all of it. Nothing here may start a thread: a copy would lack it.
"""

import gc

from flows.running.without_pandas import without_pandas

without_pandas()
gc.disable()  # while modules load, nobody looks for garbage

import distributed.nanny  # noqa: E402
import pyarrow.compute  # noqa: E402
import pyarrow.parquet  # noqa: E402

from extractors import engine  # noqa: E402
from flows.running import work  # noqa: E402

__all__ = ["distributed", "engine", "pyarrow", "work"]
gc.freeze()  # what is there stays, so copies share its memory
gc.enable()
