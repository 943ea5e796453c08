"""What somebody watching the terminal sees while a run works; everything goes to standard error."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class RunProgress:
    """A bar over the periods, with the step at work, failures, and the time left."""

    def __init__(self, title: str, periods: int, *, quiet: bool = False):
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
        self._title, self._ended = title, dict[str, bool]()
        self._task = self._bar.add_task(title, total=periods, failed=0)

    def __enter__(self) -> "RunProgress":
        self._bar.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def step(self, name: str) -> None:
        """Something that comes before or after the periods."""
        self._bar.update(self._task, description=f"{self._title}: {name}")

    def period(self, name: str, *, ok: bool) -> None:
        """A period has ended, perhaps not for the first time: another try may go better."""
        self._ended[name] = ok
        failed = list(self._ended.values()).count(False)
        self._bar.update(self._task, completed=len(self._ended), failed=failed)
