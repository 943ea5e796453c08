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
    """Draws beside other work; `kept` holds the drawings, each under a name of its
    content.
    """

    kept: Path
    # what the definition asks, as the bundle has it
    asked: Mapping[str, Any]
    _hand: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, 1))
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
