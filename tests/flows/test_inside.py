"""`attrition` and `explain` on records that are not known to be made up."""

import json
from pathlib import Path

import pytest

from extractors.trial.mark import MARK
from tests.flows.commands import Command
from tests.lib.definitions import START
from tests.lib.prefect_server import environment


@pytest.mark.slow
def test_what_is_real_is_protected_or_stays_on_the_shelf(tmp_path: Path):
    command = Command(environment(tmp_path / "home"))
    study, records, workspace = (
        tmp_path / name for name in ("study.py", "records", "workspace")
    )
    study.write_text(START, encoding="utf-8")
    command("trial", study, "--patients", "1004", "--to", records).well()
    (records / MARK).unlink()
    told = ("--records", records, "--workspace", workspace)
    left = command("attrition", study, *told).well()
    released = workspace / "study_attrition" / "moderately_sensitive" / "measures.csv"
    assert released.is_file() and "1,004" not in left.out and "1004" not in left.out
    assert (
        "denominator of events: everybody of whom there are records"
        in left.out.replace("\n", " ")
    )
    read = command("explain", study, *told, "--patient", "17").well()
    command("run", study, *told, "--no-report").well()
    explained = command("explain", study, *told, "--patient", "17").well()
    path = Path(explained.out.strip())
    # what the run has kept says the same
    assert path.read_bytes() == Path(read.out.strip()).read_bytes()
    assert path.parent == workspace / "study" / "highly_sensitive" / "explain"
    assert path.stat().st_mode & 0o077 == 0
    assert json.loads(path.read_text(encoding="utf-8"))["patient"] == "17"
    assert explained.err == ""
