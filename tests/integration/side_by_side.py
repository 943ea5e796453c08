"""Several commands at once: each of them waits more than it works."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.flows.commands import Command, Result

Arguments = Sequence[object]


def side_by_side(
    cohortflow: Command, commands: Mapping[str, Arguments]
) -> dict[str, Result]:
    """The results by name; every command must end well. Each has one worker, as they
    share the machine.
    """

    def result(arguments: Arguments) -> Result:
        return cohortflow(*arguments, COHORTFLOW_WORKERS=1).well()

    with ThreadPoolExecutor(len(commands)) as pool:
        return dict(zip(commands, pool.map(result, commands.values()), strict=True))
