"""What an attacker learns who asks for the same people again and again, or for nearly
the same.

Each attack is carried out twice: on counts that do not say whom they are of, as it was
before, and on counts that do, with a ledger of the site between studies.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from extractors.errors import DisclosureRefused
from measures.disclosure.control import protection
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Ledger, Memory
from measures.disclosure.memory.setting import Setting
from tests.lib.fingerprints import hash_of
from tests.lib.people_counts import CountsOf, Person

HEAD = "| attack | learnt before | learnt now |\n|---|---|---|"
KEY = Key(bytes(range(7, 39)))
HASHES = np.array([hash_of(place) % 2**64 for place in range(2_000)], np.uint64)
PEOPLE, SIZE, WORDINGS, COPIES = 400, 137, 400, 60
# of a sweep: a known person more each week, and how many have a diagnosis
WEEKS, SHARE = 120, 0.4


class Unrelated(CountsOf):
    """Numerators of which the definition does not say that one is part of another;
    called by `name` of a study.
    """

    name = ""

    def structure_json(self) -> dict[str, Any]:
        plain = super().structure_json()
        for each in plain["measures"].values():
            each["within"] = []
            each["counts"] = {
                part: self.name + count for part, count in each["counts"].items()
            }
        plain["counts"] = {
            self.name + count: {
                **each,
                "within": [] if count == "all" else [f"{self.name}all"],
            }
            for count, each in plain["counts"].items()
        }
        return plain


def study(
    level: Sequence[Sequence[int]],
    *,
    numerators: int = 1,
    weeks: int = 1,
    name: str = "",
) -> Unrelated:
    """People who are in as many of the numerators as their level says, by week; in no
    groups.
    """
    counts = Unrelated(
        [Person({}, each) for each in level], [()], nested=numerators, weeks=weeks
    )
    counts.name = name
    return counts


@dataclass
class Site:
    """A site before and after: `bound` counts say whom they are of, and a ledger
    remembers it.
    """

    bound: bool
    ledger: Ledger

    def release(
        self, counts: Unrelated, policy: str = "controlled"
    ) -> list[dict[str, Any]]:
        """The released rows of a study in a workspace of its own."""
        site, is_person = (
            (self.ledger.memory, _is_person) if self.bound else (None, None)
        )
        setting = Setting(
            counts.structure(), KEY, memory=Memory(), site=site, is_person=is_person
        )
        made = protection(replace(counts, known=self.bound).raw(), policy, setting)
        self.ledger.append(made.site)
        return made.released.table.to_pylist()

    def numbers(self, counts: Unrelated, policy: str = "controlled") -> list[int]:
        return [
            row["numerator"]
            for row in self.release(counts, policy)
            if row["numerator"] is not None
        ]


def _is_person(numbers: np.ndarray) -> np.ndarray:
    return np.isin(numbers, HASHES)


# Averages -----------------------------------------------------------------------------


def _of_size(numerators: int) -> list[list[int]]:
    return [[numerators]] * SIZE + [[0]] * (PEOPLE - SIZE)


def _mean(numbers: Sequence[int]) -> str:
    """What the mean of many roundings of one count tells."""
    if len(set(numbers)) == 1:
        return f"{numbers[0]}, the one number there is"
    mean = float(np.mean(numbers))
    return f"{mean:.1f}, and it is {SIZE}" if abs(mean - SIZE) < 1 else f"{mean:.1f}"


def wordings(site: Site) -> str:
    return _mean(site.numbers(study(_of_size(WORDINGS), numerators=WORDINGS)))


def copies(site: Site) -> str:
    return _mean(
        [
            n
            for copy in range(COPIES)
            for n in site.numbers(study(_of_size(1), name=f"copy {copy} "))
        ]
    )


def other_policy(site: Site) -> str:
    """`opensafely` shows the nearest 5, `controlled` a 10 that is less than 10 away."""
    [exact] = site.numbers(study(_of_size(1)), "opensafely")
    try:
        [number] = site.numbers(study(_of_size(1), name="again "))
    except DisclosureRefused:
        return f"{exact} ± 2; the second study is refused"
    return f"{exact} ± 2, and {number} ± 9"


# One person ---------------------------------------------------------------------------


def everybody_but_ann(site: Site) -> str:
    """Everybody, and everybody but Ann if she has it: how often two numbers say that
    she does.
    """
    told = 0
    for size in range(21, 101):
        one_less = [[2]] * (size - 1) + [[1]] + [[0]] * 50
        told += (
            len(set(site.numbers(study(one_less, numerators=2, name=f"{size} ")))) == 2
        )
    return f"that she has it, {told} times of 80"


def newcomer(site: Site) -> str:
    """The same count before and after Ann came, whom everybody saw coming.

    How often it is shown in another way, or not at all, which says that she has it.
    """
    told = 0
    for size in range(21, 101):
        with tempfile.TemporaryDirectory() as folder:
            alone = Site(site.bound, Ledger(Path(folder) / "people.jsonl", KEY))
            before = [[1]] * size + [[0]] * 50
            old, new = (
                alone.release(study(each, name=f"{size} "))[0]["numerator"]
                for each in (before, [*before, [1]])
            )
        told += old != new
    return f"that she has it, {told} times of 80"


# Sweeps -------------------------------------------------------------------------------


def _sweep(more: int, copies: int = 1) -> tuple[Unrelated, np.ndarray]:
    """One person more in each week, in known order, who is counted if they have a
    diagnosis.

    The last of `copies` is the sweep; each one before has `more` people besides, of
    whom it is known that they have it.
    """
    has = np.random.default_rng(5).random(WEEKS) < SHARE
    level = [
        [copies * bool(has[each] and week >= each) for week in range(WEEKS)]
        for each in range(WEEKS)
    ]
    for copy in range(1, copies):
        level += [[copy] * WEEKS] * more
    return study(level + [[0] * WEEKS] * 40, numerators=copies, weeks=WEEKS), has


def _told(site: Site, more: int, copies: int = 1) -> str:
    """The weeks in which a number changes tell of the person of that week."""
    counts, has = _sweep(more, copies)
    rows = site.release(counts)
    steps: set[int] = set()
    for measure in {row["measure"] for row in rows}:
        mine = sorted(
            (row for row in rows if row["measure"] == measure),
            key=lambda row: row["interval_start"],
        )
        shown = [row["numerator"] for row in mine]
        steps |= {week for week in range(1, WEEKS) if shown[week] != shown[week - 1]}
    assert all(has[week] for week in steps), (
        "a number changed in a week in which nobody joined"
    )
    return f"{len(steps)} of {int(has.sum())} diagnoses"


def sweep(site: Site) -> str:
    return _told(site, 0)


def sweep_in_other_words(site: Site) -> str:
    return _told(site, 0, copies=8)


def sweep_with_one_more(site: Site) -> str:
    return _told(site, 1, copies=2)


def sweep_with_two_more(site: Site) -> str:
    return _told(site, 2, copies=8)


ATTACKS: dict[str, Callable[[Site], str]] = {
    f"{WORDINGS} wordings of one count": wordings,
    f"{COPIES} copies of a study under other names": copies,
    "a copy under another policy": other_policy,
    "everybody, and everybody but one person": everybody_but_ann,
    "a known newcomer, and the numbers anew": newcomer,
    "a sweep in known order": sweep,
    "the sweep in 8 wordings": sweep_in_other_words,
    "the sweep, and with one person more": sweep_with_one_more,
    "the sweep, and 7 times with two people more": sweep_with_two_more,
}


def learnt(attack: str) -> list[str]:
    """What an attack tells before and now."""
    told = []
    for bound in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            ledger = Ledger(Path(folder) / "people.jsonl", KEY)
            told.append(ATTACKS[attack](Site(bound, ledger)))
    return told


def row(attack: str) -> str:
    return f"| {' | '.join([attack, *learnt(attack)])} |"
