"""A run that waits at a place in its code until the test lets it go on: what happens to
it happens just there.
"""

import os
import subprocess
from pathlib import Path

from tests.flows.commands import Command, wait_until
from tests.lib.places import CHECKOUT

# Python runs this file in every process that has its folder in PYTHONPATH.
WAITS = """
import functools, importlib, pathlib, time
HERE, module = pathlib.Path(__file__).parent, importlib.import_module({module!r})
function = module.{function}
@functools.wraps(function)
def waits(*given, **named):
    (HERE / "reached").touch()
    while (HERE / "wait").exists():
        time.sleep(0.02)
    return function(*given, **named)
module.{function} = waits
"""


class Stage:
    """A folder in which the processes of a run and the test meet; `place` is like
    `flows.running.work:extract`.
    """

    def __init__(self, folder: Path, place: str):
        self._folder = folder
        folder.mkdir()
        module, _, function = place.partition(":")
        (folder / "sitecustomize.py").write_text(
            WAITS.format(module=module, function=function), encoding="utf-8"
        )
        (folder / "wait").touch()

    def command(self, command: Command) -> Command:
        """A command that comes to wait; Python looks for our code only later, so it is
        named.
        """
        return Command(
            command.environment
            | {"PYTHONPATH": f"{self._folder}{os.pathsep}{CHECKOUT}"}
        )

    def reached(self, process: subprocess.Popen) -> bool:
        return wait_until((self._folder / "reached").exists, process)

    def go_on(self) -> None:
        (self._folder / "wait").unlink()
