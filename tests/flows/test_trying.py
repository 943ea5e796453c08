"""`cohortflow try` and `cohortflow run` count the same people."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.lib.definitions import START
from tests.lib.prefect_server import environment


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(environment(tmp_path / "home"))


@pytest.mark.slow
def test_a_run_keeps_the_true_counts_that_a_try_prints(command, tmp_path):
    study = tmp_path / "study.py"
    study.write_text(START, encoding="utf-8")
    workspace = tmp_path / "workspace"
    said = (
        command(
            "run", study, "--patients", "400", "--workspace", workspace, "--no-report"
        )
        .well()
        .out
    )
    kept = workspace / "study" / "highly_sensitive" / "trial_counts.csv"
    assert f"True counts of made-up people: {kept}" in said.replace("\n", "")
    tried = json.loads(command("try", study, "--patients", "400", "--json").well().out)[
        "measures"
    ]
    with kept.open(encoding="utf-8", newline="") as file:
        found = [
            row | {"group": json.loads(row["group"])} for row in csv.DictReader(file)
        ]
    assert found == [
        {key: value if key == "group" else str(value) for key, value in row.items()}
        for row in tried
    ]
    assert {row["group"][0] for row in tried} >= {"female", "male"}


@pytest.mark.slow
def test_doubts_about_real_records_stay_on_the_shelf(command, tmp_path):
    study, records = tmp_path / "study.py", tmp_path / "records"
    study.write_text(START, encoding="utf-8")
    command("trial", study, "--patients", "400", "--to", records).well()
    events = records / "clinical_events.parquet"
    pq.write_table(pq.read_table(events).slice(0, 0), events)
    workspace = tmp_path / "workspace"
    run = command(
        "run", study, "--records", records, "--workspace", workspace, "--no-report"
    ).well()
    kept = workspace / "study" / "highly_sensitive" / "doubts.json"
    doubts = json.loads(kept.read_text(encoding="utf-8"))
    assert doubts["format"] == "cohortflow doubts 1"
    assert [(each["kind"], each["line"]) for each in doubts["doubts"]] == [
        ("nobody", 5)
    ]
    assert str(kept) in run.out.replace("\n", "")
    text = doubts["doubts"][0]["text"]
    assert text.startswith("the numerator of") and text not in " ".join(
        (run.out + run.err).split()
    )
    assert kept.stat().st_mode & 0o077 == 0
