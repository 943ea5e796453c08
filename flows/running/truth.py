"""What a run keeps beside its raw counts: the true counts of made-up people, or doubts
about a definition.

Both stay on the highly_sensitive shelf. Doubts are counts, too: that a numerator is 0
tells of people.
"""

from typing import Any

from flows.preparing.doubts import doubts_of
from flows.preparing.prepared import Prepared
from flows.workspace.store import whole_file, write_json
from measures.counts.doubts import doubts_of_counts
from measures.counts.true_rows import as_csv, true_rows
from measures.counts.types import RawCounts

FORMAT = "cohortflow doubts 1"


def keep_truth(prepared: Prepared, counts: RawCounts) -> None:
    """Write what the true counts tell."""
    workspace = prepared.workspace
    if not prepared.records.made_up:
        write_json(workspace.doubts, _doubts(prepared, counts))
        return
    with whole_file(workspace.trial_counts) as beside:
        beside.write_text(as_csv(true_rows(counts)), encoding="utf-8")


def _doubts(prepared: Prepared, counts: RawCounts) -> dict[str, Any]:
    known = doubts_of(prepared.study, prepared.named, made_up=False)
    doubts = [*known, *doubts_of_counts(prepared.study, counts)]
    return {
        "format": FORMAT,
        "study": prepared.study.name,
        "doubts": [doubt.as_doubt() for doubt in doubts],
    }
