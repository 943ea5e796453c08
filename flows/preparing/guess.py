"""What kind of definition a file holds, before it is read behind the walls of the
closed process.
"""

import re

from extractors.errors import CohortflowError
from flows.preparing.options import Options
from measures.study import SHIPPED, find_study

# `measures = …` or `measures: … = …` in a line of its own, or what may bring that name
# along.
MEASURES = re.compile(
    r"^measures\s*[=:]|^from\s.*\bimport\b.*(\bmeasures\b|\*)", re.MULTILINE
)


def looks_like_dataset(options: Options) -> bool:
    """Whether the file seems to define no measures. A wrong guess costs time and
    changes nothing.
    """
    if options.dataset:
        return True
    try:
        path = find_study(options.study)
        if path.is_relative_to(SHIPPED):
            return False
        return not MEASURES.search(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, CohortflowError):  # loading the file says what is wrong
        return True
