"""The command `cohortflow` as a process of its own."""

from importlib import import_module

from flows.leaving import leaving
from flows.without_pandas import without_pandas


def command() -> None:
    """Nothing else is loaded before it is known how the process ends."""
    with leaving() as left:
        without_pandas()
        left.code = import_module("flows.cli").main()


if __name__ == "__main__":
    command()
