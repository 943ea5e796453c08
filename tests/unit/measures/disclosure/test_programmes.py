"""From tables to programmes: which base a sum has, and what the key decides."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.disclosure.control import protect, protection
from measures.disclosure.memory.ledger import Memory
from measures.disclosure.memory.setting import Setting, one_by_one
from measures.disclosure.programmes import scale_of
from measures.disclosure.rounding.programme import solve
from measures.disclosure.together import RoundTogether
from tests.lib.people_counts import CountsOf, Person
from tests.lib.tied_tables import (
    BASE,
    ONE_SEX,
    ONE_WAY,
    draft_of,
    keyed,
    people,
    rounded,
)


@settings(max_examples=20)
@given(people(1), st.integers(0, 2**64))
def test_same_key_same_numbers_in_any_order(drawn, number):
    study = CountsOf(drawn, ONE_WAY, nested=2)

    def backwards(programmes):
        return [solve(programme) for programme in reversed(programmes)][::-1]

    tables = [
        protect(
            study.raw(),
            "controlled",
            Setting(study.structure(), keyed(number), solve_all=each),
        ).table
        for each in (one_by_one, backwards)
    ]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("part", ["numerator", "denominator"])
def test_what_stays_the_same_is_rounded_alike_every_week(part):
    """Else the mean of a year's weeks would give its number away."""
    people = [Person({"sex": "f"}, [int(n < 25)] * 60) for n in range(95)]
    study = CountsOf(people, [("sex",)], weeks=60)
    shown = (
        protect(study.raw(), "controlled", Setting(study.structure(), keyed(5)))
        .table[part]
        .to_pylist()
    )
    assert len(set(shown)) == 1


def test_the_mean_of_many_weeks_does_not_tell_a_count_that_stays_the_same():
    """27 people have the event in all of 60 weeks, while everybody else comes and goes.

    Rounded anew every week, the mean was off by less than 1.
    """
    chance, errors = np.random.default_rng(6), []
    levels = {sex: chance.random((60, 60)) < chance.random((60, 1)) for sex in "bcd"}
    others = [
        Person({"sex": sex}, [int(had) for had in row])
        for sex, rows_ in levels.items()
        for row in rows_
    ]
    study = CountsOf(
        [*others, *[Person({"sex": "a"}, [1] * 60)] * 27], ONE_SEX, weeks=60, nested=1
    )
    raw = study.raw()
    steady = raw.table["sex"].to_numpy(zero_copy_only=False) == "a"
    for number in range(20):
        draft = RoundTogether(BASE).protect(
            draft_of(raw, Setting(study.structure(), keyed(number)))
        )
        errors.append(abs(draft.numerator.values[steady].mean() - 27))
    assert np.mean(errors) > 2.5


def test_who_knows_the_denominators_does_not_know_how_numerators_are_rounded():
    """5 of 15 both become 0 or 10 more with the same chance, and neither tells the
    other.
    """
    study = CountsOf(
        [Person({"sex": "f"}, [int(n < 5)]) for n in range(15)], [("sex",)]
    )
    alike = 0
    for number in range(100):
        _, draft = rounded(study, keyed(number))
        alike += int(draft.numerator.values[0]) == int(draft.denominator.values[0]) - 10
    assert 30 <= alike <= 70


@pytest.mark.parametrize("most, base", [(9, 50), (170, 200), (499, 500), (500, 1_000)])
def test_a_sum_can_be_the_same_with_and_without_anybody(most, base):
    """Its base is above what any one person adds, however far that is above the
    average.
    """
    usual = [Person({"sex": "fm"[n % 2]}, [0], events=1 + n % 3) for n in range(120)]
    study = CountsOf(
        [*usual, Person({"sex": "f"}, [0], events=most)], ONE_SEX, nested=0, events=True
    )
    _, draft = rounded(study)
    assert {of for key, of in draft.rounded.bases.items() if key.of == "events"} == {
        base
    }
    without = {
        row["sex"]: row["numerator"]
        for row in replace(study, people=usual).raw().table.to_pylist()
    }
    for row in study.raw().table.to_pylist():
        assert allowed(row["numerator"], base) & allowed(without[row["sex"]], base)
    assert not allowed(500, 500) & allowed(0, 500), (
        "a base that equals what somebody adds is not enough"
    )


def allowed(count, base):
    return {
        multiple
        for multiple in range(0, count + base, base)
        if abs(multiple - count) < base
    }


def test_who_adds_more_than_a_base_that_was_released_is_withheld():
    """The base of a count is kept; a table that is new, and has somebody who outgrew it
    since, would show them.
    """
    usual = [
        Person({"sex": "fm"[n % 2], "age": "abc"[n % 3]}, [0], events=1 + n % 3)
        for n in range(120)
    ]
    before = CountsOf(usual, ONE_SEX, nested=0, events=True)
    made = protection(before.raw(), "controlled", Setting(before.structure(), keyed(1)))
    largest = Person({"sex": "f", "age": "b"}, [0], events=500)
    after = CountsOf([*usual, largest], [*ONE_SEX, ("age",)], nested=0, events=True)
    again = Setting(after.structure(), keyed(1), memory=Memory().add(made.entries))
    rows = protect(after.raw(), "controlled", again).table.to_pylist()
    assert {row["status"] for row in rows if row["group_by"] == "age"} == {"withheld"}
    assert "released" in {row["status"] for row in rows if row["group_by"] == "sex"}


@pytest.mark.parametrize(
    "mean, scale", [(0, 1), (1, 1), (1.1, 2), (2.5, 5), (5.1, 10), (11, 20), (300, 500)]
)
def test_scale_of_events(mean, scale):
    assert scale_of(mean) == scale
