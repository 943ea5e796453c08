"""A process ends with its code, after all that was to be done at its end, and without
taking itself down.
"""

import os
import subprocess
import sys

import pytest

LEFT = """
import sys
from flows.command.leaving import leaving
with leaving() as left:
    import atexit
    class Slow:
        def __del__(self): print("taken down")
    slow = Slow()
    atexit.register(print, "at the end")
    print("work")
    {work}
"""


@pytest.mark.parametrize(
    ("work", "code", "said"),
    [
        ("left.code = 0", 0, ""),
        ("left.code = 3", 3, ""),
        ("pass", 1, ""),
        ("raise ValueError('nobody expects it')", 1, "ValueError: nobody expects it"),
        ("sys.exit(2)", 2, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit('words')", 1, "words"),
        ("raise KeyboardInterrupt", 1, "cohortflow: stopped.\n"),
        ("left.code = 0; raise KeyboardInterrupt", 1, "stopped"),
        ("sys.stdout.write('no end of line'); left.code = 0", 0, ""),
        (
            "import threading; threading.Thread(target=print, "
            "args=('thread',)).start(); left.code = 4",
            4,
            "",
        ),
    ],
)
def test_code(work: str, code: int, said: str):
    done = subprocess.run(
        [sys.executable, "-c", LEFT.format(work=work)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == code and said in done.stderr
    assert done.stdout.startswith("work") and done.stdout.rstrip().endswith(
        "at the end"
    )
    assert "taken down" not in done.stdout and (
        "Traceback" in done.stderr
    ) is said.startswith("ValueError")


def test_nobody_reads_it():
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", LEFT.format(work="left.code = 5")]
    late = os.environ | {"PYTHONUNBUFFERED": ""}  # so that it fails only in the end
    done = subprocess.run(
        command, env=late, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (5, b"")
