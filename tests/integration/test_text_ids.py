"""A run on records whose patients are known by texts gives what one on numbers gives,
with the texts.
"""

import csv
import json
from pathlib import Path

import pytest

from extractors.engine import Engine
from extractors.snapshot import Snapshot
from tests.flows.commands import Command

DEFINITION = """
from ehrql import create_dataset, table_from_file
from ehrql.tables.core import clinical_events, patients

before = table_from_file("before.csv", columns={"score": int})
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.sex = patients.sex
dataset.score = before.score
dataset.last = clinical_events.sort_by(clinical_events.date).last_for_patient().date
dataset.add_event_table("events", date=clinical_events.date, code=clinical_events.snomedct_code)
"""
IDS = {
    1: "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    2: "0a2504e0-4f89-11d3-9a0c-0305e82c3301",
    3: "x-3",
}
PATIENTS = [
    (1, "1950-01-01", "female"),
    (2, "1960-01-01", "male"),
    (3, "1970-01-01", "male"),
]
EVENTS = [
    (1, "2020-01-05", "444814009"),
    (1, "2021-01-05", "22298006"),
    (3, "2020-03-01", "444814009"),
]


def _write(
    folder: Path, name: str, header: str, rows: list[tuple], ids: dict[int, str]
) -> None:
    lines = [header, *(",".join([ids[row[0]], *map(str, row[1:])]) for row in rows)]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _run(
    cohortflow: Command, folder: Path, ids: dict[int, str]
) -> dict[str, list[dict[str, str]]]:
    (folder / "records").mkdir(parents=True)
    (folder / "definition.py").write_text(DEFINITION, encoding="utf-8")
    _write(
        folder / "records", "patients", "patient_id,date_of_birth,sex", PATIENTS, ids
    )
    _write(
        folder / "records",
        "clinical_events",
        "patient_id,date,snomedct_code",
        EVENTS,
        ids,
    )
    _write(folder, "before", "patient_id,score", [(2, 7), (3, 9)], ids)
    where = (
        "--records",
        folder / "records",
        "--workspace",
        folder / "workspace",
        "--format",
        "csv",
    )
    here = Command(cohortflow.environment, cohortflow.by, folder)
    here("run", folder / "definition.py", *where).well()
    found = sorted((folder / "workspace").glob("*/highly_sensitive/datasets/*/*.csv"))
    return {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in found
    }


@pytest.fixture(scope="module")
def written(
    cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict, dict]:
    folder = tmp_path_factory.mktemp("ids")
    numbers = _run(
        cohortflow, folder / "numbers", {number: str(number) for number in IDS}
    )
    return folder, numbers, _run(cohortflow, folder / "texts", IDS)


def test_datasets_and_events_have_the_texts(written: tuple[Path, dict, dict]):
    _, numbers, texts = written
    assert numbers.keys() == texts.keys() == {"dataset", "events"}
    for name, rows in numbers.items():
        named = [row | {"patient_id": IDS[int(row["patient_id"])]} for row in rows]
        assert sorted(named, key=lambda row: list(row.values())) == texts[name]
    assert {row["score"] for row in texts["dataset"]} == {"", "7", "9"}


@pytest.mark.slow
def test_zeros_in_front_are_part_of_an_id(
    cohortflow: Command, written: tuple[Path, dict, dict]
):
    folder, numbers, _ = written
    ids = {number: f"{number:06}" for number in IDS}
    padded = _run(cohortflow, folder / "padded", ids)
    for name, rows in numbers.items():
        named = [row | {"patient_id": ids[int(row["patient_id"])]} for row in rows]
        assert sorted(named, key=lambda row: list(row.values())) == padded[name]


def test_the_pairs_are_kept_with_the_snapshot_alone(written: tuple[Path, dict, dict]):
    folder, *_ = written
    (pairs,) = (folder / "texts").glob("**/patient_ids.parquet")
    assert pairs.parent.parent.name == "snapshots" and not list(
        (folder / "numbers").glob("**/patient_ids.parquet")
    )
    described = json.loads((pairs.parent / "snapshot.json").read_text(encoding="utf-8"))
    assert "patient ids" in described["sha256"]


def test_everybodys_own_id_can_be_asked_for(written: tuple[Path, dict, dict]):
    folder, *_ = written
    for name, own in (
        ("texts", set(IDS.values())),
        ("numbers", {str(number) for number in IDS}),
    ):
        (described,) = (folder / name).glob("**/snapshot.json")
        with Engine() as engine:
            pairs = engine.execute(Snapshot(described.parent, ()).own_ids)
        assert {id_ for _, id_ in pairs} == own and len(
            {number for number, _ in pairs}
        ) == len(own)
