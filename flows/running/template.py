"""What a run's workers are copies of: a process that has loaded what they need.

Loading this module loads all of it. Nothing that is loaded here may start a thread of Python: a copy
would lack it.
"""

import gc
from importlib import import_module

from flows.running.without_pandas import without_pandas

NEEDED = ("distributed.nanny", "duckdb", "pyarrow.compute", "pyarrow.parquet", "flows.running.work")

without_pandas()
gc.disable()  # while modules load, nobody looks for garbage
for name in NEEDED:
    import_module(name)
gc.freeze()  # what is there stays, so copies share its memory
gc.enable()
