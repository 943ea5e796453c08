"""What people decided about the release of a study: its number, and whether it may
leave.

The ledger holds the decisions, and only with the key can one be made or trusted. Beside
the release lies `decisions.json`, which says the same to readers without the key.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractors.errors import DisclosureRefused
from flows.preparing.prepare import site
from flows.state.standing import is_of_made_up
from flows.workspace.one_key import KEY_FILE, key_at_hand
from flows.workspace.store import Workspace, whole_file
from measures.disclosure.memory.decisions import Decision, Verdict, state_of
from measures.disclosure.memory.ledger import Ledger, Memory
from measures.release.files import DECISIONS, DECISIONS_FORMAT
from measures.release.reading import read_decisions, read_manifest

# of a decision, to readers of the release
SHOWN = ("verdict", "by", "note", "files", "at")
MOST_NOTE = 300  # letters of a note that a page shows


@dataclass(frozen=True)
class Decided:
    """A release as people judged it."""

    # in the ledger, from 1; 0: there is none, or it is older than numbers
    number: int
    # approved, refused or waiting
    state: str
    # what each person said, oldest first
    decisions: tuple[dict[str, Any], ...] = ()

    def words(self) -> str:
        """As `Release 3: approved by A. Checker (counts are large).`"""
        said = [
            f"{each['verdict']} by {each['by']} ({each['note'][:MOST_NOTE]})"
            for each in self.decisions
        ]
        judged = "; ".join(said) or "not decided yet"
        doubt = "" if not said or said[-1].startswith(self.state) else f"{self.state}: "
        return f"Release {self.number}: {doubt}{judged}."


def number_of(folder: Path) -> int:
    """The number in the ledger of the release in a folder; 0 if it has none."""
    ledger = read_manifest(folder).get("disclosure", {}).get("ledger", {})
    number = ledger.get("last_change", {}).get("release", 0)
    return number if type(number) is int else 0


def decided(folder: Path) -> Decided:
    """What lies beside a release; without a decision it waits."""
    number, noted = number_of(folder), read_decisions(folder)
    if noted.get("release") != number:
        return Decided(number, "waiting")
    return Decided(number, noted["state"], tuple(noted["decisions"]))


def tell(folder: Path, memory: Memory) -> None:
    """Write beside the release what the ledger knows was decided about it."""
    number = number_of(folder)
    about = [each for each in memory.decisions if each.release == number]
    if not about:
        return
    noted = {
        "format": DECISIONS_FORMAT,
        "release": number,
        "needed": site().approvals,
        "state": _state(folder, number, about),
        "decisions": [_shown(each) for each in about],
    }
    with whole_file(folder / DECISIONS) as beside:
        beside.write_text(
            json.dumps(noted, indent=2, sort_keys=True, ensure_ascii=False) + "\n",
            encoding="utf-8",
        )
    (folder / DECISIONS).chmod((folder / "manifest.json").stat().st_mode & 0o777)


def _shown(decision: Decision) -> dict[str, Any]:
    said = asdict(decision)
    return {name: said[name] for name in SHOWN} | {"files": list(decision.files)}


def _state(folder: Path, number: int, decisions: Iterable[Decision]) -> str:
    files = read_manifest(folder).get("files", {}).keys() or {"measures.csv"}
    return state_of(decisions, number, files, site().approvals)


def refuse_while_waiting(folder: Path, memory: Memory) -> None:
    """Raises DisclosureRefused where the site wants decisions, and the last release has
    none.
    """
    if not site().require_approval or not memory.releases:
        return
    number = memory.releases
    if _state(folder, number, memory.decisions) == "waiting":
        raise DisclosureRefused(
            f"Release {number} waits for a decision, and the site's file says "
            "require_approval: nothing new is released before. Decide with: "
            f"cohortflow approve STUDY --release {number} --by NAME --note TEXT (or "
            "--refuse)."
        )


def refuse_to_let_out(folder: Path, file: Path) -> None:
    """Raises DisclosureRefused where a file of a release would leave the workspace
    before it is approved.

    That is so where the site's file says `require_approval`, and the ledger lies beside
    the folder.
    """
    workspace = Workspace(folder.resolve().parent.parent, folder.resolve().parent.name)
    path = workspace.folder("ledger") / "ledger.jsonl"
    inside = file.resolve().is_relative_to(workspace.root)
    if (
        inside
        or not site().require_approval
        or is_of_made_up(folder)
        or not path.exists()
    ):
        return
    key = key_at_hand(workspace)
    if key is None:
        raise DisclosureRefused(
            f"{file.name} lies outside the workspace, and the site's file says "
            "require_approval: the release's approval is checked with the key "
            f"({KEY_FILE}). Write it into the workspace, or have the key here: "
            f"{file}"
        )
    number = number_of(folder)
    state = _state(folder, number, Ledger(path, key).memory.decisions)
    if state != Verdict.APPROVED:
        raise DisclosureRefused(
            f"Release {number} is {state}, and the site's file says "
            "require_approval, so nothing of it leaves the workspace. Approve it "
            f"with: cohortflow approve STUDY --release {number} --by NAME --note "
            "TEXT."
        )
