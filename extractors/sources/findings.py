"""What can be wrong with the rows of a table, as a question to all of them."""

from dataclasses import dataclass

from extractors.model.schema import Column
from extractors.sources.reader import Rule


@dataclass(frozen=True)
class Finding:
    """A question to all rows about one column: `aggregate` counts those that break the
    rule.

    `condition`, where one row alone can break the rule, is true for such a row;
    `absolved`, if there is one, is true for a row that shows the rule to be kept.
    `quick` costs less than to count and is 0, false or NULL if no row breaks the rule.
    What is not `fatal` becomes a warning. What is not `kept`, a promise of an author,
    ends nothing and is said to the site's people alone.
    """

    column: str
    rule: Rule
    aggregate: str
    condition: str = ""
    fatal: bool = True
    quick: str = ""
    absolved: str = ""
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
