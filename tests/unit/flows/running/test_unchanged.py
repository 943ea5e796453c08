"""A release is left as it is only where all that it is made of, and all that it is, is
as it was.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.errors import AnotherVersion
from flows.preparing.options import Options
from flows.preparing.prepare import keyed, prepare
from flows.preparing.prepared import Prepared
from flows.running import unchanged
from flows.running.ending import release
from flows.running.nothing_to_do import may_be_nothing, run_nothing
from flows.running.outcomes import outcome_of
from flows.workspace.kept import RELEASED
from measures.disclosure.policies import POLICIES, controlled
from measures.release.headlines import Headline
from tests.benchmarks.inline import InlineRun
from tests.flows.shelves import contents
from tests.lib.definitions import START

SERVERS = ("PREFECT_API_URL", "PREFECT_PROFILES_PATH", "COHORTFLOW_CLUSTER")


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a study, records of 60 people, a key and a ledger of its own;
    nobody has a server.
    """
    folder = tmp_path_factory.mktemp("unchanged")
    (folder / "study.py").write_text(START, encoding="utf-8")
    write_records(folder / "records", 60)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COHORTFLOW_KEY_FILE", str(folder / "keys" / "key"))
        patch.setenv("COHORTFLOW_SITE_POLICY", str(folder / "site.toml"))
        patch.setenv("PREFECT_HOME", str(folder / "prefect"))
        for name in SERVERS:
            patch.delenv(name, raising=False)
        (folder / "site.toml").write_text('default = "controlled"\n', encoding="utf-8")
        yield folder


def write_records(folder: Path, size: int) -> None:
    people = pa.table(
        {"patient_id": range(1, size + 1), "sex": ["female", "male"] * (size // 2)}
    )
    dates = pa.array(["2020-01-07"] * size).cast(pa.date32())
    folder.mkdir()
    pq.write_table(people, folder / "patients.parquet")
    pq.write_table(
        pa.table({"patient_id": range(1, size + 1), "date": dates}),
        folder / "clinical_events.parquet",
    )


def prepared_again(**wishes: object) -> Prepared:
    given = {"records": "records", "report": False} | wishes
    return keyed(prepare(Options("study.py", **given)))  # type: ignore[arg-type]


def made(prepared: Prepared) -> None:
    """A run in this process."""
    run = InlineRun(prepared)
    run.prepare_inputs()
    run.extract(prepared.jobs)
    release(prepared, outcome_of(prepared, prepared.jobs.values(), {}), None)


@pytest.fixture(scope="module")
def done(place: Path) -> Prepared:
    """What was run in the folder."""
    prepared = prepared_again()
    with prepared.workspace.locked():
        made(prepared)
    return prepared


@pytest.fixture
def as_left(done: Prepared, place: Path) -> Iterator[Prepared]:
    """The same, put back as it was after the test."""
    kept = {
        path: (path.read_bytes(), path.stat().st_mode)
        for path in place.rglob("*")
        if path.is_file()
    }
    yield done
    for path in place.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
    for path, (content, mode) in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)


def is_unchanged(prepared: Prepared) -> bool:
    inputs = unchanged.inputs_of(prepared, outcome_of(prepared, (), {}).warnings)
    return unchanged.release_there(prepared, inputs) is not None


def test_nothing_changed(as_left: Prepared):
    assert is_unchanged(as_left) and is_unchanged(prepared_again())


def test_what_is_left_would_be_made_as_it_is(as_left: Prepared):
    before, note = (
        contents(as_left.workspace.release),
        as_left.workspace.released.read_bytes(),
    )
    outcome = outcome_of(as_left, (), {})
    left = release(as_left, outcome, None)
    again = release(as_left, outcome, None, anew=True)
    assert contents(as_left.workspace.release) == before
    assert as_left.workspace.released.read_bytes() == note
    assert left.warnings == again.warnings
    assert as_text(left.headlines) == as_text(again.headlines)


def as_text(headlines: Sequence[Headline]) -> list[str]:
    return [json.dumps(asdict(head), default=str) for head in headlines]


def appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def opened(path: Path) -> None:
    path.chmod(0o777)


RELEASE, HIGH = (
    "workspace/study/moderately_sensitive",
    "workspace/study/highly_sensitive",
)
TOUCHED = [
    (f"{RELEASE}/measures.csv", cut),
    (f"{RELEASE}/measures.csv", Path.unlink),
    (f"{RELEASE}/measures.csv", opened),
    (f"{RELEASE}/measures.parquet", appended),
    (f"{RELEASE}/manifest.json", appended),
    (f"{RELEASE}/audit.json", cut),
    (f"{HIGH}/doubts.json", cut),
    (f"{HIGH}/released.json", cut),
    (f"{HIGH}/counts/*/period=2020-01-06*.parquet", appended),
    (f"{HIGH}/counts/*/period=2020-01-13*.parquet", cut),
    (f"{HIGH}/static/*/*.parquet", appended),
    (f"{HIGH}/ledger/ledger.jsonl", appended),
    (f"{HIGH}/ledger/ledger.jsonl.head", Path.unlink),
    (f"{HIGH}/ledger/key.json", appended),
    ("keys/ledger/people-*.jsonl", appended),
    ("keys/ledger/people-*.jsonl.head", cut),
]


@pytest.mark.parametrize(("pattern", "change"), TOUCHED)
def test_a_file_that_changed(
    as_left: Prepared, place: Path, pattern: str, change: Callable[[Path], None]
):
    (path,) = [path for path in place.glob(pattern) if path.is_file()]
    change(path)
    assert not is_unchanged(as_left)


@pytest.mark.parametrize("name", ["notes.txt", "decisions.json", "charts"])
def test_a_file_that_came(as_left: Prepared, name: str):
    (as_left.workspace.release / name).write_text("a", encoding="utf-8")
    assert not is_unchanged(as_left)


def test_the_ledger_moved_on(as_left: Prepared, place: Path):
    """Another study counted people of the same site."""
    write_records(place / "fewer", 48)
    made(prepared_again(records="fewer", name="other", workspace="elsewhere"))
    assert not is_unchanged(as_left)
    release(as_left, outcome_of(as_left, (), {}), None)
    assert is_unchanged(as_left), "its release was made again, and noted"


@pytest.mark.parametrize("name", ["counts", "cohorts", "snapshots"])
def test_results_that_have_gone(as_left: Prepared, name: str):
    shutil.rmtree(as_left.workspace.folder(name))
    made_of = name == "snapshots"  # a run whose periods are done does not look at it
    assert (run_nothing(as_left) is not None) == made_of


OTHER_STUDIES = [
    START.replace('"events"', '"visits"'),
    START.replace(
        "exists_for_patient(),\n    denom", "exists_for_patient(),\n\n    denom"
    ),
    START + 'measures.describe(title="Events of everybody")\n',
]


@pytest.mark.parametrize("text", OTHER_STUDIES)
def test_another_definition(as_left: Prepared, place: Path, text: str):
    (place / "study.py").write_text(text, encoding="utf-8")
    assert not is_unchanged(prepared_again())


SITES = [
    'default = "opensafely"\n',
    "[controlled]\nbase = 15\n",
    "require_approval = true\n",
    "approvals = 2\n",
]


@pytest.mark.parametrize("text", SITES)
def test_another_site(as_left: Prepared, place: Path, text: str):
    (place / "site.toml").write_text(text, encoding="utf-8")
    assert not is_unchanged(prepared_again())


@pytest.mark.parametrize(
    "wishes",
    [
        {"report": True},
        {"policy": "opensafely"},
        {"last": "2020-01-06", "only_these": True},
        {"revise": True},
    ],
)
def test_other_wishes(as_left: Prepared, wishes: dict[str, object]):
    assert not is_unchanged(prepared_again(**wishes))


def test_another_policy_of_the_same_name(as_left: Prepared):
    assert not is_unchanged(replace(as_left, policy=controlled(7, 20)))


def test_another_code(as_left: Prepared, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unchanged, "code_version", lambda: "0.1.0")
    assert not is_unchanged(as_left)


def test_other_records(as_left: Prepared, place: Path):
    path = place / "records" / "patients.parquet"
    table = pq.ParquetFile(path).read()
    pq.write_table(table.slice(0, 59), path)
    assert run_nothing(prepared_again()) is None


def test_a_note_that_nobody_sealed(as_left: Prepared):
    noted = json.loads(as_left.workspace.released.read_text(encoding="utf-8"))
    as_left.workspace.released.write_text(
        json.dumps(noted | {"warnings": ["all is well"]}), encoding="utf-8"
    )
    assert not is_unchanged(as_left)
    as_left.workspace.released.write_text(
        json.dumps(noted | {"format": RELEASED.format + 1}), encoding="utf-8"
    )
    with pytest.raises(AnotherVersion):
        is_unchanged(as_left)
    as_left.workspace.released.write_text(json.dumps(noted), encoding="utf-8")
    assert is_unchanged(as_left)


def test_a_run_with_nothing_to_do(
    as_left: Prepared, capsys: pytest.CaptureFixture[str]
):
    before = contents(as_left.workspace.release)
    assert may_be_nothing(as_left.options)
    outcome = run_nothing(as_left, quiet=True)
    assert outcome and outcome.released and not outcome.computed
    assert outcome.periods == tuple(as_left.jobs) and len(outcome.headlines) == 1
    assert contents(as_left.workspace.release) == before
    noted = json.loads(as_left.workspace.last_run.read_text(encoding="utf-8"))
    assert noted["begun"] == [] and noted["periods"] == list(as_left.jobs)


def test_a_file_that_was_cut_comes_back(as_left: Prepared):
    before = contents(as_left.workspace.release)
    cut(as_left.workspace.release / "measures.csv")
    assert run_nothing(as_left) is None
    release(as_left, outcome_of(as_left, (), {}), None)
    assert contents(as_left.workspace.release) == before
    assert run_nothing(as_left) is not None


def test_revised_numbers_are_not_noted(as_left: Prepared):
    os.unlink(as_left.workspace.released)
    release(prepared_again(revise=True), outcome_of(as_left, (), {}), None)
    assert not as_left.workspace.released.exists()


@pytest.mark.parametrize(
    "wishes", [{"revise": True}, {"workspace": "nowhere"}, {"name": "other"}]
)
def test_where_something_is_to_do(as_left: Prepared, wishes: dict[str, object]):
    assert not may_be_nothing(replace(as_left.options, **wishes))  # type: ignore[arg-type]


def test_a_server_is_told(as_left: Prepared, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert not may_be_nothing(as_left.options)


def test_policies_are_told_apart_by_what_they_say():
    """As text, with no address of this process in it."""
    told = [repr(policy) for policy in POLICIES.values()]
    assert len(set(told)) == len(told) and not any(" at 0x" in each for each in told)
