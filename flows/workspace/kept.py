"""Files that outlive a run: each names its format, so that another version knows what
it finds.

Raise the format of a file when what it says changes, and give the step that makes the
older one of it. Results (cohorts, counts, snapshots, timelines) have their format in
the key that names them: another version looks for other names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.disk import Step, read_kept
from extractors.errors import Damaged
from flows.workspace.store import write_json


@dataclass(frozen=True)
class Kept:
    """One kind of file."""

    # what this version writes
    format: int
    # how a file of this format becomes one of the next
    older: Mapping[int, Step] = field(default_factory=dict)

    def write(self, path: Path, data: Mapping[str, Any]) -> None:
        write_json(path, {"format": self.format, **data})

    def read(self, path: Path) -> dict[str, Any] | None:
        """None if there is no such file. Raises Damaged, and AnotherVersion if its
        format is another one.
        """
        return read_kept(path, self.format, self.older)

    def recall(self, path: Path) -> dict[str, Any] | None:
        """As `read`, of what can be had again: None where the file is damaged, too."""
        try:
            return self.read(path)
        except Damaged:
            return None


def _same(data: dict[str, Any]) -> dict[str, Any]:
    """Nothing but the name of the format is new."""
    return data


def _hashes(data: dict[str, Any]) -> dict[str, Any]:
    """The note was nothing but its names and hashes."""
    return {"known": data}


def _nothing(data: dict[str, Any]) -> dict[str, Any]:
    """What it said is asked again."""
    return {"known": {}}


NAMED = {1: _same}
STUDY_NOTE = Kept(1)  # study.json: where the definition of a study is
KEY_NOTE = Kept(1)  # ledger/key.json: which key sealed the ledger
# last_run.json; until 2 no period was carried over
LAST_RUN = Kept(3, {1: _same, 2: _same})
HISTORY = Kept(1)  # history.json: what became of periods in the last runs
RELEASED = Kept(1)  # released.json: what the release was made of
FLOW_RUN = Kept(2, NAMED)  # flow_run.json
ROWS = Kept(1)  # datasets/KEY/PERIOD.json
RECIPE = Kept(2, NAMED)  # counts/KEY/recipe.json
FAILURE = Kept(2, NAMED)  # errors/KEY/period=….json
ALERTS = Kept(2, NAMED)  # .server/alerts.json
LOADS = Kept(1)  # loads.json: the records that were run on, and where their results are
# counts/KEY/period=….json, beside static tables and datasets: their sizes and hashes
WRITTEN = Kept(1)
CONCEPTS = Kept(2, {1: _nothing})  # snapshots/concepts.json
NEWS = Kept(1)  # news.json: in which weeks the last load of the records has other rows
SEEN = Kept(2, {1: _hashes})  # snapshots/files.json and databases.json
# SITE.rounds.json beside the keys of sites: what was masked in which round
ROUNDS = Kept(1)
