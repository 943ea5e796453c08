"""What the names of groups give away: people in seven columns that name nearly
everybody, and texts that do things.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from measures.disclosure.control import policy_named, protect
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting
from measures.disclosure.naming import NameGroups
from measures.disclosure.policies import Policy
from measures.release.csv import escaped
from tests.lib.people_counts import CountsOf, Person
from tests.lib.structures import structure_from

POLICIES = ("opensafely", "nhs-digital", "midpoint6", "controlled")
# A day of birth, a practice, an area, a code, a value times ten, a sex, a band of age.
COLUMNS = {
    "born": 30_000,
    "practice": 40,
    "area": 200,
    "code": 100,
    "value": 800,
    "sex": 2,
    "band": 5,
}
LABELS: dict[str, list[str]] = {"sex": ["0", "1"], "band": ["0", "1", "2", "3", "4"]}
SEVEN = tuple(sorted(COLUMNS))
KEY = Key(b"a key for tests of names")


@cache
def everybody(size: int, weeks: int = 2, seed: int = 5) -> CountsOf:
    """People who come and go, counted in all, by practice, and by all seven columns
    crossed.
    """
    dice = np.random.default_rng(seed)
    columns = {name: dice.integers(0, values, size) for name, values in COLUMNS.items()}
    levels = dice.integers(-1, 2, (size, weeks))
    drawn = [
        Person(
            {name: str(column[n]) for name, column in columns.items()},
            levels[n].tolist(),
        )
        for n in range(size)
    ]
    return CountsOf(drawn, [(), ("practice",), ("sex",), SEVEN], weeks=weeks)


def structure_of(counts: CountsOf) -> dict[str, Any]:
    """As a manifest has it, with the names that the definition says."""
    structure = counts.structure_json()
    for name, group in structure["groups"].items():
        group |= {"labels": LABELS.get(name, []), "open": name not in LABELS}
    return structure


def released(counts: CountsOf, policy: Policy, key: Key = KEY) -> pa.Table:
    return protect(
        counts.raw(), policy, Setting(structure_from(structure_of(counts)), key)
    ).table


def without_rule(policy: Policy) -> Policy:
    """The policy as it was before it had a rule for names."""
    return replace(
        policy,
        after=tuple(step for step in policy.after if not isinstance(step, NameGroups)),
    )


@dataclass(frozen=True)
class Told:
    """What the crossing of seven columns says to somebody who knows the policy."""

    # its rows' groups: each says that somebody has these seven values
    groups: int
    # those of which exactly one person is, as the truth has it
    of_one: int
    # people in them who are fewer than the threshold of the policy allows to be learnt
    of_few: int


def told(counts: CountsOf, policy: Policy) -> Told:
    table = released(counts, policy)
    names = {
        tuple(row[name] for name in SEVEN)
        for row in table.to_pylist()
        if row["group_by"] == "+".join(SEVEN)
    }
    people = Counter(
        tuple(person.groups[name] for name in SEVEN) for person in counts.people
    )
    return Told(
        groups=len(names),
        of_one=sum(people[name] == 1 for name in names),
        of_few=sum(1 <= people[name] <= policy.threshold for name in names),
    )


def lines(size: int, policies: Sequence[str] = POLICIES) -> list[str]:
    """The table of the benchmark."""
    counts = everybody(size)
    rows = []
    for name in policies:
        policy = policy_named(name)
        for rule, chosen in (("none", without_rule(policy)), ("two bases", policy)):
            found = told(counts, chosen)
            rows.append(
                f"| {name} | {rule} | {found.groups:,} | {found.of_one:,} | "
                f"{found.of_few:,} |"
            )
    return rows


HEAD = (
    "| policy | rule of names | groups with rows | of them one person each | 1 to "
    "threshold |\n|---|---|---|---|---|"
)

# Texts of records, and what a spreadsheet or a reader would make of them.
TEXTS = {
    "formula": '=HYPERLINK("http" & A1)',
    "function": "@SUM(1+1)*cmd|' /C calc'!A0",
    "sum": "+1+1",
    "difference": "-2+3",
    "formula behind a space": " =1+1",
    "formula behind a tab": "\t=1+1",
    "wide formula": "＝1+1",
    "line break": "London\n=1+1",
    "the mark of a release": "[REDACTED]",
    "right to left": "\u202enodnoL",
    "without width": "Lon\u200bdon",
    "control": "Lon\x1b[31mdon",
    "a line of its own": "Lon\u2028don",
    "backslash": "\\u003d1",
}


def label_lines() -> list[str]:
    return [
        f"| {what} | {ascii(text)} | `{escaped(text)}` |"
        for what, text in TEXTS.items()
    ]
