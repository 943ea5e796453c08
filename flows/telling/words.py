"""Words that Prefect keeps."""

from extractors.errors import CohortflowError
from flows.workspace.judging import uncounted


def without_counts(error: CohortflowError) -> CohortflowError:
    """The same error, whose text, which Prefect keeps, has no true counts; its `message` stays for the terminal."""
    error.args = (uncounted(error.message),)
    return error
