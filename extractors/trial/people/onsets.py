"""Since when people have a condition, be it one that is known here or a list of
codes.
"""

from extractors.trial.dice import Array
from extractors.trial.people.clinic import Condition
from extractors.trial.people.draw import People, draw_onset


def onset_of(people: People, condition: Condition) -> Array:
    """The day of each of the people, NEVER for most; the same whichever table asks."""
    known = people.onset.get(condition.name)
    if known is not None:
        return known
    # The same luck with a smaller share: who has this one has the more common one, too.
    return draw_onset(
        people.luck(f"condition {condition.beside or condition.name}"),
        people,
        condition,
    )
