"""Groups whose names would be values of single people."""

from pathlib import Path

import pytest

from extractors.errors import DefinitionError
from flows.preparing.options import Options
from flows.preparing.prepare import prepare

STUDY = """
from ehrql import INTERVAL, case, create_measures, weeks, when
from ehrql.tables.tpp import clinical_events, patients
last = clinical_events.where(clinical_events.date.is_on_or_before(INTERVAL.end_date)).sort_by(
    clinical_events.date
).last_for_patient()
measures = create_measures()
measures.define_measure(
    "m",
    numerator=last.exists_for_patient(),
    denominator=patients.exists_for_patient(),
    group_by={"it": GROUP},
    intervals=weeks(2).starting_on("2020-01-06"),
)
"""


def load(folder: Path, group: str) -> None:
    (folder / "study.py").write_text(STUDY.replace("GROUP", group))
    prepare(Options(str(folder / "study.py"), patients=10, workspace=str(folder / "w")))


@pytest.mark.parametrize(
    ("group", "of"),
    [("last.numeric_value", "float"), ("last.date", "date"), ("patients.date_of_birth", "date"),
     ("last.numeric_value * 2", "float"), ("case(when(last.exists_for_patient()).then(last.date))", "date")],
)  # fmt: skip
def test_value_that_is_nearly_everybodys_own(tmp_path: Path, group: str, of: str):
    with pytest.raises(DefinitionError, match=f"The group 'it' of m is a {of}: nearly everybody .* case()"):
        load(tmp_path, group)


@pytest.mark.parametrize(
    "group",
    ["patients.date_of_birth.year", "last.date.to_first_of_month()", "patients.date_of_birth.to_first_of_year()",
     "patients.sex", "last.numeric_value > 4", "case(when(last.numeric_value > 4.0).then('high'), otherwise='low')",
     "last.snomedct_code", "(INTERVAL.start_date - patients.date_of_birth).years"],
)  # fmt: skip
def test_value_of_many(tmp_path: Path, group: str):
    load(tmp_path, group)
