"""What an audit refuses is not written: not a whole release, and not new numbers for
old intervals.

The auditor of these commands asks for more possible counts than any rounding leaves, in
single releases (`width`) or where releases are taken together (`joint_width`); all else
is as it always is.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command, Result
from tests.flows.conftest import STUDIES
from tests.flows.records import PATIENTS, write_records
from tests.flows.shelves import Shelves, contents
from tests.flows.strict_audits import strict_audits

# any would do; with this one the second audit passes, as with nearly all
KEY = bytes([24]) * 32
Stricter = Callable[..., Result]


@pytest.fixture
def stricter(cohortflow: Command) -> Stricter:
    def run(width: str, *arguments: object, **settings: object) -> Result:
        with strict_audits(width):
            return cohortflow(*arguments, **settings)

    return run


@pytest.fixture
def arguments(tmp_path: Path) -> tuple:
    write_records(tmp_path / "records")
    shutil.copytree(STUDIES, tmp_path / "study")
    study, records = tmp_path / "study" / "weekly.py", tmp_path / "records"
    return (
        "run",
        study,
        "--records",
        records,
        "--workspace",
        tmp_path / "w",
        "--policy",
        "controlled",
    )


def test_a_failed_audit_stops_the_release(
    stricter: Stricter, cohortflow: Command, arguments: tuple, tmp_path: Path
):
    shelf = Shelves(tmp_path / "w", "weekly")
    refused = stricter("width", *arguments)
    assert (refused.code, refused.out) == (4, "") and "Traceback" not in refused.err
    assert (
        "The audit refuses the release; nothing was written." in refused.err
        and "What to do" in refused.err
    )
    assert "taken" in refused.err, "the measures are named"
    assert str(PATIENTS) not in refused.err
    assert (
        not shelf.release.exists()
        and not list(shelf.high.glob("ledger/*"))
        and not shelf.unfinished()
    )
    assert len(shelf.results("counts")) == 4, "the periods are done and stay so"
    cohortflow(*arguments).well()
    assert json.loads((shelf.release / "audit.json").read_text(encoding="utf-8"))[
        "passed"
    ]


@pytest.mark.slow
def test_a_failed_audit_leaves_the_release_before_as_it_was(
    stricter: Stricter, cohortflow: Command, arguments: tuple, tmp_path: Path
):
    shelf = Shelves(tmp_path / "w", "weekly")
    cohortflow(*arguments, "--periods", "2020-03-02").well()
    before = contents(shelf.release), contents(shelf.high / "ledger")
    assert stricter("width", *arguments).code == 4
    assert (contents(shelf.release), contents(shelf.high / "ledger")) == before


@pytest.mark.slow
def test_refused_revision_keeps_the_old_numbers(
    stricter: Stricter, cohortflow: Command, arguments: tuple, tmp_path: Path
):
    """Ten people are gone, so that every total would be one base lower; an audit that
    finds too much keeps the old.
    """
    shelf, key = Shelves(tmp_path / "w", "weekly"), tmp_path / "key" / "key"
    key.parent.mkdir(mode=0o700)
    key.write_bytes(KEY)
    key.chmod(0o600)
    cohortflow(*arguments, COHORTFLOW_KEY_FILE=key).well()
    numbers, ledger = (
        (shelf.release / "measures.csv").read_bytes(),
        contents(shelf.high / "ledger"),
    )
    take_ten_away(tmp_path / "records")
    refused = stricter(
        "joint_width", *arguments, "--revise", COHORTFLOW_KEY_FILE=key
    ).well()
    assert "--revise was refused" in refused.out + refused.err
    assert (shelf.release / "measures.csv").read_bytes() == numbers
    assert contents(shelf.high / "ledger") == ledger, "a refused release was none"
    assert outcomes(shelf) == {"the released numbers stay"}
    revised = cohortflow(*arguments, "--revise", COHORTFLOW_KEY_FILE=key).well()
    assert "--revise was refused" not in revised.out + revised.err
    assert outcomes(shelf) == {"released anew"}
    assert contents(shelf.high / "ledger") != ledger


@pytest.mark.slow
def test_what_is_known_before_is_refused_before(
    cohortflow: Command, arguments: tuple, tmp_path: Path
):
    """A key that nobody could make, another one than before, a changed ledger: nobody
    waits for hours to hear it.
    """
    shelf, file = Shelves(tmp_path / "w", "weekly"), tmp_path / "file"
    file.touch()
    refused = cohortflow(*arguments, COHORTFLOW_KEY_FILE=file / "key")
    assert refused.code == 4 and "Traceback" not in refused.err
    assert (
        "No key could be made" in refused.err
        and "COHORTFLOW_KEY_FILE says where" in refused.err
    )
    assert not list(shelf.high.glob("snapshots/*/*")) and not shelf.results("counts")
    cohortflow(*arguments, "--periods", "2020-03-02").well()
    other = tmp_path / "other" / "key"
    refused = cohortflow(*arguments, COHORTFLOW_KEY_FILE=other)
    assert (
        refused.code == 4
        and "no new one is made in its place" in refused.err
        and not other.exists()
    )
    other.parent.mkdir(mode=0o700)
    other.write_bytes(KEY)
    other.chmod(0o600)
    for wish in ((), ("--revise",)):
        refused = cohortflow(*arguments, *wish, COHORTFLOW_KEY_FILE=other)
        assert refused.code == 4 and "was written with the key" in refused.err
    (ledger,) = shelf.high.glob("ledger/*.jsonl")
    ledger.write_bytes(ledger.read_bytes().replace(b"0", b"1"))
    refused = cohortflow(*arguments)
    assert refused.code == 4 and "Entry 1 of the ledger" in refused.err
    assert len(shelf.results("counts")) == 1, "nothing was counted"


def take_ten_away(records: Path) -> None:
    """Some of the middle, from all tables."""
    tables = {path: pq.ParquetFile(path).read() for path in records.glob("*.parquet")}
    gone = sorted(
        {each for table in tables.values() for each in table["patient_id"].to_pylist()}
    )[200:210]
    for path, table in tables.items():
        pq.write_table(
            table.filter(
                [each not in gone for each in table["patient_id"].to_pylist()]
            ),
            path,
        )


def outcomes(shelf: Shelves) -> set[str]:
    lines = (shelf.release / "revisions.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith(",outcome")
    return {line.rsplit(",", 1)[1] for line in lines[1:]}
