"""Where the results of a study lie: every folder has a key of all that determines what
is in it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from extractors.cohorts import POPULATION, cohort_query, event_query, static_steps
from extractors.fingerprint import fingerprint
from extractors.planner.plan import Plan
from extractors.snapshot import FORMAT, Snapshot, snapshot_key
from extractors.sql.query import Steps
from extractors.time.shards import FORMAT as SHARD_FORMAT
from extractors.time.timelines import NOTHING
from flows.preparing.recipes import Recipes
from flows.workspace.store import Workspace


@dataclass(frozen=True, kw_only=True)
class Places:
    """The places of what is made once, for all periods together."""

    workspace: Workspace  # the shelves of the study
    plan: Plan  # what is read and computed
    records: str  # the fingerprint of the records
    # the id of the key of people's hashes; "" where no person is counted, or there is
    # none yet
    people: str
    counted: Recipes | None  # what is counted of measures; None for a dataset
    columns: tuple[str, ...]  # those of a dataset's rows
    # of each table of events beside a dataset: column -> the name of its series
    events: Mapping[str, Mapping[str, str]]
    ending: str  # of a dataset's file: parquet, csv, csv.gz or arrow

    @cached_property
    def snapshot_key(self) -> str:
        return snapshot_key(self.plan, self.records)

    @property
    def snapshot(self) -> Snapshot:
        folder = self.workspace.folder("snapshots", self.snapshot_key)
        return Snapshot(folder, tuple(need.schema.name for need in self.plan.needs))

    @cached_property
    def static_steps(self) -> Steps:
        return static_steps(self.plan)

    @cached_property
    def static(self) -> Path:
        """The folder of the static table's shards."""
        return self.static_of(self.snapshot_key)

    def static_of(self, snapshot: str) -> Path:
        """The same for the load whose snapshot has a key."""
        made_of = (snapshot, self.static_steps.text, self.people)
        return self.workspace.folder("static", fingerprint(FORMAT, *made_of))

    def load(self, key: str) -> tuple[Snapshot, Path]:
        """The snapshot of the load that has a key, and its static table."""
        folder = self.workspace.folder("snapshots", key)
        return Snapshot(folder, self.snapshot.tables), self.static_of(key)

    @cached_property
    def timelines(self) -> Path:
        """The folder of the shards of what is counted for all periods at once."""
        shared = self.counted.timelines if self.counted else NOTHING
        key = fingerprint(SHARD_FORMAT, self.static.name, asdict(shared))
        return self.workspace.folder("timelines", key)

    @cached_property
    def lineage(self) -> str:
        """What timelines of all loads of the records share that are made in the same
        way.
        """
        shared = self.counted.timelines if self.counted else NOTHING
        without_records = snapshot_key(self.plan, "")
        return fingerprint(
            SHARD_FORMAT,
            without_records,
            self.static_steps.text,
            self.people,
            asdict(shared),
        )

    def chain_counts(self, chain: int) -> Path:
        """Where the counts of all periods of a chain belong."""
        return self.timelines / f"counts-{chain}.arrow"

    @property
    def dataset(self) -> Path:
        """Where a dataset definition's rows belong."""
        return self._beside_dataset("dataset")

    @property
    def event_files(self) -> dict[Path, Mapping[str, str]]:
        """Where the tables of events beside a dataset belong, and their columns."""
        return {
            self._beside_dataset(name): columns for name, columns in self.events.items()
        }

    def _beside_dataset(self, name: str) -> Path:
        return (
            self.workspace.folder("datasets", self._dataset_key)
            / f"{name}.{self.ending}"
        )

    @cached_property
    def _dataset_key(self) -> str:
        query = cohort_query(self.plan, self.columns, (POPULATION,)).query
        events = []
        for name, columns in self.events.items():
            events.append((name, event_query(self.plan, columns).sql))
        read = [events] if events else []
        return fingerprint(FORMAT, self.static.name, query.sql, *read)
