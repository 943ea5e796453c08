"""How made-up records are written, and what they are like beside what a definition
wants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from extractors.errors import ArgumentsError
from extractors.trial.people.shape import ENGLAND, Shape

FORMS = ("parquet", "csv")


@dataclass(frozen=True)
class Manner:
    """Plain data, which other processes get.

    Raises ArgumentsError for a form that is none of FORMS.
    """

    # of files: one of FORMS
    form: str = "parquet"
    # whether some rows are damaged as those of real records are
    dirty: bool = False
    # what the people are like in the whole
    shape: Shape = ENGLAND
    # table -> rows that an author wrote, with patient_id, which are multiplied
    examples: Mapping[str, pa.Table] = field(default_factory=dict)
    # the text of README.md in the folder; none if empty
    readme: str = ""

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise ArgumentsError(
                f"Made-up records are written as {' or '.join(FORMS)}, got "
                f"{self.form!r}."
            )


USUAL = Manner()
