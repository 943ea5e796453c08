"""The command `cohortflow approve`: a person's decision about a release, kept in the
ledger's chain.
"""

import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extractors.errors import ArgumentsError
from extractors.fingerprint import file_hash
from flows.preparing.prepared import Prepared
from flows.running.protect import check_release, ledger_of
from flows.running.terms import terms_of
from flows.state.decided import Decided, decided, number_of, tell
from flows.state.standing import standing
from flows.state.summed import Sums
from flows.workspace.one_key import the_key
from flows.workspace.store import Workspace
from measures.disclosure.memory.decisions import Decision, Verdict, entry_of
from measures.disclosure.memory.keys import PUBLIC
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.memory.recall import check_key
from measures.release.files import MANIFEST
from measures.release.reading import read_manifest

MOST_TEXT = 2_000


@dataclass(frozen=True)
class Asked:
    """What a person says."""

    # the number of the release
    release: int
    # who they are
    by: str
    # why
    note: str
    # whether they say no
    refuse: bool = False
    # which files; none: all of them
    files: tuple[str, ...] = ()


def approve(prepared: Prepared, asked: Asked) -> Decided:
    """Keep a decision in the ledger and beside the release; what is now decided about
    it.

    Raises ArgumentsError for a release or file that is not there, for a name or note
    that cannot be shown, and while a run is at work; DisclosureRefused if the ledger or
    the key is not safe.
    """
    return _decide(
        prepared.workspace, lambda: ledger_of(terms_of(prepared), None), asked
    )


def approve_sums(sums: Sums, asked: Asked) -> Decided:
    """As `approve`, about the sums of several sites, which no definition is needed
    for.
    """
    return _decide(sums.workspace, lambda: _ledger_of(sums), asked)


def _ledger_of(sums: Sums) -> Ledger:
    key = PUBLIC if sums.made_up else the_key(sums.workspace)
    ledger = Ledger(sums.ledger, key)
    check_key(ledger.memory, key)
    if not sums.made_up:
        check_release(sums.workspace.release, ledger)
    return ledger


def _decide(
    workspace: Workspace, open_ledger: Callable[[], Ledger], asked: Asked
) -> Decided:
    for name, text in (("--by", asked.by), ("--note", asked.note)):
        _check_text(name, text)
    with workspace.locked():
        folder = standing(workspace)
        ledger = open_ledger()
        _check_release(asked.release, ledger)
        _check_files(folder, asked)
        ledger.append([entry_of(_decision(folder, asked), ledger.key)])
        tell(folder, ledger.memory)
        return decided(folder)


def _decision(folder: Path, asked: Asked) -> Decision:
    is_there = number_of(folder) == asked.release
    return Decision(
        release=asked.release,
        verdict=Verdict.REFUSED if asked.refuse else Verdict.APPROVED,
        by=asked.by.strip(),
        note=asked.note.strip(),
        files=asked.files,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        account=getpass.getuser(),
        manifest=file_hash(folder / MANIFEST) if is_there else "",
    )


def _check_text(name: str, text: str) -> None:
    if not text.strip() or not text.isprintable() or len(text) > MOST_TEXT:
        raise ArgumentsError(
            f"{name} needs a line of 1 to {MOST_TEXT} letters that can be seen."
        )


def _check_release(number: int, ledger: Ledger) -> None:
    last = ledger.memory.releases
    if not last:
        raise ArgumentsError(
            "Nothing was released of this study yet, so there is nothing to decide "
            "about."
        )
    if not 1 <= number <= last:
        raise ArgumentsError(
            f"There is no release {number} of this study; the last is --release {last}."
        )


def _check_files(folder: Path, asked: Asked) -> None:
    known: Sequence[str] = sorted(read_manifest(folder).get("files", {}))
    if asked.files and number_of(folder) != asked.release:
        raise ArgumentsError(
            f"The files of release {asked.release} are no longer there; decide about "
            "all of it."
        )
    for file in asked.files:
        if file not in known:
            listed = ", ".join(known[:8])
            raise ArgumentsError(
                f"The release has no file {file!r}; it has {listed} and so on."
            )
