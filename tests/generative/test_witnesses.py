"""A search copes with whatever an author may write, and what it reaches is nearly
always right.
"""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from extractors.trial.wishes import Target
from tests.generative.author import Author
from tests.lib.witness_rows import failures, records_of, scripts

EXAMPLES = 60
MONTHS = ((date(2020, 1, 1), date(2020, 1, 31)), (date(2020, 2, 1), date(2020, 2, 29)))
DEEPEST = 4
# of what is reached, at most: conditions here are stranger than any study's
WRONG = 0.1


class AtRandom(Author):
    """Draws without Hypothesis, which would look for the smallest example of a
    share.
    """

    def __init__(self, seed: int):
        super().__init__(lambda _: None)
        self._luck = random.Random(seed)

    def choose(self, options: Sequence) -> Any:
        return self._luck.choice(list(options))

    def chance(self, in_: int) -> bool:
        return self._luck.randint(1, in_) == in_


def test_any_definition():
    reached = wrong = 0
    for seed in range(EXAMPLES):
        author = AtRandom(seed)
        depth = 1 + seed % DEEPEST
        conditions = (
            author.series(bool, None, depth),
            author.series(author.choose([bool, int]), None, depth),
        )
        target = Target(conditions, MONTHS)
        for script in scripts(target):
            # else nobody is there to be asked
            if any(records_of(script, target, seed).values()):
                reached += 1
                wrong += bool(failures(script, target, seed))
    assert reached > EXAMPLES / 10 and wrong <= WRONG * reached
