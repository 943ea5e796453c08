"""What is done where a system cannot hold all walls of the closed process
(`walls.PURPOSES`).
"""

import sys

from extractors.errors import ArgumentsError

LACKING = "This system cannot keep a definition from {}."


def warn(weak: tuple[str, ...]) -> None:
    """For records that are made up."""
    print(f"cohortflow: warning: {_lacking(weak)}", file=sys.stderr)


def refuse(weak: tuple[str, ...]) -> None:
    """For real records. Raises ArgumentsError."""
    raise ArgumentsError(
        f"{_lacking(weak)} On real records it is not read. Use Linux with seccomp "
        "(x86_64 or aarch64), or, if you trust the definition's author, say "
        "allow_weak_isolation = true in the site's file (COHORTFLOW_SITE_POLICY)."
    )


def _lacking(weak: tuple[str, ...]) -> str:
    return LACKING.format(" or ".join(weak))
