"""Where a run is among its steps, told by a clock that the test turns."""

from io import StringIO

import pytest
from rich.console import Console

from flows.running.course import Course
from flows.running.progress import RunProgress

EXPECTED = {
    "snapshot": 10.0,
    "periods": 40.0,
    "protection": 10.0,
    "audit": 120.0,
    "report": 20.0,
}


class Clock:
    """Seconds, as a test says."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_periods_are_a_part_of_the_whole(clock: Clock):
    course = Course(EXPECTED, clock)
    assert (course.share, course.left) == (0, 200)
    course.step("periods")
    assert course.share == 10 / 200
    clock.now += 50
    course.periods(1.0)
    assert course.share == 50 / 200
    assert course.left == 150, "they took what was expected"


def test_an_audit_has_a_time_left_until_its_end(clock: Clock):
    """Of a quarter of an hour that nobody foresaw the bar once said 0:00:00 all the
    time.
    """
    course, lefts = Course(EXPECTED, clock), []
    course.step("periods")
    clock.now += 50
    course.periods(1.0)
    clock.now += 10
    course.step("audit")
    for _ in range(15):
        lefts.append(course.left)
        clock.now += 60
    assert lefts[0] == 140 and min(lefts) > 20
    share = course.share
    assert share < 180 / 200, "the report is still to come"
    course.step("report")
    assert course.share == 180 / 200 > share


def test_the_bar_tells_the_time_until_the_end(clock: Clock):
    """It once stopped with the last period, while protection and audit went on."""
    progress = RunProgress("study", 1, expected=EXPECTED, clock=clock)
    progress.step("periods")
    clock.now += 23
    progress.period("one", ok=True)
    progress.step("audit")
    clock.now += 97
    told = Console(width=100, file=StringIO())
    told.print(progress.rendered())
    assert isinstance(told.file, StringIO)
    line = told.file.getvalue()
    assert "study: audit" in line and "1/1 0 failed 0:02:00 left 0:0" in line
    assert "left 0:00:00" not in line


def test_a_slow_machine_has_more_time_left(clock: Clock):
    course = Course(EXPECTED, clock)
    course.step("periods")
    clock.now += 150
    course.periods(1.0)
    assert course.left == 3 * 150


def test_what_is_there_already_promises_no_wonder(clock: Clock):
    """All periods of an earlier run are there; protection and audit take what they
    take.
    """
    course = Course(EXPECTED, clock)
    course.step("protection")
    clock.now += 1
    assert course.left > 0.4 * 150


def test_steps_without_an_expectation_change_nothing(clock: Clock):
    course = Course(EXPECTED, clock)
    course.step("periods")
    share = course.share
    course.step("release")
    clock.now += 5
    assert course.share == share


def test_who_watches_hears_of_the_whole():
    told: list[tuple[str, int, int, int, float]] = []
    expected = {"snapshot": 1.0, "periods": 1.0, "audit": 2.0}
    with RunProgress(
        "study", 2, quiet=True, watch=lambda *each: told.append(each), expected=expected
    ) as progress:
        progress.step("periods")
        progress.period("one", ok=True)
        progress.period("two", ok=False)
        progress.step("audit")
    steps, done, failed, periods, shares = zip(*told, strict=True)
    assert steps == ("periods", "periods", "periods", "audit")
    assert (done[-1], failed[-1], periods[-1]) == (1, 1, 2)
    assert shares[:3] == (0.25, 0.375, 0.5)
    assert shares[3] == pytest.approx(0.5, abs=0.01), "not the end: the audit begins"
