"""The charts of a release, drawn while the auditor is at work: both see released
numbers only.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from measures.disclosure.types import ReleasedCounts
from measures.release.report.making import draw_before, write_report


@dataclass
class Drawing:
    """Draws charts beside other work, and keeps each drawing for the next release."""

    # the folder of drawings, each under a name of its content: a chart of the same
    # numbers is not drawn again
    kept: Path
    # what the definition asks, as the bundle has it
    asked: Mapping[str, Any]
    # one thread: charts are drawn in the time in which the counts are attacked
    _hand: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, 1))
    # what has to be waited for at the end
    _begun: list[Future[None]] = field(default_factory=list)

    def begin(self, released: ReleasedCounts) -> None:
        """Returns at once."""
        self._begun.append(
            self._hand.submit(draw_before, released, self.asked, self.kept)
        )

    def finish(self, folder: Path) -> None:
        """Write the page and the charts of the release in a folder; wait for what has
        begun.

        What went wrong before is tried once more here, where an error is heard of.
        """
        for each in self._begun:
            with suppress(Exception):
                each.result()
        self._hand.shutdown()
        write_report(folder, self.kept)
