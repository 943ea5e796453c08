"""What may be said of the weeks in which rows of a new load are others."""

from pathlib import Path

import pytest

from flows.state.news import LEAST, News, news_of, note_news, sayable
from flows.workspace.store import Workspace
from measures.disclosure.memory.keys import Key
from tests.lib.releases import KEY

WEEKS = [f"2022-05-{day:02}" for day in (2, 9, 16, 23, 30)]


def named(people: int, threshold: int = 0, snapshot: str = "s", key: Key = KEY) -> int:
    """How many of many weeks with so many people are named."""
    weeks = {f"{1950 + number}-01-01": people for number in range(200)}
    return len(sayable(weeks, snapshot, key, threshold).weeks)


def test_few_people_are_never_told_and_many_always_are():
    assert named(LEAST - 1) == 0 and named(2 * LEAST) == 200
    assert named(49, threshold=50) == 0 and named(100, threshold=50) == 200


def test_between_them_the_key_decides_so_that_nobody_learns_of_one_more():
    """The chance grows by about a tenth with each person: whoever knows of all but one
    learns hardly anything.
    """
    chances = [named(people) / 200 for people in range(LEAST, 2 * LEAST)]
    assert chances == sorted(chances)
    assert (
        max(more - less for less, more in zip(chances, chances[1:], strict=False))
        < 0.25
    )


def test_the_same_load_is_told_alike_and_another_one_by_other_numbers():
    people = dict.fromkeys(WEEKS, 14)
    told = [sayable(people, f"s{number}", KEY, 0).weeks for number in range(20)]
    assert told == [sayable(people, f"s{number}", KEY, 0).weeks for number in range(20)]
    assert len(set(told)) > 5


def test_weeks_that_follow_each_other_are_one_span():
    said = News("s", (WEEKS[0], WEEKS[1], WEEKS[3], "")).words()
    assert said.endswith(
        "changed in 2022-05-02 to 2022-05-15, 2022-05-23 to 2022-05-29, rows without "
        "a date"
    )


def test_many_spans_are_counted():
    said = News("s", tuple(f"{year}-01-03" for year in range(2000, 2010))).words()
    assert (
        said.count(" to ") == 6
        and said.endswith("and 4 more spans") is False
        and "4 more spans" in said
    )


def test_no_week_says_neither_nobody_nor_few():
    assert (
        News("s", ()).words()
        == sayable({WEEKS[0]: 3}, "s", KEY, 0).words()
        == sayable({}, "s", KEY, 0).words()
    )


@pytest.mark.parametrize(("asked", "found"), [("s", True), ("another load", False)])
def test_it_is_told_of_its_own_load_alone(tmp_path: Path, asked: str, found: bool):
    workspace = Workspace(tmp_path, "study")
    assert news_of(workspace, "s") is None
    note_news(workspace, News("s", (WEEKS[0],)))
    assert (news_of(workspace, asked) == News("s", (WEEKS[0],))) is found
