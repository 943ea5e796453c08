"""Groups whose names would be values of single people."""

from pathlib import Path

import pytest

from extractors.errors import DefinitionError
from flows.preparing.options import Options
from flows.preparing.prepare import prepare

STUDY = """
from ehrql import INTERVAL, case, create_measures, maximum_of, minimum_of, weeks, when
from ehrql.tables.tpp import addresses, clinical_events, patients, practice_registrations
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
    (folder / "study.py").write_text(STUDY.replace("GROUP", group), encoding="utf-8")
    prepare(Options(str(folder / "study.py"), patients=10, workspace=str(folder / "w")))


@pytest.mark.parametrize(
    ("group", "of"),
    [("last.numeric_value", "float"), ("last.date", "date"), ("patients.date_of_birth", "date"),
     ("last.numeric_value * 2", "float"), ("case(when(last.exists_for_patient()).then(last.date))", "date")],
)  # fmt: skip
def test_value_that_is_nearly_everybodys_own(tmp_path: Path, group: str, of: str):
    with pytest.raises(
        DefinitionError,
        match=f"The group 'it' of m is a {of}: nearly everybody .* case()",
    ):
        load(tmp_path, group)


@pytest.mark.parametrize(
    "group",
    ["(INTERVAL.start_date - patients.date_of_birth).days", "(last.numeric_value * 10).as_int()",
     "case(when(last.exists_for_patient()).then((INTERVAL.start_date - "
"last.date).weeks))"],
)  # fmt: skip
def test_whole_number_of_which_there_may_be_many(tmp_path: Path, group: str):
    with pytest.raises(
        DefinitionError,
        match=r"The group 'it' of m is a whole number that the definition computes",
    ) as told:
        load(tmp_path, group)
    assert "Make bands of it with case()" in told.value.message
    assert "minimum_of(maximum_of(x, 0), 100)" in told.value.message


@pytest.mark.parametrize(
    "group",
    ["minimum_of(maximum_of((INTERVAL.start_date - last.date).days, 0), 100)", "patients.date_of_birth.month",
     "practice_registrations.for_patient_on(INTERVAL.start_date).practice_pseudo_id",
     "addresses.for_patient_on(INTERVAL.start_date).msoa_code", "patients.age_on(INTERVAL.start_date)",
     "addresses.for_patient_on(INTERVAL.start_date).imd_rounded", "patients.date_of_birth.year",
     "last.date.to_first_of_month()", "patients.date_of_birth.to_first_of_year()",
     "patients.sex", "last.numeric_value > 4", "case(when(last.numeric_value > 4.0).then('high'), otherwise='low')",
     "last.snomedct_code", "(INTERVAL.start_date - patients.date_of_birth).years"],
)  # fmt: skip
def test_value_of_many(tmp_path: Path, group: str):
    load(tmp_path, group)
