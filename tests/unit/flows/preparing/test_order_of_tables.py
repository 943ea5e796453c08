"""Tables are in order of dates where a period looks for its rows one by one, and only
there.
"""

from pathlib import Path

import pytest

from flows.preparing.options import Options
from flows.preparing.prepare import prepare

STUDY = """
from ehrql import INTERVAL, create_measures, weeks
from ehrql.tables.tpp import clinical_events, patients

during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
before = clinical_events.where(clinical_events.date <= INTERVAL.start_date)
waited = (INTERVAL.start_date - before.date.maximum_for_patient()).days
odd = (waited // 7) * 2 == 14

measures = create_measures()
measures.define_defaults(
    denominator=patients.exists_for_patient(),
    intervals=weeks({weeks}).starting_on("2020-03-02"),
)
measures.define_measure("odd", numerator=odd)
measures.define_measure("seen", numerator=during.exists_for_patient())
"""


@pytest.mark.parametrize(("weeks", "window"), [(1, ""), (4, "date")])
def test_a_measure_of_one_period_needs_no_order(
    tmp_path: Path, weeks: int, window: str
):
    """The date of the period is a value, so no stretch of time is known in which
    nothing changes; but where there is one period, nothing does.
    """
    definition = tmp_path / "definition.py"
    definition.write_text(STUDY.format(weeks=weeks), encoding="utf-8")
    options = Options(str(definition), workspace=str(tmp_path / "w"))
    prepared = prepare(options)
    of_table = {need.schema.name: need.window for need in prepared.plan.needs}
    assert of_table == {"clinical_events": window, "patients": ""}
    made = {bool(recipe.needed.general) for recipe in prepared.recipes.values()}
    assert made == {window != ""}
