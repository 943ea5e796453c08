"""Workers of a cluster that is not the run's own have the run's code, or they do
nothing for it.

All are asked before anything is computed. One that joins later is asked by the first
call that it gets: the call fails, and is tried again where another worker may take it.
"""

from collections.abc import Callable
from typing import TypeVar

from distributed import Client

from extractors.errors import ArgumentsError, CohortflowError
from flows.workspace.code import CodeParts, own_code

Result = TypeVar("Result")
NONE = "no cohortflow, or another one"


class OtherCode(CohortflowError):
    """A worker with other code got a call; another worker may take it."""

    transient = True


def refuse_other_code(client: Client) -> None:
    """Raises ArgumentsError if a worker of the cluster has other code than this
    process.
    """
    ours, others = own_code(), []
    for worker, theirs in client.run(own_code, on_error="return").items():
        if other := _difference(ours, theirs):
            others.append(f"{worker} ({other})")
    if others:
        raise ArgumentsError(
            f"Dask workers have other code than this run: {', '.join(sorted(others))}. "
            "Put the same cohortflow there and start the workers again."
        )


def _difference(ours: CodeParts, theirs: object) -> str:
    """In words, what is another there; empty if nothing is. What is no CodeParts is an
    error of theirs.
    """
    if not isinstance(theirs, CodeParts):
        return NONE
    return ours.difference(theirs)


def with_code(
    code: CodeParts,
    function: Callable[..., Result],
    *inputs: object,
    **settings: object,
) -> Result:
    """What a function gives on a worker that has this code. Raises OtherCode on
    others.
    """
    if other := code.difference(own_code()):
        raise OtherCode(
            f"A Dask worker that joined has other code than this run ({other}); put "
            "the same cohortflow there and start it again."
        )
    return function(*inputs, **settings)
