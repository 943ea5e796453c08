"""Whether a part is well, for the health checks of containers: `python -m
flows.serving.well PART`.
"""

import sys
from collections.abc import Sequence

from extractors.errors import CohortflowError
from flows.serving.parts import part_is_well
from flows.serving.setting import setting


def main(words: Sequence[str]) -> int:
    """The exit code: 0 if a part is well or nothing can be said of it, 1 if it is not,
    2 for a mistake.
    """
    try:
        return 0 if part_is_well(setting(), *words) else 1
    except CohortflowError as error:
        print(f"cohortflow: {error.message}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
