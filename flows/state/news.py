"""In which weeks rows of the records came, went or changed since the records before, as
far as that may be said.

That a week is named says that many people have such rows in it: at least LEAST, or the
policy's threshold if that is more, and up to twice as many. How many exactly, the key
decides for each week and load. So nobody who knows of some of these people learns
whether there is one more. Numbers are never said, and that no week is named says
nothing: few people changed, or nobody.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.workspace.kept import NEWS
from flows.workspace.store import Workspace
from measures.disclosure.memory.keys import Key

LEAST = 10
MOST_SPANS = 6  # that a line names
WEEK = datetime.timedelta(7)
NO_DATE = "rows without a date"


@dataclass(frozen=True)
class News:
    """What may be said of a load of the records."""

    # the key of its snapshot
    snapshot: str
    # the Mondays of the weeks that may be named; "" for rows without a date
    weeks: tuple[str, ...]

    def words(self) -> str:
        """As `since the records before, rows of many people came, went or changed in
        2022-05-23 to 2022-05-29`.
        """
        spans = list(_spans([week for week in self.weeks if week]))
        named = spans[:MOST_SPANS] + (
            [f"{len(spans) - MOST_SPANS} more spans"] if len(spans) > MOST_SPANS else []
        )
        named += [NO_DATE] if "" in self.weeks else []
        if not named:
            return (
                "since the records before, no week has rows of enough people that "
                "came, went or changed to be named"
            )
        return (
            "since the records before, rows of many people came, went or changed in "
            f"{', '.join(named)}"
        )


def _spans(mondays: Sequence[str]) -> Iterator[str]:
    """Weeks that follow each other as one span."""
    days = sorted(map(datetime.date.fromisoformat, mondays))
    begins = [day for day in days if day - WEEK not in days]
    for begin in begins:
        end = begin
        while end + WEEK in days:
            end += WEEK
        yield f"{begin} to {end + WEEK - datetime.timedelta(1)}"


def sayable(people: Mapping[str, int], snapshot: str, key: Key, threshold: int) -> News:
    """What may be said of how many `people` have other rows in each week."""
    weeks = [
        week
        for week, count in people.items()
        if count >= _least(week, snapshot, key, threshold)
    ]
    return News(snapshot, tuple(sorted(weeks)))


def _least(week: str, snapshot: str, key: Key, threshold: int) -> int:
    """The number of people from which on a week of a load is named."""
    least = max(LEAST, threshold)
    return least + int(least * key.uniform("news", week, snapshot))


def note_news(workspace: Workspace, news: News) -> None:
    NEWS.write(workspace.news, {"snapshot": news.snapshot, "weeks": list(news.weeks)})


def news_of(workspace: Workspace, snapshot: str) -> News | None:
    """What may be said of the load with this snapshot; None if nothing is known of one
    before.
    """
    data = NEWS.read(workspace.news)
    if data is None or data["snapshot"] != snapshot:
        return None
    return News(snapshot, tuple(data["weeks"]))
