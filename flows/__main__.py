"""The command `cohortflow` as a process of its own."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from flows.command.leaving import KEPT, STOPPED, leaving
from flows.command.terminal import bear_with_readers
from flows.command.version import version_line
from flows.running.without_pandas import without_pandas
from flows.workspace.undisturbed import undisturbed

# the commands that read a definition
LOOKING = {"try", "test", "explain", "attrition", "describe"}
WITH_STUDY = {
    "run",
    "plan",
    "status",
    "rerun",
    "check",
    "trial",
    "approve",
    "sites",
    *LOOKING,
}
WITHOUT_STUDY = ("sites", "key")  # the one of `sites` that reads none
KEEPING = {"run", "rerun", "attrition", "describe"}
WITH_PANDAS = {"table"}  # what writes workbooks is made of it
# Objects between two looks for garbage. Counts are many small ones that stay: 0.2 s of
# a try of `nhs_at_home`.
GARBAGE = 50_000


def command() -> None:
    """Nothing else is loaded before it is known how the process ends."""
    with leaving(KEPT if KEEPING.intersection(sys.argv[1:2]) else STOPPED) as left:
        bear_with_readers()
        if "_ARGCOMPLETE" in os.environ:  # a shell asks what may be typed
            import_module("flows.command.completing").complete()
        if sys.argv[1:] == ["--version"]:
            # before the half second in which the commands are loaded
            print(version_line())
            left.code = 0
            return
        if not WITH_PANDAS.intersection(sys.argv[1:2]):
            without_pandas()
        # numpy would start threads for sums of matrices, of which there are none: 0.1 s
        # in each of our processes
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        gc.disable()
        early = None
        with undisturbed():
            if reads_a_definition(sys.argv[1:]):
                early = import_module("measures.closed.process").start()
            cli = import_module("flows.command.cli")
        gc.freeze()  # what is loaded stays
        gc.set_threshold(GARBAGE)
        gc.enable()
        left.code = cli.main(early=early)


def reads_a_definition(words: Sequence[str]) -> bool:
    """Whether a command needs the process that reads definitions."""
    if tuple(words[:2]) == WITHOUT_STUDY:
        return False
    return bool(WITH_STUDY.intersection(words[:1])) and "--all" not in words


if __name__ == "__main__":
    command()
