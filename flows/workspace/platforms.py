"""What a system must have for runs and servers; the commands of a laptop do without."""

import os

from extractors.errors import ArgumentsError

LAPTOP = "check, try, trial, explain, test, describe, table, report and docs work here"


def refuse_without_groups(command: str) -> None:
    """Raises ArgumentsError where no group of processes can be ended, as on Windows."""
    if not hasattr(os, "killpg"):
        raise ArgumentsError(
            f"`cohortflow {command}` needs Linux, macOS or WSL2: it starts "
            "processes, and this system cannot end them together. "
            f"{LAPTOP[0].upper()}{LAPTOP[1:]}."
        )
