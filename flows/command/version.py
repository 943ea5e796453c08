"""`cohortflow --version`."""

from importlib.metadata import version


def version_line() -> str:
    """The version of the installed package, as `cohortflow 0.2.0`."""
    return f"cohortflow {version('cohortflow')}"
