"""A shape out of released totals of a site: by age, sex, region and condition.

Either a file of one's own with the columns `what,value,people` (`age,0-17,2100`,
`sex,female,5050`, `region,London,900`, `condition,diabetes,640`), or `measures.csv` of
a release, whose denominators of the last interval are taken.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from extractors.errors import ArgumentsError
from extractors.trial.people import england
from extractors.trial.people.clinic import CONDITIONS
from extractors.trial.people.shape import ENGLAND, Shape

OWN = ("what", "value", "people")
RELEASED = ("measure", "interval_start", "group_by", "group", "denominator")
AGE, SEX, REGION, CONDITION = "age", "sex", "region", "condition"
YES = {"true", "yes", "1"}
LAST_YEAR = 100  # people of 90 and over are spread up to here
BETWEEN = re.compile(r"(\d+)\s*(?:-|–|to)\s*(\d+)")
FROM = re.compile(r"(\d+)\s*(?:\+|or over|or more|and over)")
BELOW = re.compile(r"(?:<|under|below)\s*(\d+)")
FORMS = (
    f"a shape is a CSV with the columns {','.join(OWN)}, or measures.csv of a release"
)


class Total(NamedTuple):
    """So many people are of a value: of an age band, a sex, a region or with a
    condition.
    """

    what: str
    value: str
    people: float


def read_shape(file: Path) -> Shape:
    """Raises ArgumentsError for a file that says nothing of these."""
    totals = list(_totals(file))
    by_what: dict[str, dict[str, float]] = {}
    for total in totals:
        by_what.setdefault(total.what, {})[total.value] = total.people
    shape = ENGLAND
    if ages := by_what.get(AGE):
        shape = replace(shape, ages=_ages(ages, file))
    if sexes := by_what.get(SEX):
        shape = replace(shape, sexes=_weights(sexes, england.SEXES, file))
    if regions := by_what.get(REGION):
        shape = replace(shape, regions=_weights(regions, england.REGIONS, file))
    if conditions := by_what.get(CONDITION):
        shape = replace(shape, conditions=_shares(conditions, by_what, file))
    if shape == ENGLAND:
        raise ArgumentsError(
            f"{file.name} has no totals by age, sex, region or condition; {FORMS}"
            f": {file}"
        )
    return shape


def _totals(file: Path) -> Iterator[Total]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentsError(
            f"{file.name} cannot be read as text: {error}; {FORMS}: {file}"
        ) from None
    rows = csv.DictReader(text.splitlines())
    names = set(rows.fieldnames or ())
    if names >= set(OWN):
        for number, row in enumerate(rows, start=2):
            yield Total(
                row["what"].strip().lower(),
                row["value"].strip(),
                _number(row["people"], file, number),
            )
    elif names >= set(RELEASED):
        yield from _released(rows)
    else:
        raise ArgumentsError(
            f"{file.name} has the columns {', '.join(sorted(names)) or 'none'}; {FORMS}"
            f": {file}"
        )


def _number(text: str, file: Path, line: int) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise ArgumentsError(
            f"{file.name}, line {line}: people is {text!r}; give a number: {file}"
        ) from None


def _released(rows: Iterable[Mapping[str, str]]) -> Iterator[Total]:
    """The denominators of the last interval, of the first measure with each group."""
    tables: dict[tuple[str, str], dict[str, list[Mapping[str, str]]]] = {}
    for row in rows:
        if (
            row["group_by"]
            and "+" not in row["group_by"]
            and row["denominator"].isdigit()
        ):
            of_group = tables.setdefault((row["group_by"], row["measure"]), {})
            of_group.setdefault(row["interval_start"], []).append(row)
    done: set[str] = set()
    for (name, _), by_start in tables.items():
        if name not in done:
            done.add(name)
            yield from _of_group(name, by_start[max(by_start)])


def _of_group(name: str, rows: Iterable[Mapping[str, str]]) -> Iterator[Total]:
    people = {
        str(json.loads(row["group"])[0]): float(row["denominator"]) for row in rows
    }
    what = next((each for each in (SEX, REGION, AGE) if each in name.lower()), "")
    if what:
        yield from (Total(what, value, count) for value, count in people.items())
        return
    condition = next(
        (each.name for each in CONDITIONS if each.name in name.lower()), ""
    )
    ill = sum(count for value, count in people.items() if value.lower() in YES)
    if condition and ill:
        yield Total(CONDITION, condition, ill)


def _ages(bands: Mapping[str, float], file: Path) -> tuple[float, ...]:
    """England's ages within each band that is given; in no other band there is
    anybody.
    """
    years = [_of_year(year) for year in range(LAST_YEAR)]
    weights = [0.0] * LAST_YEAR
    for value, people in bands.items():
        ends = _ends(value)
        if ends is None:
            continue  # such as "Missing"
        first, last = ends
        there = sum(years[first : last + 1])
        if not there:
            raise ArgumentsError(
                f"{file.name}: the age {value!r} lies beyond {LAST_YEAR}: {file}"
            )
        for year in range(first, last + 1):
            weights[year] += people * years[year] / there
    fives = [sum(weights[start : start + 5]) for start in range(0, 90, 5)]
    return (*fives, sum(weights[90:]))


def _of_year(year: int) -> float:
    oldest = len(england.AGES) - 1
    band = min(year // 5, oldest)
    return england.AGES[band] / (10 if band == oldest else 5)


def _ends(value: str) -> tuple[int, int] | None:
    """First and last year of an age band as people write it."""
    if found := BETWEEN.search(value):
        return int(found[1]), min(int(found[2]), LAST_YEAR - 1)
    if found := FROM.search(value):
        return int(found[1]), LAST_YEAR - 1
    if found := BELOW.search(value):
        return 0, int(found[1]) - 1
    return (int(value), int(value)) if value.isdigit() else None


def _weights(
    people: Mapping[str, float], names: tuple[str, ...], file: Path
) -> tuple[float, ...]:
    weights = tuple(people.get(name, 0.0) for name in names)
    if not sum(weights):
        raise ArgumentsError(
            f"{file.name}: none of {', '.join(people)} is one of {', '.join(names)}"
            f": {file}"
        )
    return weights


def _shares(
    people: Mapping[str, float], others: Mapping[str, Mapping[str, float]], file: Path
) -> dict[str, float]:
    """Of all people, as the ages, sexes or regions add up to."""
    names = [condition.name for condition in CONDITIONS]
    if strange := sorted(set(people) - set(names)):
        raise ArgumentsError(
            f"{file.name}: there is no condition {strange[0]!r}; the conditions are "
            f"{', '.join(names)}"
            f": {file}"
        )
    wholes = []
    for what in ("total", AGE, SEX, REGION):
        if what in others:
            wholes.append(sum(others[what].values()))
    if not wholes:
        raise ArgumentsError(
            f"{file.name} has people with conditions and not out of how many; add a line "
            "total,,PEOPLE"
            f": {file}"
        )
    return {name: count / wholes[0] for name, count in people.items()}
