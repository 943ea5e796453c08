"""What somebody watching the terminal sees while a run works; everything goes to standard error."""

from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Watch = Callable[[str, int, int, int], None]  # the step at work; periods that are done, that failed, all of them


def _ignore(*_: object) -> None:
    """The watch of a run that only the terminal shows."""


class RunProgress:
    """A bar over the periods, with the step at work, failures, and the time left; `watch` is told the same."""

    def __init__(self, title: str, periods: int, *, quiet: bool = False, watch: Watch = _ignore):
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[failed]} failed"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=quiet,
        )
        self._title, self._periods, self._watch = title, periods, watch
        self._step, self._ended = "", dict[str, bool]()
        self._task = self._bar.add_task(title, total=periods, failed=0)

    def __enter__(self) -> "RunProgress":
        self._bar.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def step(self, name: str) -> None:
        """Something that comes before or after the periods."""
        self._step = name
        self._bar.update(self._task, description=f"{self._title}: {name}")
        self._tell()

    def period(self, name: str, *, ok: bool) -> None:
        """A period has ended, perhaps not for the first time: another try may go better."""
        self._ended[name] = ok
        self._bar.update(self._task, completed=len(self._ended), failed=self._failed)
        self._tell()

    @property
    def _failed(self) -> int:
        return list(self._ended.values()).count(False)

    def _tell(self) -> None:
        self._watch(self._step, len(self._ended) - self._failed, self._failed, self._periods)
