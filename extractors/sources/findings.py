"""What can be wrong with the rows of a table, as a question to all of them."""

from dataclasses import dataclass

from extractors.model.schema import Column
from extractors.sources.reader import Rule


@dataclass(frozen=True)
class Finding:
    """A question to all rows of a table about one column."""

    # its name
    column: str
    # the rule that rows may break, in words
    rule: Rule
    # SQL that counts the rows that break it
    aggregate: str
    # SQL that is true for such a row; empty where no row breaks it alone
    condition: str = ""
    # whether it ends the run; otherwise it is a warning
    fatal: bool = True
    # SQL that costs less than to count, and is 0, false or NULL if no row breaks the
    # rule
    quick: str = ""
    # SQL that is true for a row that shows the rule to be kept; empty if there is none
    absolved: str = ""
    # whether the rule is kept for certain; a promise of an author that is not ends
    # nothing and is said to the site's people alone
    kept: bool = True
    # how many rows break the rule, where that is known without asking them
    rows: int | None = None

    @property
    def ends(self) -> bool:
        return self.fatal and self.kept


def rowwise(
    column: Column, rule: Rule, condition: str, *, fatal: bool = True
) -> Finding:
    """That a row alone breaks a rule."""
    return Finding(
        column=column.name,
        rule=rule,
        aggregate=f"count_if({condition})",
        condition=condition,
        fatal=fatal,
    )
