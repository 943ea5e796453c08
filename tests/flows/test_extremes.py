"""A whole run over values at the ends of their types: no period fails, and the counts
are those of the slow engine.
"""

import datetime
from itertools import cycle, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from measures.loading import load_study
from tests.flows.commands import Command
from tests.flows.shelves import Shelves
from tests.lib import reference_engine

STUDY = """
from ehrql import INTERVAL, case, create_measures, months, when, weeks
from ehrql.tables.tpp import addresses, clinical_events, patients

from measures import amount

seen = clinical_events.where(clinical_events.date.is_on_or_before(INTERVAL.end_date))
this_week = clinical_events.where(clinical_events.date.is_during(INTERVAL))
value = seen.numeric_value.maximum_for_patient()
msoa = addresses.sort_by(addresses.address_id).first_for_patient().address_id
days = (INTERVAL.start_date - patients.date_of_birth).days
moved = patients.date_of_birth + months(msoa)
numerators = {
    "sums": this_week.consultation_id.sum_for_patient(),
    "products": days * msoa,
    "powers": (value**9).as_int(),
    "quotients": msoa // -1,
    "squares": msoa * msoa * days,
    "absolutes": (-msoa).absolute(),
    "years": moved.year,
    "later": moved > INTERVAL.start_date,
    "sums_of_floats": (this_week.numeric_value.sum_for_patient() * value).as_int(),
    "means": (this_week.numeric_value.mean_for_patient() / value).as_int(),
    "middles": this_week.numeric_value.median_for_patient().as_int(),
    "amounts": amount(value, least=0, most=100),
}
measures = create_measures()
measures.define_defaults(denominator=patients.exists_for_patient(), intervals=weeks(3).starting_on("2020-03-02"))
for name, numerator in numerators.items():
    measures.define_measure(name, numerator)
    measures.define_measure(f"{name}_by_sex", numerator, group_by={"sex": patients.sex})
measures.define_measure("of_numbers", seen.exists_for_patient(), denominator=msoa)
"""
INTS = (-(2**63), 2**63 - 1, 0, -1, 2**53 + 1, 10**9 + 1, None)
FLOATS = (1.7e308, -1.7e308, 5e-324, 0.0, -0.0, 1e19, 41.0, None)
DAYS = tuple(
    map(
        datetime.date.fromisoformat,
        ("0001-01-01", "9999-12-31", "2020-03-02", "2020-03-08", "2020-03-22"),
    )
)
PEOPLE = 70


def write_records(folder: Path) -> dict[str, list[dict]]:
    folder.mkdir()
    ids = list(range(1, PEOPLE + 1))

    def some(values: tuple, times: int = 1) -> list:
        return list(islice(cycle(values), PEOPLE * times))

    born = some(
        (datetime.date(1, 1, 1), datetime.date(9999, 12, 1), datetime.date(1950, 1, 1))
    )
    tables = {
        "patients": {
            "patient_id": ids,
            "date_of_birth": born,
            "sex": some(("female", "male")),
        },
        "addresses": {
            "patient_id": ids,
            "address_id": pa.array(some(INTS), pa.int64()),
        },
        "clinical_events": {
            "patient_id": ids * 9,
            "date": some(DAYS, 9),
            "numeric_value": pa.array(some(FLOATS, 9), pa.float64()),
            "consultation_id": pa.array(some(INTS, 9), pa.int64()),
        },
    }
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return {name: pa.table(columns).to_pylist() for name, columns in tables.items()}


@pytest.mark.slow
def test_no_period_fails(cohortflow: Command, tmp_path: Path):
    records = write_records(tmp_path / "records")
    (tmp_path / "study.py").write_text(STUDY, encoding="utf-8")
    workspace = tmp_path / "workspace"
    given = (
        tmp_path / "study.py",
        "--records",
        tmp_path / "records",
        "--workspace",
        workspace,
    )
    cohortflow("run", *given, "--policy", "controlled").well()
    counted = {
        _place(row): row
        for row in Shelves(workspace, "study").counts()
        if row["denominator_patients"]
    }
    chosen = load_study(tmp_path / "study.py").measures
    scale = {
        measure.name: 10**measure.places if measure.most else 1 for measure in chosen
    }
    expected = {
        _place(row | row["groups"]): row
        for row in reference_engine.measures(chosen, records)
    }
    assert counted.keys() == expected.keys()
    for place, row in expected.items():
        for name in ("denominator", "denominator_patients", "numerator_patients"):
            assert counted[place][name] == row[name], (place, name)
        assert counted[place]["numerator"] == round(
            row["numerator"] * scale[row["measure"]]
        ), place


def _place(row: dict) -> tuple:
    return row["measure"], row["interval_start"], row.get("sex")
