"""What happens when the rows are damaged that one week needs, told once for several
tests.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.flows.commands import Command, Result
from tests.flows.damage import damage_batch
from tests.flows.records import WEEKS
from tests.flows.shelves import Shelves

STUDY = Path(__file__).parent / "study" / "weekly.py"
PERIODS = [f"{monday}..{monday.replace(day=monday.day + 6)}" for monday in WEEKS]
BROKEN = PERIODS[1]
REASON = "The rows of this period are damaged"


@dataclass(frozen=True)
class Story:
    """What the commands said, and what was released before and after the run in which a
    period failed.
    """

    shelves: Shelves
    first: Result
    release: dict[str, bytes]
    failed: Result
    released: dict[str, bytes]
    status: Result
    printed: Result
    plan: Result
    stamps: dict[Path, tuple[int, int]]
    rerun: Result

    @property
    def said(self) -> str:
        """Every word of every command."""
        each = (
            self.first,
            self.failed,
            self.status,
            self.printed,
            self.plan,
            self.rerun,
        )
        return "".join(result.out + result.err for result in each)


def tell(cohortflow: Command, records: Path, workspace: Path) -> Story:
    shelves, place = Shelves(workspace, "weekly"), (STUDY, "--workspace", workspace)
    first = cohortflow(
        "run", *place, "--records", records, "--periods", PERIODS[3]
    ).well()
    release = shelves.released()
    damage_batch(shelves.touched(), PERIODS.index(BROKEN))
    failed = cohortflow("run", *place, "--records", records)
    return Story(
        shelves,
        first,
        release,
        failed,
        released=shelves.released(),
        status=cohortflow("status", *place, "--json"),
        printed=cohortflow("status", *place),
        plan=cohortflow("plan", *place, "--records", records, "--json"),
        stamps=shelves.stamps(),
        rerun=cohortflow(*printed_command(failed)[1:], "--json"),
    )


def printed_command(result: Result) -> list[str]:
    """The command that a run says to type."""
    (line,) = re.findall(r"^\s*(cohortflow rerun .*)$", result.out, re.MULTILINE)
    return shlex.split(line)
