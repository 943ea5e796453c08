"""`cohortflow backup` and `cohortflow restore`: what they say."""

import argparse
from pathlib import Path

from flows.keeping.backup import back_up
from flows.keeping.restoring import Restored
from flows.keeping.restoring import restore as put_back
from measures.closed.process import Closed


def backup(asked: argparse.Namespace, early: Closed | None) -> int:
    print("\n".join(backed_up(asked.workspace, asked.file, asked.keys)))
    return 0


def restore(asked: argparse.Namespace, early: Closed | None) -> int:
    print("\n".join(restored(asked.file, asked.workspace, asked.keys)))
    return 0


def backed_up(workspace: str, file: str, keys: str = "") -> list[str]:
    """Write a backup; lines that say what is in it, and what is not."""
    manifest = back_up(
        Path(workspace).absolute(), Path(file).absolute(), Path(keys) if keys else None
    )
    studies = len(manifest.studies)
    lines = [
        f"Backup of {studies} stud{'y' if studies == 1 else 'ies'} "
        f"({len(manifest.files)} files): {file}",
        "It holds ledgers, which are highly sensitive: only its owner may read it "
        "(0600), keep it so.",
        "Records, cohorts and counts are not in it; a run makes them again.",
    ]
    if manifest.key_id:
        lines.append(
            f"The key {manifest.key_id} is not in it; keep a copy elsewhere: "
            f"{manifest.key_file}"
        )
    if manifest.site_keys:
        lines.append(
            "Nor are the secret keys of sites that mask their counts; keep copies "
            f"elsewhere: {', '.join(manifest.site_keys)}"
        )
    return lines


def restored(file: str, workspace: str, keys: str = "") -> list[str]:
    """Put a backup back; lines that say what was done, and what is still to do."""
    found = put_back(
        Path(file).absolute(),
        Path(workspace).absolute(),
        Path(keys) if keys else None,
    )
    manifest = found.manifest
    there = f"; {found.there} were there already" if found.there else ""
    lines = [
        f"Restored {', '.join(manifest.studies)} as of {manifest.made}: {found.new} "
        f"files{there}."
    ]
    if not found.has_key:
        lines.append(_key(found))
    if found.lacking:
        lines.append(
            "Secret keys of sites are not at hand, and without them nothing can be "
            "masked; put them back from their own copies. They were at "
            f"{', '.join(found.lacking)}"
        )
    lines.append(
        "What was released since then is not known here: see `cohortflow docs "
        "disaster` before the next run."
    )
    return lines


def _key(found: Restored) -> str:
    manifest = found.manifest
    return (
        f"The key {manifest.key_id} is not at hand, and no run releases anything "
        "without it. Put it back from its own copy, or say with COHORTFLOW_KEY_FILE "
        f"where it lies; it was at {manifest.key_file}"
    )
