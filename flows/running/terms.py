"""On which terms the numbers of a run may leave, and where their ledger lies."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flows.preparing.prepared import Prepared
from flows.preparing.records import Records
from flows.state.summed import trial_ledger
from flows.workspace.one_key import the_key
from flows.workspace.store import Workspace
from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.policies import Policy
from measures.disclosure.types import ReleasedCounts
from measures.study import Study


@dataclass(frozen=True, kw_only=True)
class Terms:
    """On which terms the numbers of a run may leave."""

    workspace: Workspace  # where the ledger lies, and the release that is there
    study: Study  # whose measures they are
    records: Records  # which records are counted, made up or real
    policy: Policy  # the rules of disclosure control
    static: Path | None  # where the hashes of all people are; None: no place has them
    revise: bool = False  # whether new numbers may replace released ones
    reason: str = ""  # why they do
    # sees the counts before the audit, which takes a while; nothing of it is read
    # before they pass
    beside: Callable[[ReleasedCounts], None] | None = None
    # hears which step begins
    step: Callable[[str], None] = lambda _name: None


def terms_of(prepared: Prepared) -> Terms:
    """On which terms the numbers of this run may leave."""
    return Terms(
        workspace=prepared.workspace,
        study=prepared.study,
        records=prepared.records,
        policy=prepared.policy,
        static=prepared.places.static,
        revise=prepared.options.revise,
        reason=prepared.options.reason,
    )


def ledger_path(terms: Terms) -> Path:
    """Where the ledger of a study lies."""
    folder = terms.workspace.folder("ledger")
    if not terms.records.made_up:
        return folder / "ledger.jsonl"
    return folder / trial_ledger(
        terms.records.fingerprint, terms.study.definition_hash, terms.policy.text
    )


def key_of(terms: Terms) -> Key:
    """The one key of the workspace, made on first use; the public one for made-up
    records.
    """
    return PUBLIC if terms.records.made_up else the_key(terms.workspace)
