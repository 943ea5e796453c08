"""The sums of several sites in a workspace: they have a release and a ledger as a study
has, and neither a definition nor a run of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.fingerprint import fingerprint
from flows.preparing.prepare import site
from flows.state.standing import is_of_made_up, standing
from flows.workspace.store import Workspace
from measures.release.reading import read_manifest
from measures.study import NAME

# the place of a study's sums in a workspace, where it may have a release of its own
SUFFIX = "_of_sites"


@dataclass(frozen=True)
class Sums:
    """The sums that lie in a workspace."""

    # of the sums, as of a study
    workspace: Workspace
    # of their release
    manifest: Mapping[str, Any]

    @property
    def made_up(self) -> bool:
        return is_of_made_up(self.workspace.release)

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(self.manifest["sites"]["masked"]["sites"])

    @property
    def periods(self) -> int:
        return int(self.manifest["periods"])

    @property
    def ledger(self) -> Path:
        """Where their ledger lies."""
        folder = self.workspace.folder("ledger")
        if not self.made_up:
            return folder / "ledger.jsonl"
        return folder / trial_ledger(
            self.manifest["records"]["fingerprint"],
            self.manifest["definition"],
            site().chosen(self.manifest["disclosure"]["policy"]).text,
        )


def trial_ledger(records: str, definition: str, policy: str) -> str:
    """The name of a ledger of made-up records: one for each set of them and each
    definition and policy, for trials are there to be changed.
    """
    return f"trial-{fingerprint(records, definition, policy)}.jsonl"


def sums_of(study: str, root: Path) -> Sums | None:
    """The sums of this name in a workspace; None where the name is that of a study, or
    of nothing.
    """
    if not study.endswith(SUFFIX) or not NAME.fullmatch(study):
        return None
    workspace = Workspace(root, study)
    if workspace.note.exists() or workspace.last_run.exists():
        return None
    manifest = read_manifest(standing(workspace))
    if "masked" not in manifest.get("sites", {}):
        return None
    return Sums(workspace, manifest)
