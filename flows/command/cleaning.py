"""`cohortflow clean`: dead results go, and old runs from the server of the
workspace.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from flows.serving.pruning import prune
from flows.serving.setting import setting
from flows.state.cleaning import Cleaned, Wish, clean_all
from flows.state.holdings import size_said

# a run in Prefect's database stays so long where --older-than says nothing
PREFECT_DAYS = 30


def command(asked: argparse.Namespace) -> int:
    """Clean as was asked for, and say what became of it; the exit code."""
    done = clean(Asked(asked.workspace, asked.keep, asked.older_than, asked.dry_run))
    if asked.json:
        print(json.dumps(done))
    else:
        show(done)
    return exit_code(done)


@dataclass(frozen=True)
class Asked:
    """What was asked for."""

    # the folder of all results
    workspace: str
    # the newest loads of records whose results stay
    keep: int
    # days; None where nothing was said
    older_than: int | None
    # whether the command only says what would go
    dry_run: bool


def clean(asked: Asked) -> dict[str, Any]:
    """Clean a workspace; what `clean --json` prints.

    Raises ArgumentsError for numbers that make no sense, and, after all others are
    clean, where a run was at work.
    """
    root = Path(asked.workspace).absolute()
    if not root.is_dir():
        raise ArgumentsError(
            f"There is no such workspace; name another one with --workspace: {root}"
        )
    wish = Wish(asked.keep, asked.older_than or 0, asked.dry_run)
    found = clean_all(root, wish)
    return {
        "studies": [asdict(each) for each in found],
        "prefect_runs": _pruned(root, asked),
        "dry_run": asked.dry_run,
    }


def _pruned(root: Path, asked: Asked) -> int | None:
    """How many runs of Prefect went; None where the workspace has no server, or it does
    not answer.
    """
    where = setting(str(root))
    if not where.home.is_dir():
        return None
    days = PREFECT_DAYS if asked.older_than is None else asked.older_than
    return prune(where, days, keep=asked.keep, dry_run=asked.dry_run)


def show(done: dict[str, Any]) -> None:
    """What became of each study, for people."""
    for each in done["studies"]:
        print(
            words(Cleaned(**each), dry_run=done["dry_run"]),
            file=sys.stderr if each["refused"] else sys.stdout,
        )
    if done["prefect_runs"] is not None:
        print(
            f"Prefect: {done['prefect_runs']} old runs "
            f"{_verb(dry_run=done['dry_run'])}."
        )


def words(done: Cleaned, *, dry_run: bool = False) -> str:
    """As `nhs_at_home: 8.9 MB of 10.2 MB removed (snapshots 3.1 MB, …).`"""
    if done.refused:
        return f"{done.study}: nothing removed. {done.refused}"
    kinds = ", ".join(f"{kind} {size_said(size)}" for kind, size in done.kinds)
    listed = f" ({kinds})" if kinds else ""
    return (
        f"{done.study}: {size_said(done.removed)} of {size_said(done.holds)} "
        f"{_verb(dry_run=dry_run)}{listed}."
    )


def _verb(*, dry_run: bool) -> str:
    return "would be removed" if dry_run else "removed"


def exit_code(done: dict[str, Any]) -> int:
    """2 where a run was at work, as for a second run."""
    return (
        ArgumentsError.exit_code
        if any(each["refused"] for each in done["studies"])
        else 0
    )
