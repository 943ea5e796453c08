"""What people decided about releases: entries of the ledger's chain, sealed as releases
are.

A decision is of one release, by its number, and of all its files or of some. A person
who decides again replaces their decision before. One refusal is enough for a no; how
many people must say yes is the site's rule.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from measures.disclosure.memory.entries import DECISION, Entry
from measures.disclosure.memory.keys import Key


class Verdict(StrEnum):
    """What a person says of a release."""

    APPROVED = "approved"
    REFUSED = "refused"


WAITING = "waiting"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision of one person."""

    # the number of the release in the ledger, from 1
    release: int
    # yes or no
    verdict: Verdict
    # who decides, as they say
    by: str
    # why
    note: str
    # paths within the release; none: all of them
    files: tuple[str, ...] = ()
    # when, in UTC
    at: str
    # the account of the machine that said so
    account: str
    # the hash of the manifest that was there then; "" for a release that is no longer
    # there
    manifest: str = ""

    @property
    def person(self) -> str:
        """Who decides, whatever the letters' size and the spaces are."""
        return " ".join(self.by.casefold().split())


def entry_of(decision: Decision, key: Key) -> Entry:
    """What the ledger keeps."""
    said: dict[str, Any] = {**asdict(decision), "verdict": decision.verdict.value}
    return {"kind": DECISION, **said, "files": list(decision.files), "key": key.id}


def decision_of(entry: Entry) -> Decision:
    """What the ledger has kept."""
    names = Decision.__dataclass_fields__
    said = {name: entry[name] for name in names}
    return Decision(
        **{**said, "verdict": Verdict(said["verdict"]), "files": tuple(said["files"])}
    )


def state_of(
    decisions: Iterable[Decision], release: int, files: Collection[str], needed: int = 1
) -> str:
    """Whether a release is approved, refused or waiting.

    It is approved when `needed` people have approved every file, and refused when
    anybody has refused any. `files`: those of its manifest.
    """
    verdicts = _verdicts(decisions, release, files)
    if any(Verdict.REFUSED in each.values() for each in verdicts.values()):
        return Verdict.REFUSED.value
    enough = [len(each) >= needed for each in verdicts.values()]
    return Verdict.APPROVED.value if enough and all(enough) else WAITING


def _verdicts(
    decisions: Iterable[Decision], release: int, files: Collection[str]
) -> dict[str, dict[str, Verdict]]:
    """For each file what every person has said of it last."""
    found: dict[str, dict[str, Verdict]] = {file: {} for file in files}
    for decision in decisions:
        if decision.release == release:
            for file in decision.files or files:
                if file in found:
                    found[file][decision.person] = decision.verdict
    return found
