"""What was guessed when records were made up, in words: for those who look at numbers
of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from extractors.model.types import DMDCode, is_code
from extractors.trial.events.codelists import (
    LARGE,
    condition_name,
    is_known,
    treated_by,
)
from extractors.trial.events.measuring import quantities_of
from extractors.trial.events.table import TABLES
from extractors.trial.manner import Manner
from extractors.trial.people.clinic import ACTIVITIES
from extractors.trial.people.shape import ENGLAND
from extractors.trial.rates import RATES
from extractors.trial.wishes import Wishes
from extractors.trial.writing import KNOWN

# What only a few people had, and the trial of many shows.
SHOWN = frozenset(chain.from_iterable(activity.known for activity in ACTIVITIES[:4]))
Names = Mapping[frozenset[str], str]


def guesses(wishes: Wishes, names: Names, manner: Manner) -> list[str]:
    """One sentence each. `names`: what codelists are called, by their codes."""
    found: list[str] = []
    for schema in wishes.tables:
        if schema.name in manner.examples:
            continue
        if schema.name not in KNOWN and schema.name not in TABLES:
            rate = RATES.get(schema.name)
            often = (
                f"{rate} rows per person and year, as in England"
                if rate
                else "one or two rows per person"
            )
            found.append(
                f"{schema.name}: {often}; its columns do not depend on each other."
            )
        for column in schema.columns:
            lists = wishes.codelists_of(schema.name, column.name)
            if schema.name in TABLES and is_code(column.type):
                drugs = issubclass(column.type, DMDCode)
                found += [
                    _of_list(codes, names, drugs=drugs) for codes in _whole(lists)
                ]
        found += _of_numbers(wishes, schema.name)
    return [sentence for sentence in dict.fromkeys(found) if sentence]


def _whole(lists: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The lists without those that are a part of another one; the largest come
    first.
    """
    kept: list[tuple[str, ...]] = []
    for codes in lists:
        if not any(set(codes) <= set(larger) for larger in kept):
            kept.append(codes)
    return kept


def _of_list(codes: Sequence[str], names: Names, *, drugs: bool) -> str:
    """What is not known of a list; empty where it is known."""
    alone = (
        f"the code {codes[0]}"
        if len(codes) == 1
        else f"the list of {len(codes)} codes with {codes[0]}"
    )
    called = names.get(frozenset(codes), alone)
    if drugs and treated_by(codes):
        return ""
    if drugs:
        return (
            f"{called}: taken for drugs that are issued again and again after one of "
            "the study's conditions."
        )
    if SHOWN.intersection(codes):
        return (
            f"{called}: recorded several times more often than it was, so that a few "
            "thousand people show it."
        )
    if condition_name(codes) or is_known(codes) or quantities_of([codes]):
        return ""
    if len(codes) >= LARGE:
        return (
            f"{called}: taken for a condition that a few in a hundred have, because "
            f"it has {LARGE} codes or more."
        )
    return (
        f"{called}: taken for something that is done to some now and then, because "
        f"it has fewer than {LARGE} codes."
    )


def _of_numbers(wishes: Wishes, table: str) -> Iterator[str]:
    for (name, column), by_code in wishes.thresholds.items():
        numbers = sorted(set(chain.from_iterable(by_code.values())))
        known = table in TABLES and quantities_of([[code for code in by_code if code]])
        if name == table and numbers and not known:
            said = ", ".join(f"{number:g}" for number in numbers[:4])
            yield (
                f"{table}.{column}: numbers are spread around {said}, with which the "
                "study compares them."
            )


def readme(patients: int, wishes: Wishes, found: Sequence[str], manner: Manner) -> str:
    """The text of the folder's README.md."""
    lines = [
        f"# Made-up records of {patients} people",
        "",
        "None of the people in these tables is real. Ages, sexes, regions, "
        "deprivation, deaths, "
        "common conditions,",
        "measurements, smoking and vaccination follow published facts about "
        + (
            "England."
            if manner.shape == ENGLAND
            else "England and the site's released totals."
        ),
        f"The study looks at {wishes.first} to {wishes.last}. Some people are made "
        "so that they fulfil its",
        "conditions, however rare these are; so no rate here is an estimate of a "
        "real one.",
        "",
    ]
    if manner.examples:
        lines += [
            "Multiplied from an author's own rows: "
            f"{', '.join(sorted(manner.examples))}.",
            "",
        ]
    if manner.dirty:
        lines += ["Some rows are damaged on purpose, as those of real records are.", ""]
    lines += ["## What was guessed", ""]
    lines += [f"- {sentence}" for sentence in found] or [
        "Nothing: all that the study looks for is known."
    ]
    return "\n".join(lines) + "\n"
