"""People in tables that hang together, and what rounding makes of their counts before
it hides any.
"""

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from measures.counts.columns import Part
from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.memory.recall import recall
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policy_steps import Counts, Draft
from measures.disclosure.together import RoundTogether
from tests.lib.people_counts import CountsOf, Person

BASE = 10


GROUPS = ("age", "region", "sex")


ONE_WAY = [(), *((name,) for name in GROUPS)]


ONE_SEX = [(), ("sex",)]


CROSSED = [(), *(each for size in (1, 2, 3) for each in combinations(GROUPS, size))]


def keyed(number):
    return Key(number.to_bytes(32, "big"))


def rounded(study: CountsOf, key=PUBLIC, kind=None):
    """The raw counts, and what every row became before anything of it was hidden."""
    raw = study.raw(kind)
    return raw, RoundTogether(BASE).protect(
        draft_of(raw, Setting(study.structure(), key))
    )


def draft_of(raw, setting):
    recalled = recall(raw, setting, "any", tied=True)
    parts = {part: counts_of(raw, part) for part in Part}
    return Draft(raw=raw, parts=parts, setting=setting, recalled=recalled)


def counts_of(raw, part):
    values = raw.table[part].to_numpy()
    return Counts(
        values=values,
        people=raw.table[part.patients].to_numpy(),
        largest=raw.table[part.largest].to_numpy(),
        reasons=np.full(len(values), "", dtype=object),
        reach=np.zeros(len(values), np.int64),
    )


VALUES = st.sampled_from(["a", "b", "c", None])


def people(weeks, nested=2):
    groups = st.fixed_dictionaries(dict.fromkeys(GROUPS, VALUES))
    one = st.builds(
        Person,
        groups,
        st.lists(st.integers(-1, nested), min_size=weeks, max_size=weeks),
        st.integers(0, 60),
    )
    several = st.tuples(one, st.integers(1, 30)).map(lambda both: [both[0]] * both[1])
    return st.lists(several, max_size=12).map(
        lambda crowds: [person for crowd in crowds for person in crowd]
    )


def crowd(sizes, level=0, **groups):
    return [
        Person({"sex": value, **groups}, [level])
        for value, size in sizes.items()
        for _ in range(size)
    ]
