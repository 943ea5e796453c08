"""Commands whose auditor asks for more possible counts than any rounding leaves."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.flows import commands

STRICTER = """
import flows.running.protect as protect
from flows.command.cli import main
audit = protect.audit
protect.audit = lambda *given, settings, **rest: audit(*given, settings={{**settings, {width!r}: 100_000}}, **rest)
raise SystemExit(main())
"""


@contextmanager
def strict_audits(width: str) -> Iterator[None]:
    """Every command in the block is one: in single releases (`width`) or in several
    together (`joint_width`).
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            commands, "COMMAND", (sys.executable, "-c", STRICTER.format(width=width))
        )
        yield
