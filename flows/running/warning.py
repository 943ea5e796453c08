"""The warnings of a run: what is doubtful in its definition and its records."""

from pathlib import Path

from extractors.snapshot import dirt_in, warnings_of
from extractors.sources.dirt import WHERE
from flows.preparing.doubts import doubts_of
from flows.preparing.prepared import Prepared
from flows.state.news import news_of


def warnings(prepared: Prepared) -> list[str]:
    """All warnings, in words and without a number."""
    folder = prepared.places.snapshot.folder
    found = doubts_of(prepared.study, prepared.named, made_up=prepared.records.made_up)
    doubtful = [each.brief for each in found]
    news = news_of(prepared.workspace, prepared.places.snapshot_key)
    said = [news.words()] if news else []
    return [*doubtful, *(_of_records(folder) if folder.exists() else []), *said]


def _of_records(snapshot: Path) -> list[str]:
    """What is odd about the records; the last line says where the numbers are."""
    counted = any(each.said for each in dirt_in(snapshot))
    return [*warnings_of(snapshot), *([f"Of the records: {WHERE}"] if counted else [])]
