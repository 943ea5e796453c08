"""A site remembers whom it counted: copies of a study show its numbers, in whatever
workspace, words and order.
"""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.flows.commands import Command, Result
from tests.flows.conftest import STUDIES
from tests.flows.shelves import Shelves, contents
from tests.lib.fingerprints import fingerprint_of
from tests.lib.prefect_server import Server

Run = Callable[..., Result]
OTHER_WORDS = (
    "numerator=taken.exists_for_patient()",
    "numerator=~(taken.count_for_patient() == 0)",
)


@pytest.fixture
def site(tmp_path: Path) -> dict[str, Path]:
    """A key and a ledger of one's own."""
    return {"COHORTFLOW_KEY_FILE": tmp_path / "keys" / "key"}


@pytest.fixture
def run(
    cohortflow: Command, records: Path, tmp_path: Path, site: dict[str, Path]
) -> Run:
    def run(study: Path, place: str, *options: object, **settings: object) -> Result:
        where = (
            "--records",
            records,
            "--workspace",
            tmp_path / place,
            "--policy",
            "controlled",
        )
        ledger = {"COHORTFLOW_LEDGER": tmp_path / "keys" / "ledger"}
        return cohortflow("run", study, *where, *options, **(site | ledger | settings))

    return run


@pytest.fixture
def other_words(tmp_path: Path) -> Path:
    """The study `weekly`, which asks for the same people in other words."""
    study = shutil.copytree(STUDIES, tmp_path / "others") / "other.py"
    old, new = OTHER_WORDS
    text = (STUDIES / "weekly.py").read_text(encoding="utf-8")
    assert old in text
    study.write_text(
        text.replace(old, new).replace("taken", "had").replace("high_by_sex", "more"),
        encoding="utf-8",
    )
    return study


def numbers(tmp_path: Path, place: str, study: str) -> list[tuple]:
    """Of counts of people: whatever was shown of them, without the names of
    measures.
    """
    rows = Shelves(tmp_path / place, study).rows()
    return sorted(
        (row["interval_start"], row["denominator"], row["numerator"])
        for row in rows
        if not row["group_by"]
    )


@pytest.mark.slow
def test_a_copy_in_other_words_and_another_workspace_shows_the_same_numbers(
    run: Run, other_words: Path, tmp_path: Path
):
    run(STUDIES / "weekly.py", "w").well()
    run(other_words, "v").well()
    run(STUDIES / "weekly.py", "v", "--name", "again").well()
    first = numbers(tmp_path, "w", "weekly")
    assert len(first) == 4 and numbers(tmp_path, "v", "other") == first
    assert (
        Shelves(tmp_path / "v", "again").rows()
        == Shelves(tmp_path / "w", "weekly").rows()
    )


@pytest.mark.slow
def test_the_last_week_first_shows_the_same_numbers(run: Run, tmp_path: Path):
    run(STUDIES / "weekly.py", "w", "--periods", "2020-03-23").well()
    run(STUDIES / "weekly.py", "v").well()
    last = numbers(tmp_path, "w", "weekly")
    assert last == numbers(tmp_path, "v", "weekly")[-1:]


@pytest.mark.slow
def test_another_policy_is_refused(
    run: Run, cohortflow: Command, records: Path, tmp_path: Path
):
    run(STUDIES / "weekly.py", "w").well()
    refused = run(
        STUDIES / "weekly.py", "v", "--policy", "opensafely", "--name", "other"
    )
    assert (
        refused.code == 4
        and "some of the same people under controlled T=7 base=10" in refused.err
    )
    assert not Shelves(tmp_path / "v", "other").release.exists()


@pytest.mark.slow
def test_an_older_ledger_of_the_site_is_noticed(run: Run, tmp_path: Path):
    run(STUDIES / "weekly.py", "w").well()
    shutil.rmtree(tmp_path / "keys" / "ledger")
    refused = run(STUDIES / "weekly.py", "w")
    assert (
        refused.code == 4
        and "COHORTFLOW_LEDGER" in refused.err
        and "Traceback" not in refused.err
    )


@pytest.mark.slow
def test_two_studies_at_once_wait_for_each_other(
    run: Run, other_words: Path, tmp_path: Path
):
    with ThreadPoolExecutor() as pool:
        both = list(
            pool.map(
                lambda asked: run(*asked),
                [(STUDIES / "weekly.py", "w"), (other_words, "v")],
            )
        )
    assert [each.code for each in both] == [0, 0]
    assert numbers(tmp_path, "w", "weekly") == numbers(tmp_path, "v", "other")


def test_fingerprints_are_private_and_nowhere_else(
    run: Run, tmp_path: Path, server: Server, site: dict[str, Path]
):
    result = run(STUDIES / "weekly.py", "w")
    shelves = Shelves(tmp_path / "w", "weekly")
    columns = ("numerator_fingerprint", "denominator_fingerprint")
    told = {row[name] for row in shelves.counts() for name in columns} - {
        0,
        fingerprint_of([]),
    }
    assert len(told) > 2, "everybody, and women and men who had high readings"
    seen = (
        b"".join(contents(shelves.release).values())
        + (result.out + result.err).encode()
        + server.database
    )
    assert not [
        each
        for each in told
        if str(each).encode() in seen or f"{each:016x}".encode() in seen
    ]
    (ledger,) = (tmp_path / "keys" / "ledger").glob("*.jsonl")
    assert any(f"{each:016x}".encode() in ledger.read_bytes() for each in told)
    for path in (ledger, ledger.parent):
        assert not path.stat().st_mode & 0o077


@pytest.mark.slow
def test_trials_leave_no_ledger(
    cohortflow: Command, tmp_path: Path, site: dict[str, Path]
):
    cohortflow(
        "run",
        STUDIES / "weekly.py",
        "--patients",
        300,
        "--workspace",
        tmp_path / "w",
        **site,
    ).well()
    assert not (tmp_path / "keys").exists()


@pytest.mark.slow
def test_manifest_and_audit_say_what_is_bound(run: Run, tmp_path: Path):
    run(STUDIES / "weekly.py", "w").well()
    release = Shelves(tmp_path / "w", "weekly").release
    manifest, audit = (
        json.loads((release / name).read_text(encoding="utf-8"))
        for name in ("manifest.json", "audit.json")
    )
    assert audit["bound"] == manifest["disclosure"]["bound"]
    assert (
        "the same people" in audit["bound"]["together"][0]
        and audit["bound"]["not_together"]
    )
    assert audit["questions"]["said"].startswith("Of one interval")
