# mypy: ignore-errors
"""From a plan to SQL along a chain of periods, and what the engine makes of it."""

import pytest

from extractors import INTERVAL, weeks
from extractors.evaluation import loaded
from extractors.planner.plan import make_plan
from extractors.sql.tally import Tally
from extractors.time.chains import plan_timelines
from extractors.time.stretches import changes_of, counts_of, make_chain
from extractors.time.timelines import Wanted
from tests.lib.tables import draw, e, p

WEEKS = tuple(weeks(2).starting_on("2020-01-06"))
RECORDS = {
    p: """
          | d1         | s1
        --+------------+----
        1 | 2000-01-01 | {a}
        2 | 2000-01-01 | b
    """,
    e: """
          | d1         | s1
        --+------------+-----
        1 | 2020-01-07 | {x}
        2 | 2020-01-14 | {x}
        2 | 2020-01-15 | y
    """,
}
in_week = e.where(e.d1.is_during(INTERVAL))


@pytest.mark.parametrize("word", ["plain", "{touched}", "{found}", "{}", "{", 'a"}'])
def test_any_name_and_text_may_be_in_a_chain(word):
    """Curly brackets and quotation marks are letters like others."""
    seen, old, letter = f"seen {word}", f"old {word}", f"letter {word}"
    series = {
        seen: in_week.where(e.s1 == "{x}").exists_for_patient().node,
        old: (p.d1 < INTERVAL.start_date).node,
        letter: p.s1.when_null_then(word).node,
    }
    plan = make_plan(series, (old,))
    tally = Tally((old, bool), ((seen, bool),), ((letter,),))
    timelines = plan_timelines(plan, [Wanted(WEEKS, {0: tally})])
    with loaded(plan, _drawn()) as engine:
        make_chain(engine, timelines, 0)
        rows = counts_of(
            engine, timelines.chains[0], changes_of(engine, timelines, 0)
        ).to_pylist()
    got = {
        (row["at place"], row[letter]): (row["n0"], row["denominator"]) for row in rows
    }
    assert got == {
        (0, "{a}"): (1, 1),
        (0, "b"): (0, 1),
        (1, "{a}"): (0, 1),
        (1, "b"): (1, 1),
    }


def _drawn():
    return {"p": draw(p, RECORDS[p]), "e": draw(e, RECORDS[e])}
