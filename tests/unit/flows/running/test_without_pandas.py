"""What a run hands to pyarrow makes it load nothing of its own accord."""

import json
import subprocess
import sys

MADE = """
import json, sys
from flows.running.without_pandas import {switch}
import pyarrow as pa
{call}
table = pa.Table.from_pylist([{{"a": 1, "b": "x"}}, {{"a": None, "b": "y"}}])
print(json.dumps(["pandas" in sys.modules, table.to_pylist()]))
"""
ROWS = [{"a": 1, "b": "x"}, {"a": None, "b": "y"}]


def made(switch: str, call: str) -> list:
    done = subprocess.run(
        [sys.executable, "-c", MADE.format(switch=switch, call=call)],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return json.loads(done.stdout)


def test_pandas_is_not_loaded():
    assert made("without_pandas", "without_pandas()") == [False, ROWS]


def test_nor_in_a_worker():
    assert made("dask_setup", "dask_setup(None)") == [False, ROWS]


def test_it_would_be_otherwise():
    assert made("without_pandas", "") == [True, ROWS]
