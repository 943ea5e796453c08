"""How many counts a release will have, from the definition alone."""

from pathlib import Path

import pytest

from flows.preparing.counts import counts_in, groups_in
from flows.preparing.estimate import estimate
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared

STUDY = """
from ehrql import case, weeks, when
from ehrql.measures import INTERVAL, create_measures
from ehrql.tables.tpp import addresses, patients, practice_registrations

measures = create_measures()
registered = practice_registrations.for_patient_on(INTERVAL.start_date)
age = patients.age_on(INTERVAL.start_date)
band = case(when(age < 18).then("child"), when(age < 65).then("adult"), otherwise="old")
measures.define_defaults(
    numerator=patients.is_alive_on(INTERVAL.start_date),
    denominator={denominator},
    intervals=weeks({weeks}).starting_on("2021-01-04"),
)
groups = {{
    "sex": patients.sex,
    "band": band,
    "age": age,
    "practice": registered.practice_pseudo_id,
    "young": age < 18,
}}
measures.define_measure("all", group_by={{}})
for name, group in groups.items():
    measures.define_measure(f"by_{{name}}", group_by={{name: group}})
measures.define_measure("by_two", group_by={{name: groups[name] for name in ("sex", "band")}})
"""
REGISTERED = "registered.exists_for_patient()"


def prepared(
    folder: Path,
    *,
    weeks: int = 10,
    patients: int = 80_000,
    denominator: str = REGISTERED,
) -> Prepared:
    path = folder / "study.py"
    path.write_text(
        STUDY.format(weeks=weeks, denominator=denominator), encoding="utf-8"
    )
    return prepare(
        Options(str(path), patients=patients, workspace=str(folder / "w")), look=False
    )


def test_groups_are_counted(tmp_path: Path):
    """Three of four promised sexes, three labels and nobody without one, a hundred
    years, a practice for 8,000.
    """
    measures = list(prepared(tmp_path).study.measures)
    found = {measure.name: groups_in(measure, 80_000) for measure in measures}
    assert found["all"] == 1
    assert found["by_sex"] == 3
    assert found["by_band"] == 4
    assert found["by_age"] == 100
    assert found["by_practice"] == 12
    assert found["by_young"] == 2
    assert found["by_two"] == 12
    assert counts_in(measures, 80_000) == 10 * sum(found.values())
    assert max(groups_in(measure, 50) for measure in measures) == 50, (
        "nobody is in two groups"
    )


def test_an_estimate_grows_with_groups_and_with_weeks(tmp_path: Path):
    few, many = (estimate(prepared(tmp_path, weeks=weeks)) for weeks in (10, 100))
    assert few is not None and many is not None
    assert (few.counts, many.counts) == (3_000, 30_000)
    for step in ("protection", "audit", "report"):
        assert many.steps[step] > few.steps[step] > 0
    assert many.seconds == pytest.approx(sum(many.steps.values()), abs=0.1)
    assert "30,000 counts" in str(many)


def test_weeks_that_hang_together_take_the_auditor_longer(tmp_path: Path):
    """The same people are counted in every week: what one says, says something of
    all.
    """
    apart = estimate(prepared(tmp_path, weeks=100))
    tied = estimate(
        prepared(tmp_path, weeks=100, denominator="patients.exists_for_patient()")
    )
    assert apart is not None and tied is not None
    assert tied.counts == apart.counts
    assert tied.steps["audit"] > 3 * apart.steps["audit"]
