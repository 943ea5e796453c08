"""Why a period would run, in the words of `plan`."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.records import write_records
from tests.flows.shelves import Shelves


@pytest.mark.slow
def test_why(cohortflow: Command, studies: Path, tmp_path: Path):
    study, records, workspace = (
        studies / "weekly.py",
        write_records(tmp_path / "records"),
        tmp_path / "w",
    )
    codelist = studies / "codelists" / "readings.csv"
    arguments = (study, "--records", records, "--workspace", workspace)

    def whys() -> list[str]:
        said = cohortflow("plan", *arguments, "--json").well().json
        return [period["why"] for period in said["periods"]]

    assert whys() == ["never run"] * 4
    cohortflow("run", *arguments, "--to", "2020-03-09").well()
    assert whys() == ["", "", "never run", "never run"]

    text, codes = (
        study.read_text(encoding="utf-8"),
        codelist.read_text(encoding="utf-8"),
    )
    study.write_text(text.replace("130", "131"), encoding="utf-8")
    assert whys() == [
        "definition changed",
        "definition changed",
        "never run",
        "never run",
    ]
    study.write_text(f"{text}\n# a comment\n", encoding="utf-8")
    assert whys() == ["", "", "never run", "never run"], "what is counted is the same"
    study.write_text(text, encoding="utf-8")

    codelist.write_text(codes.replace("59621000", "59720008"), encoding="utf-8")
    assert whys()[:3] == ["codelist changed", "codelist changed", "never run"]
    codelist.write_text(codes, encoding="utf-8")
    assert whys() == ["", "", "never run", "never run"]

    patients = records / "patients.parquet"
    patients.touch()
    assert whys() == ["", "", "never run", "never run"], (
        "the same records at another time"
    )
    before = patients.read_bytes()
    pq.write_table(pq.read_table(patients).slice(1), patients)
    assert whys()[:2] == ["new records", "new records"]
    patients.write_bytes(before)
    for path in Shelves(workspace, "weekly").results("cohorts").values():
        path.unlink()
    assert whys()[:2] == ["its results are gone"] * 2
