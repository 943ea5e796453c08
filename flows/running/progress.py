"""What the terminal shows of a run while it works; everything goes to
standard error.
"""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import ceil
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
)
from rich.progress_bar import ProgressBar
from rich.text import Text

from flows.running.course import PERIODS, Course

# The step at work; periods that are done, that failed, all of them; how much of the
# whole run is done, of 1.
Watch = Callable[[str, int, int, int, float], None]
WIDTH = 25  # of the bar, in characters


def _ignore(*_: object) -> None:
    """The watch of a run that only the terminal shows."""


class RunProgress:
    """A bar over the whole run, with the step at work, periods, failures, and the time
    left; `watch` hears the same.

    `expected`: the seconds of each step that takes any, in their order.
    """

    def __init__(
        self,
        title: str,
        periods: int,
        *,
        quiet: bool = False,
        watch: Watch = _ignore,
        expected: Mapping[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.course = Course(expected or {PERIODS: 1.0}, clock)
        self._bar = Progress(
            TextColumn("{task.description}"),
            _Bar(self.course),
            TextColumn("{task.completed}/{task.total}"),
            TextColumn("{task.fields[failed]} failed"),
            # rich's own stops with the last period, and the audit is still to come
            _Seconds(lambda: self.course.passed, "progress.elapsed"),
            TextColumn("left"),
            _Seconds(lambda: ceil(self.course.left), "progress.remaining"),
            console=Console(stderr=True),
            disable=quiet,
        )
        self._title, self._periods, self._watch = title, periods, watch
        self._step, self._ended = "", dict[str, bool]()
        self._task = self._bar.add_task(title, total=periods, failed=0)

    def rendered(self) -> RenderableType:
        """The bar as it is now."""
        return self._bar.get_renderable()

    def __enter__(self) -> "RunProgress":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.course.end()
            self._bar.update(self._task, description=f"{self._title}: ended")
        self._bar.stop()

    def step(self, name: str) -> None:
        """Something that comes before or after the periods."""
        self._step = name
        self.course.step(name)
        self._bar.update(self._task, description=f"{self._title}: {name}")
        self._tell()

    def period(self, name: str, *, ok: bool) -> None:
        """A period has ended, perhaps not for the first time: another try may go
        better.
        """
        self._ended[name] = ok
        self.course.periods(len(self._ended) / max(self._periods, 1))
        self._bar.update(self._task, completed=len(self._ended), failed=self._failed)
        self._tell()

    @property
    def _failed(self) -> int:
        return list(self._ended.values()).count(False)

    def _tell(self) -> None:
        done = len(self._ended) - self._failed
        self._watch(self._step, done, self._failed, self._periods, self.course.share)


class _Bar(BarColumn):
    """How much of the whole run is done."""

    def __init__(self, course: Course):
        super().__init__(WIDTH)
        self._course = course

    def render(self, task: Task) -> ProgressBar:
        return ProgressBar(1.0, self._course.share, WIDTH)


class _Seconds(ProgressColumn):
    """A time of the course of the run, in whole seconds."""

    def __init__(self, seconds: Callable[[], float], style: str):
        super().__init__()
        self._seconds, self._style = seconds, style

    def render(self, task: Task) -> Text:
        return Text(str(timedelta(seconds=int(self._seconds()))), style=self._style)
