"""What a run will take, without what a table holds: the size of a table is a true
count.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.errors import ArgumentsError
from flows.preparing.estimate import estimate, one_figure, refuse_what_cannot_fit
from flows.preparing.options import Options
from flows.preparing.prepare import prepare

STUDY = """
from ehrql import create_dataset
from ehrql.tables.core import clinical_events, patients

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.events = clinical_events.count_for_patient()
"""


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, 0),
        (4, 4),
        (9, 9),
        (14, 10),
        (15, 20),
        (96, 100),
        (449_999, 400_000),
        (123_456_789, 100_000_000),
    ],
)
def test_one_figure(number: int, shown: int):
    assert one_figure(number) == shown


def expected(folder: Path, patients: int, events: int) -> dict[str, float]:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    for name, rows in (("patients", patients), ("clinical_events", events)):
        pq.write_table(
            pa.table({"patient_id": range(rows)}), tables / f"{name}.parquet"
        )
    (folder / "study.py").write_text(STUDY, encoding="utf-8")
    prepared = prepare(
        Options(str(folder / "study.py"), str(tables), workspace=str(folder / "w"))
    )
    found = estimate(prepared)
    assert found
    return found.as_json()


def test_neighbouring_sizes_look_alike(tmp_path: Path):
    """No figure of the plan, nor one made of it, tells one patient more or a row
    more.
    """
    one = expected(tmp_path / "one", 1_234, 51_111)
    assert (one["patients"], one["rows"]) == (1_000, 50_000)
    assert one == expected(tmp_path / "other", 1_235, 54_321)


def test_a_heavy_definition_is_seen_coming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """500 series need more memory and time than 5, and too little of it is refused
    before the run.
    """
    estimates = []
    for many in (5, 500):
        lines = [
            f"dataset.add_column('n{number}', rows({number}).count_for_patient())"
            for number in range(many)
        ]
        path = tmp_path / f"with_{many}.py"
        path.write_text(
            (
                "from ehrql import create_dataset, days\nfrom ehrql.tables.core "
                "import clinical_events, patients\n"
                "dataset = "
                "create_dataset()\ndataset.define_population(patients.exists_for_patient())\n"
                "last = "
                "clinical_events.sort_by(clinical_events.date).last_for_patient().date\n"
                "def rows(number):\n    return "
                "clinical_events.where(clinical_events.date < last - days(number))\n"
            )
            + "\n".join(lines),
            encoding="utf-8",
        )
        prepared = prepare(
            Options(str(path), patients=1_000, workspace=str(tmp_path / "w")),
            look=False,
        )
        estimates.append(estimate(prepared))
        refuse_what_cannot_fit(prepared, own_server=False)
    light, heavy = estimates
    assert light is not None and heavy is not None
    assert heavy.memory > light.memory + 50_000_000 and heavy.seconds > light.seconds
    monkeypatch.setenv("COHORTFLOW_MEMORY_MB", "180")
    monkeypatch.setenv("COHORTFLOW_WORKERS", "2")
    with pytest.raises(
        ArgumentsError, match="180 MB for 2 workers are too little: each needs 190 MB"
    ):
        refuse_what_cannot_fit(prepared, own_server=False)


LONG = """
from ehrql import case, days, when
from ehrql.measures import INTERVAL, create_measures
from ehrql.tables.core import clinical_events, patients

measures = create_measures()
age = patients.age_on(INTERVAL.start_date)
had = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.start_date),
    intervals=days({days}).starting_on("2018-01-01"),
)
bands = [when((age >= 3 * n) & (age < 3 * n + 3)).then(str(n)) for n in range(32)]
band = case(*bands, otherwise="old")
for number in range(20):
    measures.define_measure(
        f"m{{number}}",
        numerator=had.count_for_patient() > number,
        group_by={{"band": band}},
    )
"""


@pytest.mark.parametrize(
    ("days", "took"),
    # CPU seconds of protection, audit and report (tests/benchmarks/README.md)
    [(200, 31.5), (500, 94.6), (2_000, 328.2)],
)
def test_a_release_of_a_million_counts_is_foreseen_within_a_factor_of_two(
    tmp_path: Path, days: int, took: float
):
    path = tmp_path / "definition.py"
    path.write_text(LONG.format(days=days), encoding="utf-8")
    expected = estimate(prepare(Options(str(path), patients=5_000)))
    assert expected
    assert 0.7 < expected.counts / (2 * 33 * 20 * days) < 1.4
    seconds = sum(expected.steps[step] for step in ("protection", "audit", "report"))
    assert took / 2 < seconds < took * 2
